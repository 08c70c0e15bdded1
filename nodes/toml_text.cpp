#include "nodes/toml_text.hpp"

#include <algorithm>
#include <array>

#include <toml++/toml.h>

namespace leat::nodes {
namespace {

Position position(const toml::source_region& region) {
  return {region.begin.line, region.begin.column};
}

Value converted(const toml::node& node) {
  Value value;
  value.at = position(node.source());
  if (auto* table = node.as_table()) {
    for (const auto& [key, member] : *table) {
      value.table.push_back({std::string(key.str()), position(key.source()), converted(member)});
    }
    std::sort(value.table.begin(), value.table.end(),
              [](const Member& a, const Member& b) { return a.at < b.at; });
  } else if (auto* list = node.as_array()) {
    value.type = Value::Type::list;
    for (const toml::node& element : *list)
      value.list.push_back(converted(element));
  } else if (auto* text = node.as_string()) {
    value.type = Value::Type::text;
    value.text = text->get();
  } else if (auto* integer = node.as_integer()) {
    value.type = Value::Type::integer;
    value.integer = integer->get();
  } else if (auto* real = node.as_floating_point()) {
    value.type = Value::Type::real;
    value.real = real->get();
  } else if (auto* flag = node.as_boolean()) {
    value.type = Value::Type::flag;
    value.flag = flag->get();
  } else {
    value.type = Value::Type::date;
  }
  return value;
}

bool in_key(char c) {
  auto byte = static_cast<unsigned char>(c);
  return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
         (byte >= 'a' && byte <= 'z') || byte >= 0x80 || c == '_' || c == '-' || c == ' ' ||
         c == '\t';
}

// Past the closing quote of a text that opens at `at`, or past the line.
std::size_t past_quoted(std::string_view line, std::size_t at) {
  char quote = line[at++];
  while (at < line.size() && line[at] != quote)
    at += quote == '"' && line[at] == '\\' ? 2 : 1;
  return std::min(at + 1, line.size());
}

// Where a key of too many parts ends in a line: at its = or ].
bool has_long_key(std::string_view line) {
  std::size_t dots = 0;
  for (std::size_t at = 0; at < line.size();) {
    char c = line[at];
    if (c == '#') return false;
    if (c == '"' || c == '\'') {
      at = past_quoted(line, at);
      continue;
    }
    if ((c == '=' || c == ']') && dots >= kMostKeyParts) return true;
    if (c == '.') ++dots;
    if (c != '.' && !in_key(c)) dots = 0;
    ++at;
  }
  return false;
}

// The line of a key that toml++ would nest too deep in.
std::size_t line_of_long_key(std::string_view text) {
  std::size_t number = 1;
  for (std::size_t at = 0; at < text.size(); ++number) {
    std::size_t end = std::min(text.find('\n', at), text.size());
    if (has_long_key(text.substr(at, end - at))) return number;
    at = end + 1;
  }
  return 0;
}

}  // namespace

std::string shown(std::string_view text, std::size_t most) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  bool cut = text.size() > most;
  // Not in the middle of a character.
  while (cut && most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0) == 0x80)
    --most;
  std::string out;
  for (char c : text.substr(0, most)) {
    auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7f) {
      out += c;
    } else {
      out += {'\\', 'x', kDigits[byte / 16], kDigits[byte % 16]};
    }
  }
  return cut ? out + "..." : out;
}

std::string located(const std::string& file, const Complaint& complaint) {
  return file + ":" + std::to_string(complaint.at.line) + ":" +
         std::to_string(complaint.at.column) + ": " + complaint.sentence;
}

const Member* Value::find(std::string_view key) const {
  auto found =
      std::find_if(table.begin(), table.end(), [&](const Member& m) { return m.key == key; });
  return found == table.end() ? nullptr : &*found;
}

std::string_view type_name(Value::Type type) {
  constexpr std::array<std::string_view, 7> kNames = {
      "a string", "an integer", "a float", "a boolean", "a date", "an array", "a table"};
  return kNames[static_cast<std::size_t>(type)];
}

Parsed read_toml(std::string_view text) {
  if (text.size() > kMostText) {
    return Complaint{{1, 1}, "the file is larger than 1 MiB: a graph is not"};
  }
  if (std::size_t line = line_of_long_key(text)) {
    return Complaint{{line, 1},
                     "a key has more than " + std::to_string(kMostKeyParts) +
                         " parts between dots: graphs need no more than three"};
  }
  try {
    return converted(toml::parse(text));
  } catch (const toml::parse_error& error) {
    return Complaint{position(error.source()),
                     "this is no TOML: " + std::string(error.description())};
  }
}

}  // namespace leat::nodes
