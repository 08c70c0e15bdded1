#include <leat/diagnosis/waits.hpp>

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <utility>

namespace leat {
namespace {

// Less is not worth a word.
constexpr double kLittle = 0.05;
constexpr std::size_t kMost = 16;

bool waiting(Activity activity) {
  return activity != Activity::visit && activity != Activity::read && activity != Activity::move;
}

// The replicas of one cell as one.
struct Group {
  std::vector<std::size_t> cells;
  std::array<double, kActivities> shares{};
};

Group group_of(const WaitGraph& graph, std::size_t cell) {
  Group group;
  group.cells = graph.replicas(cell);
  for (std::size_t one : group.cells) {
    for (std::size_t i = 0; i < kActivities; ++i) {
      group.shares[i] += graph.cells()[one].share(static_cast<Activity>(i)) / static_cast<double>(group.cells.size());
    }
  }
  return group;
}

const ChannelWindow* longest_waited(const WaitGraph& graph, const Group& group) {
  const ChannelWindow* longest = nullptr;
  for (std::size_t cell : group.cells) {
    for (std::size_t out : graph.cells()[cell].out) {
      const ChannelWindow& channel = graph.channels()[out];
      if (!longest || channel.waited_ns > longest->waited_ns) longest = &channel;
    }
  }
  return longest;
}

// The channel that it says it waits for, or its first.
const ChannelWindow* awaited(const WaitGraph& graph, const Group& group) {
  const ChannelWindow* first = nullptr;
  for (std::size_t cell : group.cells) {
    for (std::size_t in : graph.cells()[cell].in) {
      const ChannelWindow& channel = graph.channels()[in];
      if (graph.cells()[cell].cell.channel == channel.channel.id) return &channel;
      if (!first) first = &channel;
    }
  }
  return first;
}

void name(const WaitGraph& graph, const Group& group, Wait& wait) {
  const CellSnapshot& cell = graph.cells()[group.cells.front()].cell;
  if (cell.stages.empty()) {
    wait.who = "cell " + std::to_string(cell.cell);
    return;
  }
  wait.who = graph.stage(cell.stages.back());
  if (wait.activity == Activity::credit) {
    if (auto* channel = longest_waited(graph, group)) {
      wait.who = graph.stage(channel->channel.from);
      wait.whom = graph.stage(channel->channel.to);
    }
  } else if (wait.activity == Activity::input || wait.activity == Activity::build || wait.activity == Activity::order) {
    if (auto* channel = awaited(graph, group)) {
      wait.who = graph.stage(channel->channel.to);
      wait.whom = graph.stage(channel->channel.from);
    }
  } else if (wait.activity == Activity::gate) {
    wait.who = graph.stage(cell.stages.front());
    if (cell.at) wait.whom = graph.stage(*cell.at);
  } else if (wait.activity == Activity::turn) {
    if (cell.stages.size() > 1) wait.who = graph.stage(cell.stages[1]);
    wait.whom = graph.stage(cell.stages.front());
  } else if (wait.activity == Activity::visit) {
    const CellWindow& first = graph.cells()[group.cells.front()];
    wait.who = graph.stage(cell.stages[first.busiest()]);
  }
}

Wait most_of(const WaitGraph& graph, std::size_t cell, bool only_waiting) {
  Group group = group_of(graph, cell);
  Wait wait;
  for (std::size_t i = 0; i < kActivities; ++i) {
    auto activity = static_cast<Activity>(i);
    if ((only_waiting && !waiting(activity)) || group.shares[i] <= wait.share) continue;
    wait.activity = activity;
    wait.share = std::min(1.0, group.shares[i]);
  }
  if (wait.share > 0) name(graph, group, wait);
  return wait;
}

// Numbers of cells, from those beside `begin` on, along channels: up or down.
std::vector<std::size_t> along(const WaitGraph& graph, std::size_t begin, bool up) {
  std::vector<std::size_t> order{begin};
  std::set<std::uint32_t> seen{graph.cells()[begin].cell.cell};
  for (std::size_t i = 0; i < order.size(); ++i) {
    for (std::size_t cell : graph.replicas(order[i])) {
      const CellWindow& here = graph.cells()[cell];
      for (std::size_t index : up ? here.in : here.out) {
        const ChannelWindow& channel = graph.channels()[index];
        auto next = up ? channel.from : channel.to;
        if (next && seen.insert(graph.cells()[*next].cell.cell).second) order.push_back(*next);
      }
    }
  }
  order.erase(order.begin());
  return order;
}

}  // namespace

std::vector<Wait> waits(const WaitGraph& graph, const WaitEnd& end) {
  std::vector<std::size_t> order;
  bool itself = end.cause == Cause::link || end.cause == Cause::order || end.cause == Cause::cycle || end.cause == Cause::threads;
  if (itself) order.push_back(end.cell);
  for (bool up : {true, false}) {
    auto more = along(graph, end.cell, up);
    order.insert(order.end(), more.begin(), more.end());
  }
  for (std::size_t cell = 0; cell < graph.cells().size(); ++cell) order.push_back(cell);
  std::set<std::uint32_t> said;
  if (!itself) said.insert(graph.cells()[end.cell].cell.cell);
  std::vector<Wait> all;
  for (std::size_t cell : order) {
    if (all.size() == kMost || !said.insert(graph.cells()[cell].cell.cell).second) continue;
    Wait wait = most_of(graph, cell, true);
    if (wait.share >= kLittle) all.push_back(std::move(wait));
  }
  return all;
}

std::vector<Wait> shares(const WaitGraph& graph) {
  std::set<std::uint32_t> said;
  std::vector<Wait> all;
  for (std::size_t cell = 0; cell < graph.cells().size() && all.size() < kMost; ++cell) {
    if (!said.insert(graph.cells()[cell].cell.cell).second) continue;
    Wait wait = most_of(graph, cell, false);
    if (wait.share > 0) all.push_back(std::move(wait));
  }
  return all;
}

}  // namespace leat
