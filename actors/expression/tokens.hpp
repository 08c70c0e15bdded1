/// Tokens: the words and signs of an expression.
///
///   auto tokens = leat::tokens_of("a >= 1.5");   // name a, sign >=, number 1.5, end
///
/// Threads: no state.
#pragma once

#include <leat/chunk/result.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace leat {

struct Token {
  enum class Is { end, word, name, number, text, sign } is = Is::end;
  std::string text = {};  ///< without quotes
  std::size_t begin = 0;  ///< in bytes
  std::size_t end = 0;
};

/// The last one is the end. A word may be a column, a function or a keyword; a name, in backticks, is a column.
Result<std::vector<Token>> tokens_of(std::string_view text);

/// An error at a byte of an expression: which expression, and at which character.
Error wrong_at(std::string_view expression, std::size_t byte, const std::string& what);

/// A text for sentences: on one line, cut where it is long.
std::string on_one_line(std::string_view text);

}  // namespace leat
