#include <leat/actors/expression/tokens.hpp>

#include <leat/actors/csv/values.hpp>

#include <algorithm>

namespace leat {
namespace {

constexpr std::size_t kShown = 60;

bool digit(char c) { return c >= '0' && c <= '9'; }
// What is no ASCII is taken for letters.
bool letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool continues(char c) { return static_cast<unsigned char>(c) >> 6 == 2; }

class Tokenizing {
 public:
  explicit Tokenizing(std::string_view text) : text_(text) {}

  Result<std::vector<Token>> run() {
    if (!csv::is_utf8(text_)) return invalid("an expression is no UTF-8: write it as such");
    for (skip_spaces(); at_ < text_.size(); skip_spaces()) {
      if (auto ok = next(); !ok) return ok.error();
    }
    tokens_.push_back({Token::Is::end, "", at_, at_});
    return std::move(tokens_);
  }

 private:
  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

  void skip_spaces() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) ++at_;
  }

  Result<void> next() {
    char c = peek();
    if (c == '\'') return quoted('\'', Token::Is::text, "a text");
    if (c == '`') return quoted('`', Token::Is::name, "a name");
    if (digit(c) || (c == '.' && digit(peek(1)))) return number();
    if (letter(c)) return word();
    return sign();
  }

  void add(Token::Is is, std::size_t end) {
    tokens_.push_back({is, std::string(text_.substr(at_, end - at_)), at_, end});
    at_ = end;
  }

  Result<void> quoted(char quote, Token::Is is, const char* what) {
    Token token{is, "", at_, 0};
    for (std::size_t i = at_ + 1; i < text_.size(); ++i) {
      if (text_[i] != quote) {
        token.text += text_[i];
      } else if (i + 1 < text_.size() && text_[i + 1] == quote) {
        token.text += text_[i++];
      } else {
        token.end = at_ = i + 1;
        tokens_.push_back(std::move(token));
        return {};
      }
    }
    return wrong_at(text_, at_, std::string(what) + " begins with " + quote + " and does not end: close it");
  }

  Result<void> number() {
    std::size_t end = at_;
    auto digits = [&] {
      while (end < text_.size() && digit(text_[end])) ++end;
    };
    digits();
    if (end < text_.size() && text_[end] == '.') ++end, digits();
    if (end < text_.size() && (text_[end] == 'e' || text_[end] == 'E')) {
      std::size_t exponent = end + 1;
      if (exponent < text_.size() && (text_[exponent] == '+' || text_[exponent] == '-')) ++exponent;
      if (exponent < text_.size() && digit(text_[exponent])) end = exponent, digits();
    }
    if (end < text_.size() && (letter(text_[end]) || text_[end] == '.')) {
      return wrong_at(text_, at_, "a number goes on with " + on_one_line(text_.substr(end, 1)) +
                                      ": put what follows apart, or the name in backticks");
    }
    add(Token::Is::number, end);
    return {};
  }

  Result<void> word() {
    std::size_t end = at_;
    while (end < text_.size() && (letter(text_[end]) || digit(text_[end]) || text_[end] == '.')) ++end;
    add(Token::Is::word, end);
    return {};
  }

  Result<void> sign() {
    for (std::string_view two : {"//", "==", "!=", "<=", ">=", "<>", "&&", "||"}) {
      if (text_.substr(at_, 2) != two) continue;
      if (two == "<>") return wrong_at(text_, at_, "write != for what is not equal");
      if (two == "&&") return wrong_at(text_, at_, "write and for &&");
      if (two == "||") return wrong_at(text_, at_, "write or for ||, and + to put texts together");
      add(Token::Is::sign, at_ + 2);
      return {};
    }
    if (std::string_view("+-*/%<>(),=").find(peek()) != std::string_view::npos) {
      add(Token::Is::sign, at_ + 1);
      return {};
    }
    if (peek() == '"') return wrong_at(text_, at_, "write texts in '...' and names in `...`");
    return wrong_at(text_, at_, "there is a " + on_one_line(text_.substr(at_, 1)) + ", which means nothing here");
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Token> tokens_;
};

}  // namespace

std::string on_one_line(std::string_view text) {
  std::size_t size = std::min(text.size(), kShown);
  while (size > 0 && size < text.size() && continues(text[size])) --size;
  std::string out(text.substr(0, size));
  std::replace_if(out.begin(), out.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
  return size < text.size() ? out + "..." : out;
}

Error wrong_at(std::string_view expression, std::size_t byte, const std::string& what) {
  auto before = expression.substr(0, std::min(byte, expression.size()));
  auto character = std::count_if(before.begin(), before.end(), [](char c) { return !continues(c); }) + 1;
  std::string said(1, '"');
  said.append(on_one_line(expression))
      .append("\", at character ")
      .append(std::to_string(character))
      .append(": ")
      .append(what);
  return invalid(std::move(said));
}

Result<std::vector<Token>> tokens_of(std::string_view text) { return Tokenizing(text).run(); }

}  // namespace leat
