#include <leat/diagnosis/wait_graph.hpp>

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

namespace leat {
namespace {

std::uint64_t grown(std::uint64_t from, std::uint64_t to) { return to > from ? to - from : 0; }

auto place(const CellSnapshot& cell) { return std::pair(cell.cell, cell.replica); }

double age(const CellSnapshot& cell) { return std::accumulate(cell.times.begin(), cell.times.end(), 0.0); }

using Cells = std::map<std::pair<std::uint32_t, std::uint32_t>, const CellSnapshot*>;

// By number and replica; of two that say they are the same, the older.
Cells by_place(const std::vector<CellSnapshot>& cells) {
  Cells all;
  for (const CellSnapshot& cell : cells) {
    const CellSnapshot*& there = all[place(cell)];
    if (!there || std::pair(age(*there), there->moves) < std::pair(age(cell), cell.moves)) there = &cell;
  }
  return all;
}

const CellSnapshot* find_cell(const Cells& cells, const CellSnapshot& wanted) {
  auto found = cells.find(place(wanted));
  return found == cells.end() ? nullptr : found->second;
}

using ChannelsById = std::map<std::uint32_t, const ChannelSnapshot*>;

ChannelsById by_id(const std::vector<ChannelSnapshot>& channels) {
  ChannelsById all;
  for (const ChannelSnapshot& channel : channels) all.emplace(channel.id, &channel);
  return all;
}

CellWindow between(const CellSnapshot* before, const CellSnapshot& after, double length) {
  CellWindow window;
  window.cell = after;
  window.length = length;
  window.moved = !before || before->moves != after.moves;
  for (std::size_t i = 0; i < kActivities; ++i) window.times[i] = grown(before ? before->times[i] : 0, after.times[i]);
  for (std::size_t i = 0; i < after.stages.size(); ++i) {
    std::uint64_t now = i < after.stage_ns.size() ? after.stage_ns[i] : 0;
    std::uint64_t then = before && i < before->stage_ns.size() ? before->stage_ns[i] : 0;
    window.stages.push_back(length > 0 ? std::min(1.0, static_cast<double>(grown(then, now)) / length) : 0);
  }
  return window;
}

// The fuller of bytes and chunks.
double part(Amount of, Amount window) {
  auto one = [](std::uint64_t a, std::uint64_t b) { return b > 0 ? static_cast<double>(a) / static_cast<double>(b) : 0; };
  return std::max(one(of.bytes, window.bytes), one(of.chunks, window.chunks));
}

Amount less(Amount a, Amount b) { return {grown(b.bytes, a.bytes), grown(b.chunks, a.chunks)}; }

ChannelWindow between(const ChannelSnapshot* before, const ChannelSnapshot& after) {
  ChannelWindow window;
  window.channel = after;
  Amount received = after.receiver ? after.receiver->received : Amount{};
  if (after.receiver) window.queued = part(less(received, after.receiver->consumed), after.window);
  if (after.receiver && after.sender) window.under_way = part(less(after.sender->sent, received), after.window);
  std::uint64_t waited = before && before->sender ? before->sender->waited_ns : 0;
  if (after.sender) window.waited_ns = grown(waited, after.sender->waited_ns);
  bool same = before && bool(before->sender) == bool(after.sender) && bool(before->receiver) == bool(after.receiver);
  if (same && after.sender) {
    same = before->sender->sent == after.sender->sent && before->sender->limit == after.sender->limit;
  }
  if (same && after.receiver) {
    same = before->receiver->received == received && before->receiver->consumed == after.receiver->consumed;
  }
  window.moved = !same;
  return window;
}

}  // namespace

double CellWindow::share(Activity activity) const {
  if (length <= 0) return 0;
  return std::min(1.0, static_cast<double>(times[static_cast<std::size_t>(activity)]) / length);
}

Activity CellWindow::most() const {
  auto most = std::max_element(times.begin(), times.end());
  return static_cast<Activity>(most - times.begin());
}

std::size_t CellWindow::busiest() const {
  return static_cast<std::size_t>(std::max_element(stages.begin(), stages.end()) - stages.begin());
}

WaitGraph::WaitGraph(const JobSnapshot& before, const JobSnapshot& after)
    : stages_(after.stages), nodes_(after.nodes) {
  add_cells(before, after);
  add_channels(before, after);
}

void WaitGraph::add_cells(const JobSnapshot& before, const JobSnapshot& after) {
  Cells earlier = by_place(before.cells);
  Cells later = by_place(after.cells);
  double length = 0;
  for (const auto& [key, cell] : later) {
    const CellSnapshot* then = find_cell(earlier, *cell);
    if (then && !cell->ended) length = std::max(length, age(*cell) - age(*then));
  }
  if (length <= 0) {
    for (const auto& [key, cell] : later) length = std::max(length, age(*cell));
  }
  for (const auto& [key, cell] : later) {
    const CellSnapshot* then = find_cell(earlier, *cell);
    if (cell->ended) {
      ended_moving_ = ended_moving_ || !then || !then->ended;
    } else {
      cells_.push_back(between(then, *cell, length));
    }
  }
}

void WaitGraph::add_channels(const JobSnapshot& before, const JobSnapshot& after) {
  ChannelsById earlier = by_id(before.channels);
  for (const auto& [id, channel] : by_id(after.channels)) {
    auto then = earlier.find(id);
    ChannelWindow window = between(then == earlier.end() ? nullptr : then->second, *channel);
    window.from = find(channel->from_cell, channel->from_replica);
    window.to = find(channel->to_cell, channel->to_replica);
    if (window.from) cells_[*window.from].out.push_back(channels_.size());
    if (window.to) cells_[*window.to].in.push_back(channels_.size());
    channels_.push_back(std::move(window));
  }
}

std::optional<std::size_t> WaitGraph::find(std::uint32_t cell, std::uint32_t replica) const {
  auto wanted = std::pair(cell, replica);
  auto at = std::lower_bound(cells_.begin(), cells_.end(), wanted,
                             [](const CellWindow& one, const auto& key) { return place(one.cell) < key; });
  if (at == cells_.end() || place(at->cell) != wanted) return std::nullopt;
  return static_cast<std::size_t>(at - cells_.begin());
}

std::vector<std::size_t> WaitGraph::replicas(std::size_t cell) const {
  std::vector<std::size_t> all;
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    if (cells_[i].cell.cell == cells_[cell].cell.cell) all.push_back(i);
  }
  return all;
}

std::vector<std::size_t> WaitGraph::running(StageId stage) const {
  std::vector<std::size_t> all;
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    const auto& stages = cells_[i].cell.stages;
    if (std::find(stages.begin(), stages.end(), stage) != stages.end()) all.push_back(i);
  }
  return all;
}

std::string WaitGraph::stage(StageId id) const { return id < stages_.size() ? stages_[id] : "stage " + std::to_string(id); }

const NodeSnapshot* WaitGraph::node(std::size_t cell) const {
  std::size_t node = cells_[cell].cell.node;
  return node < nodes_.size() ? &nodes_[node] : nullptr;
}

bool WaitGraph::stuck() const {
  auto moves = [](const CellWindow& one) {
    Activity now = one.cell.now;
    return one.moved || now == Activity::visit || now == Activity::read || now == Activity::move || now == Activity::ready;
  };
  return !cells_.empty() && !ended_moving_ && std::none_of(cells_.begin(), cells_.end(), moves) &&
         std::none_of(channels_.begin(), channels_.end(), [](const ChannelWindow& one) { return one.moved; });
}

}  // namespace leat
