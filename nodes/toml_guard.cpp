#include "nodes/toml_guard.hpp"

#include <string>

namespace leat::nodes {
namespace {

constexpr const char* kNoText = "this is no TOML: there is a byte that is not UTF-8";

unsigned char byte_at(std::string_view text, std::size_t at) {
  return at < text.size() ? static_cast<unsigned char>(text[at]) : 0;
}

// Bytes of the character at `at`; 0 where there is no UTF-8 (RFC 3629).
std::size_t character(std::string_view text, std::size_t at) {
  unsigned char first = byte_at(text, at);
  if (first < 0x80) return 1;
  std::size_t size = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte_at(text, at + i) & 0xc0) != 0x80) return 0;
  }
  unsigned char second = byte_at(text, at + 1);
  bool overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
  bool outside = (first == 0xed && second > 0x9f) || (first == 0xf4 && second > 0x8f);
  return overlong || outside ? 0 : size;
}

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}
bool is_quote(char c) {
  return c == '"' || c == '\'';
}
bool in_name(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' ||
         c == '-';
}

// Walks over the text as TOML splits it: quoted texts, comments, and what lies between.
class Guard {
 public:
  explicit Guard(std::string_view text) : text_(text) {}

  std::optional<Complaint> run() {
    while (at_ < text_.size() && !complaint_)
      step();
    return complaint_;
  }

 private:
  void complain(const std::string& sentence) {
    if (!complaint_) complaint_ = Complaint{place_, sentence};
  }

  char now() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool sees(std::string_view what) const { return text_.substr(at_, what.size()) == what; }

  // One character on, in any part of the text.
  void advance() {
    std::size_t size = character(text_, at_);
    if (size == 0) complain(kNoText);
    if (now() == '\n') {
      place_ = {place_.line + 1, 1};
      begins_ = true;
      parts_ = 1;
    } else {
      ++place_.column;
    }
    at_ += size == 0 ? 1 : size;
  }

  void step() {
    char c = now();
    if (c == '#') {
      while (at_ < text_.size() && now() != '\n')
        advance();
    } else if (is_quote(c)) {
      begins_ = false;
      quoted(c);
    } else if (static_cast<unsigned char>(c) >= 0x80) {
      complain(character(text_, at_) == 0 ? kNoText
                                          : "this is no TOML: only names and texts in quotes, and "
                                            "comments, hold other characters than ASCII");
    } else if (c == '[' && begins_ && depth_ == 0) {
      header();
    } else {
      plain(c);
    }
  }

  void plain(char c) {
    if (c == '[' || c == '{') ++depth_;
    if ((c == ']' || c == '}') && depth_ > 0) --depth_;
    if ((c == '=' || c == ']') && parts_ > kMostKeyParts) {
      place_.column = 1;
      complain("a key has more than " + std::to_string(kMostKeyParts) +
               " parts between dots: graphs need no more than three");
    }
    if (c == '.') {
      ++parts_;
    } else if (!in_name(c) && !is_blank(c)) {
      parts_ = 1;
    }
    if (!is_blank(c)) begins_ = false;
    advance();
  }

  void header() {
    begins_ = false;
    advance();
    if (now() == '[') advance();
    while (is_blank(now()))
      advance();
    bool named = in_name(now()) || is_quote(now()) || now() == ']' || at_ == text_.size();
    if (!named) complain("this is no TOML: a [header] begins with a name");
  }

  void quoted(char quote) {
    std::string fence(3, quote);
    bool is_long = sees(fence);
    for (std::size_t i = 0; i < (is_long ? 3u : 1u); ++i)
      advance();
    while (at_ < text_.size() && !complaint_) {
      if (is_long ? sees(fence) : now() == quote || now() == '\n') break;
      bool escapes = quote == '"' && now() == '\\';
      advance();
      if (!escapes) continue;
      bool more = at_ < text_.size() && (is_long || now() != '\n');
      if (more && !complaint_) advance();
    }
    // A long text may end with two quotes of its own.
    for (std::size_t i = 0; i < (is_long ? 5u : 1u) && now() == quote; ++i)
      advance();
  }

  std::string_view text_;
  std::size_t at_ = 0;
  Position place_{1, 1};
  bool begins_ = true;     // nothing but blanks on this line so far
  std::size_t depth_ = 0;  // of arrays and inline tables
  std::size_t parts_ = 1;  // of what may be a dotted key
  std::optional<Complaint> complaint_;
};

}  // namespace

std::optional<Complaint> guard_toml(std::string_view text) {
  return Guard(text).run();
}

}  // namespace leat::nodes
