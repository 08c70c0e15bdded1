#include <leat/graph/bound.hpp>

#include <leat/chunk/table_builder.hpp>
#include <leat/graph/feeders.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <set>

namespace leat {
namespace {

using What = BoundTerm::What;

// Measured: the runtime's code and heap once its threads run, and the touched part of a stack.
constexpr std::uint64_t kRuntime = 6u << 20;
constexpr std::uint64_t kStack = 256u << 10;
// The thread that waits, the one that takes signals, and the runtime's own two.
constexpr std::uint64_t kOtherThreads = 4;
// Of a cluster's node: chunks, control, its TLS proxy, its agent, what it serves over HTTP.
constexpr std::uint64_t kNetworkThreads = 5;
// What an end of a connection stages: two slices, as links take turns in them.
constexpr std::uint64_t kSlices = 2 * (256u << 10);
// A compressed slice before it is unpacked, at the lower end of a channel.
constexpr std::uint64_t kPacked = 128u << 10;
// What the system may hold of a connection at one end.
constexpr std::uint64_t kSocketBuffers = 512u << 10;

// What of a layout runs in one process.
struct Part {
  struct Cell {
    std::size_t replicas = 0;
    std::size_t fed = 0;  // of them, those that do not pull the source they begin with
  };
  std::uint64_t threads = 0;
  std::uint64_t other_threads = kOtherThreads;
  std::vector<Cell> cells;            // by cell
  std::vector<std::size_t> channels;  // by link: those that begin or end here
  std::vector<std::string> connections;
  std::size_t unpacks = 0;  // compressed channels that end here
};

Part whole(const Layout& layout) {
  Part part;
  part.threads = layout.threads;
  for (const CellPlan& cell : layout.cells) part.cells.push_back({cell.replicas, 0});
  for (const LinkPlan& link : layout.links) part.channels.push_back(layout.channels(link));
  return part;
}

void add_channels(Part& part, const Layout& layout, const Placement& placement, NodeId node) {
  std::set<std::pair<NodeId, bool>> ways;
  for (const ChannelPlan& channel : placement.channels) {
    if (channel.from_node != node && channel.to_node != node) continue;
    if (channel.crosses()) {
      bool out = channel.from_node == node;
      ways.emplace(out ? channel.to_node : channel.from_node, out);
      part.unpacks += channel.compress && !out ? 1 : 0;
    }
    ++part.channels[channel.link];
    if (is_feeder(layout, channel.from.cell) && channel.to_node == node) ++part.cells[channel.to.cell].fed;
  }
  for (const auto& [peer, out] : ways) {
    part.connections.push_back((out ? "to " : "from ") + placement.nodes[peer].name);
  }
}

Part part_of(const Layout& layout, const Placement& placement, NodeId node) {
  Part part;
  part.threads = placement.nodes[node].cpus;
  part.other_threads += placement.local() ? 0 : kNetworkThreads;
  for (const auto& nodes : placement.node_of) {
    auto here = std::count(nodes.begin(), nodes.end(), node);
    part.cells.push_back({static_cast<std::size_t>(here), 0});
  }
  part.channels.resize(layout.links.size());
  add_channels(part, layout, placement, node);
  return part;
}

// Rows that a key by column sorts out are copied, each with its number.
std::uint64_t sorted_out(const Described& from, std::size_t replicas) {
  std::uint64_t width = 0;
  for (const Field& field : from.output.fields) width += cell_bytes(field.type, field.dictionary);
  std::uint64_t numbers = times(from.needs.max_output, 8) / std::max<std::uint64_t>(width, 1);
  std::uint64_t bytes = plus(from.needs.max_output, numbers);
  // A pooled block is at most a quarter larger than what is in it.
  return plus(plus(bytes, bytes / 4), times(replicas, TableBuilder::footprint(from.output.fields, TableRoom{})));
}

class Bounding {
 public:
  Bounding(const Checked& checked, const Layout& layout, Part part)
      : checked_(checked), stages_(checked.graph.stages()), layout_(layout), part_(std::move(part)) {}

  Bound run(std::uint64_t process_base) {
    add_process(process_base);
    for (std::size_t i = 0; i < layout_.links.size(); ++i) add_link(layout_.links[i], part_.channels[i]);
    for (CellId id = 0; id < layout_.cells.size(); ++id) add_cell(id);
    add(What::slices, "compressed channels", times(part_.unpacks, kPacked));
    for (const std::string& way : part_.connections) {
      add(What::slices, "connection " + way, kSlices);
      add(What::socket_buffers, "connection " + way, kSocketBuffers);
    }
    return std::move(bound_);
  }

 private:
  void add(What what, std::string where, std::uint64_t bytes) {
    if (bytes > 0) bound_.terms.push_back({what, std::move(where), bytes});
  }

  void add_process(std::uint64_t process_base) {
    std::uint64_t threads = part_.threads;
    for (CellId id = 0; id < layout_.cells.size(); ++id) {
      threads += layout_.cells[id].blocking ? part_.cells[id].replicas : 0;
    }
    std::uint64_t stacks = threads + part_.other_threads;
    add(What::process_base, "program and libraries, measured", process_base);
    add(What::runtime, "scheduler and allocator", kRuntime);
    add(What::stacks, std::to_string(stacks) + " threads", times(stacks, kStack));
    std::uint64_t connected = part_.connections.empty() ? 0 : 1;
    add(What::magazines, "small blocks, by thread", times(threads + 1 + connected, Pool::magazine_bytes()));
  }

