#include "nodes/kinds.hpp"

#include <algorithm>

#include "nodes/option_reading.hpp"

namespace leat::nodes {
namespace {

std::string payload_names(const DeclaredKind& entry) {
  if (entry.takes_any) return "any";
  std::string names;
  for (const InputSpec& input : entry.shape.inputs)
    names += (names.empty() ? "" : ", ") + input.type.name;
  return names.empty() ? "-" : names;
}

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(width, text.size() + 1), ' ');
  return text;
}

// ", 0 to 1", ", at least 64", or "".
std::string bounds_of(const Option& option) {
  if (option.least && option.most)
    return ", " + shortest_text(*option.least) + " to " + shortest_text(*option.most);
  if (option.least) return ", at least " + shortest_text(*option.least);
  return option.most ? ", at most " + shortest_text(*option.most) : "";
}

std::string values_of(const Option& option) {
  if (option.type != OptionType::choice && option.type != OptionType::types)
    return expected(option.type) + bounds_of(option);
  std::string all;
  for (const std::string& choice : option.choices)
    all += (all.empty() ? "" : "|") + choice;
  return option.type == OptionType::types ? "a table of columns and " + all : all;
}

}  // namespace

std::string show_options(const std::vector<Option>& options) {
  std::string text;
  for (const Option& option : options) {
    text += "  " + padded(option.name, 14) + option.sentence;
    if (!option.unit.empty()) text += " [" + option.unit + "]";
    text += option.fallback ? " (" + *option.fallback + ")" : " REQUIRED";
    text += ": " + values_of(option) + "\n";
  }
  return text;
}

const DeclaredKind* find_kind(const std::vector<DeclaredKind>& kinds, const std::string& name) {
  auto found =
      std::find_if(kinds.begin(), kinds.end(), [&](const DeclaredKind& e) { return e.name == name; });
  return found == kinds.end() ? nullptr : &*found;
}

std::string list_kinds(const std::vector<DeclaredKind>& kinds) {
  std::string text = padded("kind", 20) + padded("takes", 20) + padded("gives", 14) + "\n";
  for (const DeclaredKind& entry : kinds) {
    text += padded(entry.name, 20) + padded(payload_names(entry), 20) +
            padded(entry.gives() ? entry.gives()->name : "-", 14) + entry.sentence + "\n";
  }
  return text;
}

std::string show_kind(const DeclaredKind& entry) {
  return entry.name + ": " + entry.sentence + "\ntakes: " + payload_names(entry) +
         "\ngives: " + (entry.gives() ? entry.gives()->name : "-") + "\n" +
         show_options(entry.options);
}

}  // namespace leat::nodes
