#include <leat/diagnosis/snapshot.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace leat {
namespace {

// By name; one that is there already has not been heard where either says so.
std::uint32_t add_node(std::vector<NodeSnapshot>& nodes, const NodeSnapshot& node) {
  auto same = [&](const NodeSnapshot& one) { return one.name == node.name; };
  auto found = std::find_if(nodes.begin(), nodes.end(), same);
  if (found == nodes.end()) found = nodes.insert(nodes.end(), node);
  found->heard = found->heard && node.heard;
  return static_cast<std::uint32_t>(found - nodes.begin());
}

using Channels = std::map<std::uint32_t, ChannelSnapshot>;

// Of what has one id there are two ends.
void add_ends(Channels& channels, const ChannelSnapshot& channel) {
  auto [at, added] = channels.emplace(channel.id, channel);
  if (added) return;
  if (!at->second.sender) at->second.sender = channel.sender;
  if (!at->second.receiver) at->second.receiver = channel.receiver;
}

// Of a node that was never heard nothing is known but the other ends of its channels.
void add_unheard(JobSnapshot& whole) {
  std::vector<bool> has_cells(whole.nodes.size());
  std::set<std::pair<std::uint32_t, std::uint32_t>> known;
  for (const CellSnapshot& cell : whole.cells) {
    if (cell.node < has_cells.size()) has_cells[cell.node] = true;
    known.emplace(cell.cell, cell.replica);
  }
  std::uint32_t silent = 0;
  while (silent < whole.nodes.size() && (whole.nodes[silent].heard || has_cells[silent])) ++silent;
  if (silent == whole.nodes.size()) return;
  auto add = [&](std::uint32_t number, std::uint32_t replica, StageId stage) {
    if (!known.emplace(number, replica).second) return;
    CellSnapshot& cell = whole.cells.emplace_back();
    cell.cell = number;
    cell.replica = replica;
    cell.node = silent;
    cell.stages = {stage};
  };
  for (const ChannelSnapshot& channel : whole.channels) {
    add(channel.from_cell, channel.from_replica, channel.from);
    add(channel.to_cell, channel.to_replica, channel.to);
  }
}

}  // namespace

JobSnapshot joined(const std::vector<JobSnapshot>& shares) {
  JobSnapshot whole;
  Channels channels;
  for (const JobSnapshot& share : shares) {
    whole.seconds = std::max(whole.seconds, share.seconds);
    whole.took = std::max(whole.took, share.took);
    if (whole.stages.empty()) whole.stages = share.stages;
    std::vector<std::uint32_t> number;
    for (const NodeSnapshot& node : share.nodes) number.push_back(add_node(whole.nodes, node));
    for (CellSnapshot cell : share.cells) {
      cell.node = cell.node < number.size() ? number[cell.node] : 0;
      whole.cells.push_back(std::move(cell));
    }
    for (const ChannelSnapshot& channel : share.channels) add_ends(channels, channel);
  }
  for (auto& [id, channel] : channels) whole.channels.push_back(std::move(channel));
  add_unheard(whole);
  return whole;
}

}  // namespace leat
