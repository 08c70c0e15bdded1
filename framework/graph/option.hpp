/// Options: what a graph or a kind can be asked for, declared once.
///
///   leat::Option share{"share", leat::OptionType::real, "rows to train on", "0.8", "fraction", 0.0, 1.0};
///   auto value = leat::option_value(share, "0.7");   // value->real, or what is wrong with the text
///
/// From one declaration come what command lines and files may say and --help; where options_of.hpp binds
/// it to a member of a struct, also that member's value, its default, and the text that fingerprints are
/// made of. Threads: no state.
#pragma once

#include <leat/chunk/result.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leat {

enum class OptionType {
  text,
  path,  ///< a relative one begins where the command runs
  integer,
  real,
  flag,
  bytes,      ///< an integer, or a text such as "64MiB"
  choice,     ///< one of `choices`
  character,  ///< a text of one ASCII character, or the word tab
  texts,      ///< several; as one text with commas between
  paths,      ///< several of path, with patterns (input_paths.hpp); as one text with commas between
  types,      ///< a column's name and its type, one of `choices`, for any number of columns; as one text "a=f64,b=text"
};

/// One option of a kind; of a graph it is called a parameter.
struct Option {
  std::string name;  ///< of a graph as in --name: lower case, dashes
  OptionType type = OptionType::text;
  std::string sentence = {};  ///< what it is for
  /// What holds when it is left out: of a graph a value; of a kind its default, as people read it.
  /// None: it must be given.
  std::optional<std::string> fallback = {};
  std::string unit = {};              ///< "rows", "fraction"; "" where it has none
  std::optional<double> least = {};   ///< integer, real, bytes
  std::optional<double> most = {};
  std::vector<std::string> choices = {};
  bool empty_parts = false;  ///< texts: a part may be empty, ",NA" is "" and "NA"
  bool output = false;       ///< path: what is written there; else it is read
  bool hidden = false;  ///< travels with a job, but people neither see nor give it
};

/// A path that is written to.
inline Option output_path(std::string name, std::string sentence, std::optional<std::string> fallback = {}) {
  Option made{std::move(name), OptionType::path, std::move(sentence), std::move(fallback)};
  made.output = true;
  return made;
}

/// "text", "path" ...
std::string type_name(OptionType type);

/// "1024", "64k", "1.5 GiB" ... as bytes; nothing when it is none of these.
std::optional<std::uint64_t> parse_bytes(const std::string& text);

/// One option's value; the member of its type holds it.
struct OptionValue {
  std::string text = {};  ///< text, path, choice, character
  std::int64_t integer = 0;
  double real = 0;
  bool flag = false;
  std::uint64_t bytes = 0;
  std::vector<std::string> texts = {};
  std::map<std::string, std::string> types = {};
};

/// The values of one kind's options, those that were given. Asking for one that was not is a bug and
/// throws std::out_of_range, but for has().
class OptionValues {
 public:
  bool has(const std::string& name) const { return values_.count(name) > 0; }
  const OptionValue& operator[](const std::string& name) const { return values_.at(name); }
  void set(const std::string& name, OptionValue value) { values_[name] = std::move(value); }

 private:
  std::map<std::string, OptionValue> values_;
};

/// The value that a text says. Error: invalid; its sentence goes on from the text: "must be a whole
/// number".
Result<OptionValue> option_value(const Option& option, const std::string& text);

/// Holds a number against the option's bounds. Error as of option_value: "must be at most 1".
Result<void> within_bounds(const Option& option, double number);
/// Holds a word against the option's choices: "must be one of f64 and f32, did you mean f64?".
Result<void> among_choices(const Option& option, const std::string& word);

/// A value that satisfies the declaration, for what does not depend on it.
OptionValue stand_in(const Option& option);

/// The shortest text that reads back as the same number.
std::string shortest_text(double number);
/// A text with commas between its parts, split; empty parts are left out, or kept: then of "" there are none. A part in
/// double quotes may hold commas, a quote written twice, or nothing.
std::vector<std::string> split_at_commas(const std::string& text, bool empty_parts = false);
/// The text that split_at_commas() makes these parts of.
std::string joined_with_commas(const std::vector<std::string>& parts);

/// A name or a path as canonical options show it: as it is where it consists of letters, digits and
/// . _ - / +, else in double quotes, with \ before quotes and backslashes. Different texts stay
/// different, whatever stands beside them.
std::string option_text(std::string_view text);
/// Several, with `between` (a space or a comma) between them; "" when there are none.
std::string option_texts(const std::vector<std::string>& texts, std::string_view between);

/// The options of one stage, as a kind holds them.
struct GivenOptions {
  GivenOptions(std::string written) : text(std::move(written)) {}
  GivenOptions(const char* written) : text(written) {}

  std::string text;            ///< canonical: other options, another text
  std::optional<Error> wrong;  ///< what is not as declared, first the option's name
};

}  // namespace leat
