#include <leat/graph/bound.hpp>

#include <leat/chunk/table_builder.hpp>

#include <algorithm>
#include <array>
#include <cstdio>

namespace leat {
namespace {

// Measured: the runtime's code and heap once its threads run, and the touched part of a stack.
constexpr std::uint64_t kRuntime = 6u << 20;
constexpr std::uint64_t kStack = 256u << 10;
// The thread that waits, the one that takes signals, and the runtime's own two.
constexpr std::uint64_t kOtherThreads = 4;

void add(Bound& bound, std::string what, std::string where, std::uint64_t bytes) {
  if (bytes > 0) bound.terms.push_back({std::move(what), std::move(where), bytes});
}

// Rows that a key by column sorts out are copied, each with its number.
std::uint64_t sorted_out(const Described& from, std::size_t replicas) {
  std::uint64_t width = 0;
  for (const Field& field : from.output.fields) width += cell_bytes(field.type, field.dictionary);
  std::uint64_t bytes = from.needs.max_output + from.needs.max_output * 8 / std::max<std::uint64_t>(width, 1);
  // A pooled block is at most a quarter larger than what is in it.
  return bytes + bytes / 4 + replicas * TableBuilder::footprint(from.output.fields, TableRoom{});
}

void add_cell(Bound& bound, const Checked& checked, const Layout& layout, const CellPlan& cell) {
  const auto& stages = checked.graph.stages();
  std::uint64_t in_hand = 0;
  for (const LinkPlan& link : layout.links) {
    if (&layout.cells[link.to] != &cell) continue;
    StageId from = checked.graph.edges()[link.edge].from;
    in_hand = std::max(in_hand, checked.described[from].output.max_chunk);
  }
  // Two batches: one taken, one staged.
  add(bound, "chunk in hand", stages[cell.stages.front()].name,
      (in_hand + 2 * kBatch.bytes) * cell.replicas);
  for (StageId id : cell.stages) {
    const Needs& needs = checked.described[id].needs;
    std::uint64_t batch = needs.max_output > 0 ? kBatch.bytes : 0;
    add(bound, "output", stages[id].name, (needs.max_output + batch) * cell.replicas);
    add(bound, "state", stages[id].name, needs.state * cell.replicas);
  }
}

}  // namespace

std::uint64_t Bound::total() const {
  std::uint64_t sum = 0;
  for (const BoundTerm& term : terms) sum += term.bytes;
  return sum;
}

std::uint64_t Bound::chunks() const {
  std::uint64_t sum = 0;
  for (const BoundTerm& term : terms) {
    if (term.what == "credit" || term.what == "chunk in hand" || term.what == "output" ||
        term.what == "state" || term.what == "magazines") {
      sum += term.bytes;
    }
  }
  return sum;
}

Bound memory_bound(const Checked& checked, const Layout& layout, std::uint64_t process_base) {
  Bound bound;
  const auto& stages = checked.graph.stages();
  std::uint64_t blocking = 0;
  for (const CellPlan& cell : layout.cells) blocking += cell.blocking ? cell.replicas : 0;
  std::uint64_t threads = layout.threads + blocking;
  add(bound, "process base", "program and libraries, measured", process_base);
  add(bound, "runtime", "scheduler and allocator", kRuntime);
  add(bound, "stacks", std::to_string(threads + kOtherThreads) + " threads",
      (threads + kOtherThreads) * kStack);
  add(bound, "magazines", "small blocks, by thread", (threads + 1) * Pool::magazine_bytes());
  for (const LinkPlan& link : layout.links) {
    const Edge& edge = checked.graph.edges()[link.edge];
    add(bound, "credit", stages[edge.from].name + " to " + stages[edge.to].name,
        layout.channels(link) * link.window.bytes);
    if (link.rule != Dispatch::Rule::key || !edge.dispatch.by_column) continue;
    add(bound, "output", stages[edge.from].name + " by " + edge.dispatch.by,
        layout.cells[link.from].replicas *
            sorted_out(checked.described[edge.from], layout.cells[link.to].replicas));
  }
  for (const CellPlan& cell : layout.cells) add_cell(bound, checked, layout, cell);
  return bound;
}

Result<void> fits(const Bound& bound, std::uint64_t limit) {
  if (bound.total() <= limit) return {};
  auto terms = bound.terms;
  std::stable_sort(terms.begin(), terms.end(),
                   [](const BoundTerm& a, const BoundTerm& b) { return a.bytes > b.bytes; });
  std::string largest;
  for (std::size_t i = 0; i < std::min<std::size_t>(terms.size(), 3); ++i) {
    if (i) largest += ", ";
    largest += terms[i].what + " of " + terms[i].where + " " + byte_text(terms[i].bytes);
  }
  return overloaded("the graph needs up to " + byte_text(bound.total()) + " of memory and the limit is " +
                    byte_text(limit) + ": the largest terms are " + largest +
                    "; raise --memory, or lower threads, replicas or credit");
}

std::string byte_text(std::uint64_t bytes) {
  constexpr std::array<const char*, 5> units = {"B", "KiB", "MiB", "GiB", "TiB"};
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
