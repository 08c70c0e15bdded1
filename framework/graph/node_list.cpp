#include <leat/graph/node_list.hpp>

#include <leat/graph/args.hpp>

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>

namespace leat {
namespace {

constexpr const char* kForms = "write a number of nodes, or nodes such as a:cpus=4,memory=8GiB,labels=gpu;b:cpus=2";

std::string trimmed(const std::string& text) {
  auto first = text.find_first_not_of(" \t");
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Every part, empty ones too, without the spaces around it.
std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts;
  for (std::size_t from = 0;;) {
    std::size_t to = text.find(at, from);
    parts.push_back(trimmed(text.substr(from, to - from)));
    if (to == std::string::npos) return parts;
    from = to + 1;
  }
}

std::optional<std::size_t> whole_number(const std::string& text) {
  std::size_t number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool digits_only(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

bool is_name(const std::string& text) {
  return std::all_of(text.begin(), text.end(), label_character) && !digits_only(text) &&
         std::string("-._").find(text[0]) == std::string::npos;
}

bool is_word(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), label_character);
}

Result<void> take_part(NodeSpec& node, const std::string& key, const std::string& value) {
  const std::string start = "node " + node.name + ": " + key + "=" + value;
  if (key == "cpus") {
    auto cpus = whole_number(value);
    if (!cpus || *cpus < 1 || *cpus > kMostCpus) {
      return invalid(start + " must be a whole number from 1 to " + std::to_string(kMostCpus));
    }
    node.cpus = *cpus;
  } else if (key == "memory") {
    auto bytes = parse_bytes(value);
    if (!bytes || *bytes == 0) return invalid(start + " must be a size such as 8GiB");
    node.memory = *bytes;
  } else if (key == "labels") {
    node.labels = split(value, '+');
    if (!std::all_of(node.labels.begin(), node.labels.end(), is_word)) {
      return invalid(start + " must be labels with + between: letters, digits, '.', '-' and '_'");
    }
  } else {
    std::string near = nearest_name({{"cpus"}, {"memory"}, {"labels"}}, key);
    return invalid("node " + node.name + ": " + key + " is not known: " +
                 (near.empty() ? "" : "did you mean " + near + "? ") + "give cpus, memory or labels");
  }
  return {};
}

Result<NodeSpec> parse_node(const std::string& text, std::size_t default_cpus) {
  NodeSpec node;
  auto colon = text.find(':');
  node.name = trimmed(text.substr(0, colon));
  node.cpus = default_cpus;
  if (node.name.empty()) return invalid("a node has no name: " + std::string(kForms));
  if (!is_name(node.name)) {
    return invalid("\"" + node.name + "\" is no name of a node: " + kForms);
  }
  if (colon == std::string::npos) return node;
  std::set<std::string> seen;
  for (const std::string& part : split(text.substr(colon + 1), ',')) {
    auto equals = part.find('=');
    if (equals == std::string::npos) {
      return invalid("node " + node.name + ": \"" + part + "\" has no value: write cpus=, memory= or labels=");
    }
    std::string key = trimmed(part.substr(0, equals));
    if (!seen.insert(key).second) return invalid("node " + node.name + ": " + key + " is there twice: give it once");
    if (auto ok = take_part(node, key, trimmed(part.substr(equals + 1))); !ok) return std::move(ok).error();
  }
  return node;
}

Result<std::vector<NodeSpec>> equal_nodes(const std::string& text, std::size_t default_cpus) {
  auto count = whole_number(text);
  if (!count || *count < 1 || *count > kMostNodes) {
    return invalid(text + " nodes: there must be 1 to " + std::to_string(kMostNodes));
  }
  std::vector<NodeSpec> nodes;
  for (std::size_t i = 1; i <= *count; ++i) nodes.push_back({"node-" + std::to_string(i), {}, default_cpus, 0});
  return nodes;
}

}  // namespace

Result<std::vector<NodeSpec>> parse_nodes(const std::string& text, std::size_t default_cpus) {
  default_cpus = std::max<std::size_t>(default_cpus, 1);
  if (trimmed(text).empty()) return invalid("there are no nodes: " + std::string(kForms));
  if (digits_only(trimmed(text))) return equal_nodes(trimmed(text), default_cpus);
  std::vector<NodeSpec> nodes;
  std::set<std::string> names;
  for (const std::string& one : split(text, ';')) {
    auto node = parse_node(one, default_cpus);
    if (!node) return std::move(node).error();
    if (!names.insert(node->name).second) {
      return invalid("node " + node->name + " is there twice: give each a name of its own");
    }
    nodes.push_back(std::move(node).value());
  }
  if (nodes.size() > kMostNodes) return invalid("there are too many nodes: there must be at most " + std::to_string(kMostNodes));
  return nodes;
}

std::string node_text(const NodeSpec& node) {
  std::string text = node.name + ":cpus=" + std::to_string(node.cpus);
  if (node.memory > 0) text += ",memory=" + std::to_string(node.memory);
  for (std::size_t i = 0; i < node.labels.size(); ++i) text += (i ? "+" : ",labels=") + node.labels[i];
  return text;
}

}  // namespace leat
