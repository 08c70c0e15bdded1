#include <leat/actors/json/path.hpp>

#include <leat/actors/csv/record.hpp>

#include <charconv>

namespace leat::json {
namespace {

constexpr std::string_view kSpecial = ".[]\"=\n\r\t";

Error no_path(std::string_view text, const std::string& why) {
  return invalid("\"" + std::string(text) + "\" is no path into an object: " + why +
                 "; write keys with points between them, as in user.name or tags[0], and what else is in a key in "
                 "double quotes");
}

char unescaped(char c) { return c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c; }

std::string quoted_key(const std::string& key) {
  std::string out = "\"";
  for (char c : key) {
    std::size_t at = std::string_view("\n\r\t").find(c);
    if (at != std::string_view::npos) {
      out += {'\\', "nrt"[at]};
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

// Reads from the front of a path.
class PathReader {
 public:
  explicit PathReader(std::string_view text) : text_(text), rest_(text) {}

  Result<FieldPath> all() {
    if (auto ok = key(); !ok) return ok.error();
    while (!rest_.empty()) {
      auto ok = take('.') ? key() : take('[') ? element() : no_path(text_, "it goes on with " + std::string(rest_));
      if (!ok) return ok.error();
    }
    return std::move(path_);
  }

 private:
  bool take(char c) {
    if (rest_.empty() || rest_[0] != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  Result<void> key() {
    if (take('"')) return in_quotes();
    std::size_t end = std::min(rest_.find_first_of(kSpecial), rest_.size());
    if (end == 0) return no_path(text_, "a key has nothing in it");
    path_.push_back({std::string(rest_.substr(0, end))});
    rest_.remove_prefix(end);
    return {};
  }

  Result<void> in_quotes() {
    std::string key;
    while (!rest_.empty() && rest_[0] != '"') {
      bool escaped = take('\\');
      if (rest_.empty()) break;
      key += escaped ? unescaped(rest_[0]) : rest_[0];
      rest_.remove_prefix(1);
    }
    if (!take('"')) return no_path(text_, "a double quote does not close");
    path_.push_back({std::move(key)});
    return {};
  }

  Result<void> element() {
    std::uint32_t at = 0;
    auto read = std::from_chars(rest_.data(), rest_.data() + rest_.size(), at);
    rest_.remove_prefix(static_cast<std::size_t>(read.ptr - rest_.data()));
    if (read.ec != std::errc() || !take(']')) return no_path(text_, "a position in an array is a number in brackets");
    path_.push_back({{}, at});
    return {};
  }

  std::string_view text_;
  std::string_view rest_;
  FieldPath path_;
};

// Of "NAME = PATH"; npos where there is no name. Quotes hide what is in them.
std::size_t equals_sign(std::string_view text) {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (quoted && text[i] == '\\') ++i;
    else if (text[i] == '"') quoted = !quoted;
    else if (text[i] == '=' && !quoted) return i;
  }
  return text.npos;
}

}  // namespace

Result<FieldPath> read_path(std::string_view text) { return PathReader(text).all(); }

std::string path_text(const FieldPath& path) {
  std::string out;
  for (const FieldStep& step : path) {
    if (step.element) {
      out += '[' + std::to_string(*step.element) + ']';
      continue;
    }
    if (!out.empty()) out += '.';
    bool plain = !step.key.empty() && step.key.find_first_of(kSpecial) == step.key.npos;
    out += plain ? step.key : quoted_key(step.key);
  }
  return out;
}

std::string path_name(const FieldPath& path) {
  std::string out;
  for (const FieldStep& step : path) {
    if (step.element) {
      out += '[' + std::to_string(*step.element) + ']';
    } else {
      out += (&step == &path.front() ? "" : ".") + step.key;
    }
  }
  return out;
}

AskedColumn asked_column(std::string_view text) {
  std::size_t sign = equals_sign(text);
  if (sign == text.npos) return {std::string(csv::trimmed(text)), std::string(csv::trimmed(text))};
  return {std::string(csv::trimmed(text.substr(0, sign))), std::string(csv::trimmed(text.substr(sign + 1)))};
}

}  // namespace leat::json
