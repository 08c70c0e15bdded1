/// Text with every character outside of ASCII behind a mask.
///
///   TomlMask mask(text);
///   parse(mask.text());           // sees ASCII and private characters only
///   mask.unmasked(parsed_text)    // what the user wrote
///
/// toml++ 3.3 has undefined behaviour where it asks of some characters (U+00A1 to U+0499 among
/// them) whether they are blanks. It does not of those for private use from U+F0000 on: one of them
/// stands for each, so that places stay as they are. Contract: `text` is UTF-8. Threads: one.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace leat::nodes {

class TomlMask {
 public:
  explicit TomlMask(std::string_view text);

  /// False when what comes out could not be told apart: of a text with more than 60000 different
  /// characters, or with masks of its own, written as \U000F....
  bool whole() const { return whole_; }
  const std::string& text() const { return text_; }
  std::string unmasked(std::string_view masked) const;

 private:
  std::string text_;
  std::vector<std::string> characters_;  ///< by their mask's distance from U+F0000
  bool whole_ = true;
};

}  // namespace leat::nodes
