#include <leat/diagnosis/snapshot.hpp>

#include <algorithm>
#include <map>
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
  return whole;
}

}  // namespace leat