  void add_link(const LinkPlan& link, std::size_t channels) {
    const Edge& edge = checked_.graph.edges()[link.edge];
    add(What::credit, sender_name(checked_, layout_, link) + " to " + stages_[edge.to].name,
        times(channels, link.window.bytes));
    if (link.rule != Dispatch::Rule::key || !edge.dispatch.by_column) return;
    add(What::output, stages_[edge.from].name + " by " + edge.dispatch.by,
        times(part_.cells[link.from].replicas,
              sorted_out(checked_.described[edge.from], layout_.cells[link.to].replicas)));
  }

  std::string name(CellId cell) const { return first_name(checked_, layout_, cell); }

  void add_cell(CellId id) {
    const CellPlan& cell = layout_.cells[id];
    const Part::Cell& part = part_.cells[id];
    std::uint64_t in_hand = 0;
    for (const LinkPlan& link : layout_.links) {
      if (link.to != id || is_feeder(layout_, link.from)) continue;
      StageId from = checked_.graph.edges()[link.edge].from;
      in_hand = std::max(in_hand, checked_.described[from].output.max_chunk);
    }
    StageId first = cell.stages.front();
    std::uint64_t fed = std::max(in_hand, checked_.described[first].output.max_chunk);
    // Two batches: one taken, one staged.
    add(What::chunk_in_hand, name(id),
        plus(plus(times(in_hand, part.replicas - part.fed), times(fed, part.fed)),
             times(2 * kBatch.bytes, part.replicas)));
    for (StageId stage : cell.stages) {
      std::string where = stage == first ? name(id) : stages_[stage].name;
      const Needs& needs = checked_.described[stage].needs;
      std::uint64_t batch = needs.max_output > 0 ? kBatch.bytes : 0;
      std::size_t emit = part.replicas - (stages_[stage].kind.source ? part.fed : 0);
      add(What::output, where, times(plus(needs.max_output, batch), emit));
      // A source is one, whoever pulls it.
      std::size_t hold = stages_[stage].kind.source ? std::min<std::size_t>(emit, 1) : part.replicas;
      add(What::state, where, times(needs.state, hold));
    }
  }

  const Checked& checked_;
  const std::vector<Stage>& stages_;
  const Layout& layout_;
  Part part_;
  Bound bound_;
};

}  // namespace

const char* term_name(What what) {
  switch (what) {
    case What::process_base: return "process base";
    case What::runtime: return "runtime";
    case What::stacks: return "stacks";
    case What::magazines: return "magazines";
    case What::credit: return "credit";
    case What::chunk_in_hand: return "chunk in hand";
    case What::output: return "output";
    case What::state: return "state";
    case What::slices: return "slices";
    case What::socket_buffers: return "socket buffers";
    case What::snapshots: return "snapshots";
  }
  return "";
}

std::uint64_t Bound::total() const {
  std::uint64_t sum = 0;
  for (const BoundTerm& term : terms) sum = plus(sum, term.bytes);
  return sum;
}

std::uint64_t Bound::of(What what) const {
  std::uint64_t sum = 0;
  for (const BoundTerm& term : terms) sum = plus(sum, term.what == what ? term.bytes : 0);
  return sum;
}

std::uint64_t Bound::chunks() const {
  std::uint64_t sum = 0;
  for (What what : {What::credit, What::chunk_in_hand, What::output, What::state, What::magazines}) {
    sum = plus(sum, of(what));
  }
  return sum;
}

Bound memory_bound(const Checked& checked, const Layout& layout, std::uint64_t process_base) {
  return Bounding(checked, layout, whole(layout)).run(process_base);
}

Bound node_bound(const Checked& checked, const Layout& layout, const Placement& placement, NodeId node,
                 std::uint64_t process_base) {
  return Bounding(checked, layout, part_of(layout, placement, node)).run(process_base);
}

std::string largest_terms(const Bound& bound) {
  auto terms = bound.terms;
  std::stable_sort(terms.begin(), terms.end(),
                   [](const BoundTerm& a, const BoundTerm& b) { return a.bytes > b.bytes; });
  std::string largest;
  for (std::size_t i = 0; i < std::min<std::size_t>(terms.size(), 3); ++i) {
    if (i) largest += ", ";
    largest += std::string(term_name(terms[i].what)) + " of " + terms[i].where + " " + byte_text(terms[i].bytes);
  }
  return largest;
}

void add_snapshots(const Checked& checked, const Layout& layout, Bound& bound) {
  for (StageId id = 0; id < checked.graph.stages().size(); ++id) {
    const Stage& stage = checked.graph.stages()[id];
    std::uint64_t bytes = times(checked.described[id].needs.state, layout.cells[layout.cell_of[id]].replicas);
    if (stage.kind.holds == Holds::state && bytes > 0) bound.terms.push_back({BoundTerm::What::snapshots, stage.name, bytes});
  }
}

bool exceeds(const Bound& bound, std::uint64_t limit) {
  std::uint64_t total = bound.total();
  return total > limit || total == kBoundless;
}

Result<void> fits(const Bound& bound, std::uint64_t limit) {
  if (!exceeds(bound, limit)) return {};
  return overloaded("the graph needs up to " + byte_text(bound.total()) + " of memory and the limit is " +
                    byte_text(limit) + ": the largest terms are " + largest_terms(bound) +
                    "; allow more memory, or lower threads, replicas or credit");
}

std::string byte_text(std::uint64_t bytes) {
  constexpr std::array<const char*, 5> units = {"B", "KiB", "MiB", "GiB", "TiB"};
  if (bytes == kBoundless) return "16 EiB or more";
  double value = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (value >= 1000 && unit + 1 < units.size()) {
    value /= 1024;
    ++unit;
  }
  std::array<char, 32> text;
  int digits = unit == 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  std::snprintf(text.data(), text.size(), "%.*f %s", digits, value, units[unit]);
  return text.data();
}

}  // namespace leat
