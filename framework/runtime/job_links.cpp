// The links of a job: which ends of which channels are here, and what they belong to.
#include <leat/runtime/job.hpp>
#include <leat/runtime/local_link.hpp>

#include <algorithm>

namespace leat {

void Job::make_links() {
  const Layout& layout = plan_.layout;
  for (CellId id = 0; id < layout.cells.size(); ++id) berths_[id].resize(layout.cells[id].replicas);
  std::vector<std::vector<const ChannelPlan*>> linked(layout.links.size());
  std::vector<std::vector<const ChannelPlan*>> fed(layout.cells.size());
  for (const ChannelPlan& channel : plan_.placement.channels) {
    (channel.feeds ? fed[channel.to.cell] : linked[channel.link]).push_back(&channel);
  }
  for (std::size_t i = 0; i < layout.links.size(); ++i) link(layout.links[i], linked[i]);
  for (CellId id = 0; id < layout.cells.size(); ++id) {
    if (!fed[id].empty()) feed(id, fed[id]);
  }
}

std::size_t Job::index_in_cell(StageId id) const {
  const CellPlan& cell = plan_.layout.cells[plan_.layout.cell_of[id]];
  auto at = std::find(cell.stages.begin(), cell.stages.end(), id) - cell.stages.begin();
  return static_cast<std::size_t>(at) - (is_source(cell.stages.front()) ? 1 : 0);
}

ChannelSpec Job::spec(const ChannelPlan& channel) const {
  const Layout& layout = plan_.layout;
  const auto& stages = plan_.checked.graph.stages();
  const Edge& edge = plan_.checked.graph.edges()[channel.edge];
  bool keyed = !channel.feeds && layout.links[channel.link].rule == Dispatch::Rule::key;
  ChannelSpec spec;
  spec.id = channel.id;
  spec.peer = channel.from_node == share_.me ? channel.to_node : channel.from_node;
  spec.type = stages[edge.from].kind.output->id;
  spec.window = channel.window;
  // What a key makes of a chunk may be larger than the chunk; only the credit limits it.
  spec.max_chunk = keyed ? channel.window.bytes : plan_.checked.described[edge.from].output.max_chunk;
  spec.compress = channel.compress;
  spec.name = stages[edge.from].name + " " + std::to_string(channel.from.replica) + " to " +
              stages[edge.to].name + " " + std::to_string(channel.to.replica);
  return spec;
}

Job::Ends Job::ends(const ChannelPlan& channel, const Berth& above, const Berth& below) {
  bool sends = channel.from_node == share_.me;
  bool receives = channel.to_node == share_.me;
  if (sends && receives) {
    auto link = local_link(
        channel.window, [bell = above.bell] { bell->wakes.anywhere(); },
        [bell = below.bell] { bell->wakes.here(); });
    return {std::move(link.sender), std::move(link.receiver)};
  }
  // The network may be quicker than the building of this job.
  auto rings = [](const std::shared_ptr<Bell>& bell) {
    return [bell] {
      if (bell->hung.load(std::memory_order_acquire)) bell->wakes.anywhere();
    };
  };
  if (sends) return {share_.links->sender(spec(channel), rings(above.bell)), nullptr};
  if (receives) return {nullptr, share_.links->receiver(spec(channel), pool_, rings(below.bell))};
  return {};
}

void Job::link(const LinkPlan& link, const std::vector<const ChannelPlan*>& channels) {
  const Edge& edge = plan_.checked.graph.edges()[link.edge];
  auto& above = berths_[link.from];
  auto& below = berths_[link.to];
  // An end has its place by the replica of its peer: a key counts on it.
  bool forward = link.rule == Dispatch::Rule::forward;
  std::vector<std::vector<std::unique_ptr<Sender>>> senders(above.size());
  std::vector<std::vector<std::unique_ptr<Receiver>>> receivers(below.size());
  for (auto& row : senders) row.resize(forward ? 1 : below.size());
  for (auto& row : receivers) row.resize(forward ? 1 : above.size());
  for (const ChannelPlan* channel : channels) {
    std::size_t from = channel->from.replica;
    std::size_t to = channel->to.replica;
    Ends made = ends(*channel, above[from], below[to]);
    senders[from][forward ? 0 : to] = std::move(made.sender);
    receivers[to][forward ? 0 : from] = std::move(made.receiver);
  }
  bool numbers = plan_.layout.cells[link.to].keeps_order && link.rule == Dispatch::Rule::balance;
  // A region's marks follow its chunks: to the one replica below, which is no pool to balance over.
  bool straight = plan_.layout.cells[link.from].keeps_order && link.rule == Dispatch::Rule::balance;
  Dispatch::Rule rule = straight ? Dispatch::Rule::forward : link.rule;
  for (std::size_t from = 0; from < above.size(); ++from) {
    if (!here(link.from, from)) continue;
    above[from].outflows.emplace_back(
        Outflow::Setup{rule, edge.dispatch.splitter, numbers, pool_, link.window}, std::move(senders[from]));
  }
  bool whole_first = plan_.checked.graph.stages()[edge.to].kind.inputs[edge.port].whole_first;
  for (std::size_t to = 0; to < below.size(); ++to) {
    if (!here(link.to, to)) continue;
    below[to].intakes.emplace_back(index_in_cell(edge.to), edge.port, whole_first, link.merges,
                                   std::move(receivers[to]));
  }
}

// Chunks that a feeder sends keep the numbers the source gave them: those it sends and those that are
// pulled beside it are one sequence.
void Job::feed(CellId cell, const std::vector<const ChannelPlan*>& channels) {
  std::size_t port = plan_.checked.graph.edges()[channels.front()->edge].port;
  std::vector<std::unique_ptr<Sender>> senders;
  for (const ChannelPlan* channel : channels) {
    Berth& below = berths_[cell][channel->to.replica];
    Ends made = ends(*channel, feeders_[cell], below);
    if (made.sender) senders.push_back(std::move(made.sender));
    if (!made.receiver) continue;
    std::vector<std::unique_ptr<Receiver>> receivers;
    receivers.push_back(std::move(made.receiver));
    below.intakes.emplace_back(0, port, false, false, std::move(receivers));
  }
  if (senders.empty()) return;
  feeders_[cell].outflows.emplace_back(
      Outflow::Setup{Dispatch::Rule::balance, {}, false, pool_, channels.front()->window}, std::move(senders));
}

}  // namespace leat
