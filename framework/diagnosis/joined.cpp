#include <leat/diagnosis/snapshot.hpp>

#include <algorithm>
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

// Those of one id are next to each other: the two ends of one.
void join_ends(std::vector<ChannelSnapshot>& channels) {
  std::stable_sort(channels.begin(), channels.end(),
                   [](const ChannelSnapshot& a, const ChannelSnapshot& b) { return a.id < b.id; });
  std::vector<ChannelSnapshot> whole;
  for (ChannelSnapshot& channel : channels) {
    if (whole.empty() || whole.back().id != channel.id) {
      whole.push_back(std::move(channel));
      continue;
    }
    if (!whole.back().sender) whole.back().sender = channel.sender;
    if (!whole.back().receiver) whole.back().receiver = std::move(channel.receiver);
  }
  channels = std::move(whole);
}

}  // namespace

JobSnapshot joined(const std::vector<JobSnapshot>& shares) {
  JobSnapshot whole;
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
    whole.channels.insert(whole.channels.end(), share.channels.begin(), share.channels.end());
  }
  join_ends(whole.channels);
  return whole;
}

}  // namespace leat
