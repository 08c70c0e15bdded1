#include "nodes/toml_text.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <leat/chunk/one_line.hpp>

#include "nodes/toml_guard.hpp"
#include "nodes/toml_mask.hpp"

namespace leat::nodes {
namespace {

struct Unforeseen : std::runtime_error {
  using std::runtime_error::runtime_error;
};

[[noreturn]] void unforeseen(const char* expectation) {
  throw Unforeseen(expectation);
}

}  // namespace
}  // namespace leat::nodes

// toml++ 3.3 asserts what malformed text can break ("a = [}"), and where assertions are off lets
// some compilers assume it. In every build such text has to be an error like any other; this is how
// that library is told.
#undef NDEBUG
#define TOML_ASSERT(expectation) ((expectation) ? void() : ::leat::nodes::unforeseen(#expectation))
#include <toml++/toml.h>

namespace leat::nodes {
namespace {

Position position(const toml::source_region& region) {
  return {region.begin.line, region.begin.column};
}

Value converted(const toml::node& node, const TomlMask& mask) {
  Value value;
  value.at = position(node.source());
  if (auto* table = node.as_table()) {
    for (const auto& [key, member] : *table) {
      value.table.push_back(
          {mask.unmasked(key.str()), position(key.source()), converted(member, mask)});
    }
    std::sort(value.table.begin(), value.table.end(),
              [](const Member& a, const Member& b) { return a.at < b.at; });
  } else if (auto* list = node.as_array()) {
    value.type = Value::Type::list;
    for (const toml::node& element : *list)
      value.list.push_back(converted(element, mask));
  } else if (auto* text = node.as_string()) {
    value.type = Value::Type::text;
    value.text = mask.unmasked(text->get());
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

bool fails(std::string_view text) {
  try {
    auto parsed = toml::parse(text);
  } catch (const toml::parse_error&) {
    return false;
  } catch (const Unforeseen&) {
    return true;
  }
  return false;
}

// The line in which toml++ comes upon what it did not foresee: the first that does so with those
// before.
std::size_t failing_line(std::string_view text) {
  std::vector<std::size_t> ends;
  for (std::size_t at = 0; at < text.size(); at = ends.back()) {
    ends.push_back(std::min(text.find('\n', at), text.size() - 1) + 1);
  }
  auto first = std::partition_point(ends.begin(), ends.end(),
                                    [&](std::size_t end) { return !fails(text.substr(0, end)); });
  return static_cast<std::size_t>(first - ends.begin()) + 1;
}

}  // namespace

std::string shown(std::string_view text, std::size_t most) {
  bool cut = text.size() > most;
  // Not in the middle of a character.
  while (cut && most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0) == 0x80)
    --most;
  std::string out = one_line(text.substr(0, most));
  return cut ? out + "..." : out;
}

Complaint::Complaint(Position place, std::string_view said) : at(place), sentence(shown(said, said.size())) {}

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
  if (text.rfind("\xef\xbb\xbf", 0) == 0) text.remove_prefix(3);
  if (auto complaint = guard_toml(text)) return *complaint;
  TomlMask mask(text);
  if (!mask.whole()) {
    return Complaint{{1, 1}, "the file has too many different characters, or some for private use"};
  }
  try {
    return converted(toml::parse(mask.text()), mask);
  } catch (const toml::parse_error& error) {
    return Complaint{position(error.source()),
                     "this is no TOML: " + shown(mask.unmasked(error.description()), 300)};
  } catch (const Unforeseen&) {
    return Complaint{{failing_line(mask.text()), 1},
                     "this is no TOML: a bracket, comma or sign stands where none can"};
  }
}

}  // namespace leat::nodes
