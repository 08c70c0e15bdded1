#include <leat/graph/fingerprint.hpp>

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <sstream>

namespace leat {
namespace {

std::string hexadecimal(std::uint64_t number) {
  std::array<char, 17> text;
  std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(number));
  return text.data();
}

// On one line, without the tab that ends a field; two texts that differ stay different.
std::string plain(const std::string& text) {
  std::string out;
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7f && c != '\\') {
      out += c;
    } else {
      out += "\\x" + hexadecimal(byte).substr(14);
    }
  }
  return out;
}

std::string payload(const PayloadType& type) { return plain(type.name) + " @" + hexadecimal(type.id); }

std::string replicas(const Replicas& counts) {
  std::string text = std::to_string(counts.least) + " to " + std::to_string(counts.most);
  return text + (counts.keeps_order ? " ordered" : "");
}

const char* sharing(Sharing how) {
  switch (how) {
    case Sharing::stateless: return "stateless";
    case Sharing::combinable: return "combinable";
    case Sharing::single: return "single";
  }
  return "";
}

std::string stage_line(const Graph& graph, const Stage& stage) {
  const StageKind& kind = stage.kind;
  std::string line = "stage " + plain(stage.name) + "\tkind " + plain(kind.name) + "\toptions " +
                     plain(kind.options);
  for (const InputSpec& input : kind.inputs) {
    line += "\ttakes " + payload(input.type) + (input.whole_first ? " whole first" : "");
  }
  if (kind.output) line += "\tgives " + payload(*kind.output);
  line += std::string("\tsharing ") + sharing(kind.sharing);
  line += "\treplicas " + replicas(stage.replicas);
  if (kind.opaque) line += "\tcolumns unknown";
  if (kind.has_function) line += "\ta function";
  if (stage.isolated) line += "\tisolated";
  if (stage.blocking) line += "\tblocking";
  if (!stage.on.empty()) line += "\ton " + plain(stage.on);
  for (StageId gate : stage.after) {
    line += "\tafter " + (gate < graph.stages().size() ? plain(graph.stages()[gate].name) : "nothing");
  }
  if (stage.state) line += "\tstate " + std::to_string(*stage.state);
  if (stage.dead_letters > 0) line += "\tdead letters " + std::to_string(stage.dead_letters);
  if (stage.max_output) line += "\tmost output " + std::to_string(*stage.max_output);
  return line;
}

std::string edge_line(const Graph& graph, const Edge& edge) {
  auto name = [&](StageId id) {
    return id < graph.stages().size() ? plain(graph.stages()[id].name) : "nothing";
  };
  const Dispatch& dispatch = edge.dispatch;
  std::string line = "edge from " + name(edge.from) + " to " + name(edge.to) + "\tinput " +
                     std::to_string(edge.port) + "\tdispatch " + rule_name(dispatch.rule);
  if (!dispatch.by.empty()) line += (dispatch.by_column ? "\tby column " : "\tby ") + plain(dispatch.by);
  if (dispatch.splitter && !dispatch.by_column) line += "\ta function";
  if (dispatch.window) {
    line += "\tcredit " + std::to_string(dispatch.window->bytes) + " bytes, " +
            std::to_string(dispatch.window->chunks) + " chunks";
  }
  if (dispatch.compress) line += "\tcompressed";
  return line;
}

std::vector<std::string> fields(const std::string& line) {
  std::vector<std::string> parts;
  std::istringstream text(line);
  for (std::string part; std::getline(text, part, '\t');) parts.push_back(part);
  if (parts.empty()) parts.emplace_back();
  return parts;
}

std::string field_or(const std::vector<std::string>& parts, std::size_t at) {
  return at < parts.size() ? parts[at] : "nothing more";
}

}  // namespace

std::vector<std::string> canonical_lines(const Graph& graph) {
  std::vector<std::string> lines = {"graph " + plain(graph.name()) + "\tlatency " +
                                    std::to_string(graph.latency().count()) + " ms"};
  for (const Stage& stage : graph.stages()) lines.push_back(stage_line(graph, stage));
  for (const Edge& edge : graph.edges()) lines.push_back(edge_line(graph, edge));
  return lines;
}

std::string fingerprint(const std::vector<std::string>& lines) {
  std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> state(XXH3_createState(), &XXH3_freeState);
  XXH3_128bits_reset(state.get());
  for (const std::string& line : lines) {
    XXH3_128bits_update(state.get(), line.data(), line.size());
    XXH3_128bits_update(state.get(), "\n", 1);
  }
  XXH128_hash_t hash = XXH3_128bits_digest(state.get());
  return hexadecimal(hash.high64) + hexadecimal(hash.low64);
}

std::string first_difference(const std::vector<std::string>& ours, const std::vector<std::string>& theirs,
                             const std::string& our_name, const std::string& their_name) {
  std::size_t at = 0;
  while (at < ours.size() && at < theirs.size() && ours[at] == theirs[at]) ++at;
  if (at == ours.size() && at == theirs.size()) return "";
  if (at == ours.size()) return their_name + " has " + fields(theirs[at])[0] + ", " + our_name + " does not";
  if (at == theirs.size()) return our_name + " has " + fields(ours[at])[0] + ", " + their_name + " does not";
  auto mine = fields(ours[at]);
  auto other = fields(theirs[at]);
  std::size_t field = 0;
  while (field < mine.size() && field < other.size() && mine[field] == other[field]) ++field;
  std::string where = field > 0 ? mine[0] + ": " : "";
  return where + their_name + " has " + field_or(other, field) + ", " + our_name + " has " + field_or(mine, field);
}

Result<Graph> build_twice(const std::function<Graph()>& build) {
  Graph first = build();
  std::string difference =
      first_difference(canonical_lines(first), canonical_lines(build()), "the first", "the second");
  if (difference.empty()) return first;
  return invalid("graph " + first.name() + " differs when it is built twice (" + difference +
                 "): build it from its arguments only, without clocks, random numbers or the environment");
}

}  // namespace leat
