#include <leat/runtime/job_channels.hpp>
#include <leat/runtime/local_link.hpp>

#include <algorithm>

namespace leat {

JobChannels::JobChannels(const Plan& plan, const Share& share, std::shared_ptr<Pool> pool, Published& published)
    : plan_(plan), share_(share), pool_(std::move(pool)), published_(published) {}

void JobChannels::make() {
  make_slots();
  const Layout& layout = plan_.layout;
  std::vector<std::vector<const ChannelPlan*>> linked(layout.links.size());
  for (const ChannelPlan& channel : plan_.placement.channels) linked[channel.link].push_back(&channel);
  for (std::size_t i = 0; i < layout.links.size(); ++i) make_link(i, linked[i]);
}

void JobChannels::make_slots() {
  const auto& cells = plan_.layout.cells;
  slots_.resize(cells.size());
  for (CellId id = 0; id < cells.size(); ++id) slots_[id].resize(cells[id].replicas);
}

bool JobChannels::here(const ReplicaId& replica) const {
  return plan_.placement.node_of[replica.cell][replica.replica] == share_.me;
}

bool JobChannels::begins_with_source(const CellPlan& cell) const {
  return bool(plan_.checked.graph.stages()[cell.stages.front()].kind.source);
}

std::size_t JobChannels::index_in_cell(StageId id) const {
  const CellPlan& cell = plan_.layout.cells[plan_.layout.cell_of[id]];
  auto at = std::find(cell.stages.begin(), cell.stages.end(), id) - cell.stages.begin();
  return static_cast<std::size_t>(at) - (begins_with_source(cell) ? 1 : 0);
}

ChannelSpec JobChannels::spec(const ChannelPlan& channel) const {
  const Layout& layout = plan_.layout;
  const auto& stages = plan_.checked.graph.stages();
  const Edge& edge = plan_.checked.graph.edges()[channel.edge];
  bool keyed = layout.links[channel.link].rule == Dispatch::Rule::key;
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

std::shared_ptr<ChannelMeter> JobChannels::meter(const ChannelPlan& channel) {
  const Edge& edge = plan_.checked.graph.edges()[channel.edge];
  auto meter = std::make_shared<ChannelMeter>(channel.id, channel.window);
  ChannelSnapshot fixed;
  fixed.id = channel.id;
  fixed.edge = static_cast<std::uint32_t>(channel.edge);
  fixed.from = edge.from;
  fixed.to = edge.to;
  fixed.from_cell = static_cast<std::uint32_t>(channel.from.cell);
  fixed.from_replica = static_cast<std::uint32_t>(channel.from.replica);
  fixed.to_cell = static_cast<std::uint32_t>(channel.to.cell);
  fixed.to_replica = static_cast<std::uint32_t>(channel.to.replica);
  fixed.remote = channel.crosses();
  fixed.keyed = plan_.layout.links[channel.link].rule == Dispatch::Rule::key;
  fixed.window = channel.window;
  if (sends(channel)) fixed.sender.emplace();
  if (receives(channel)) fixed.receiver.emplace();
  published_.add(std::move(fixed), meter);
  return meter;
}

// The network may be quicker than the building of this job, and a growth's cell comes late.
JobChannels::Ends JobChannels::ends(const ChannelPlan& channel) {
  if (sends(channel) && receives(channel)) {
    auto link = local_link(channel.window, slot(channel.from).local_wakes().anywhere,
                           slot(channel.to).local_wakes().here, meter(channel));
    return {std::move(link.sender), std::move(link.receiver)};
  }
  if (sends(channel)) {
    ChannelSpec said = spec(channel);
    said.meter = meter(channel);
    return {share_.links->sender(said, slot(channel.from).wake()), nullptr};
  }
  if (receives(channel)) return {nullptr, remote_receiver(channel)};
  return {};
}

std::unique_ptr<Receiver> JobChannels::remote_receiver(const ChannelPlan& channel) {
  ChannelSpec said = spec(channel);
  said.meter = meter(channel);
  return share_.links->receiver(said, pool_, slot(channel.to).wake());
}

void JobChannels::add_outflow(std::size_t index, const ReplicaId& above, Senders senders) {
  const LinkPlan& link = plan_.layout.links[index];
  const Edge& edge = plan_.checked.graph.edges()[link.edge];
  bool balances = link.rule == Dispatch::Rule::balance;
  // What comes of a chain's source has its numbers already.
  const CellPlan& below = plan_.layout.cells[link.to];
  bool numbers = below.keeps_order && balances && !begins_with_source(below);
  // A region's marks follow its chunks: to the one replica below, which is no pool to balance over.
  bool straight = plan_.layout.cells[link.from].keeps_order && balances;
  Dispatch::Rule rule = straight ? Dispatch::Rule::forward : link.rule;
  Outflow outflow(Outflow::Setup{rule, edge.dispatch.splitter, numbers, pool_, link.window, edge.dispatch.by, first_number(link)},
                  {});
  for (auto& [name, sender] : senders) outflow.attach(name, std::move(sender));
  slot(above).add_outflow(index, std::move(outflow));
}

void JobChannels::add_intake(std::size_t index, const ReplicaId& below, Receivers receivers) {
  const LinkPlan& link = plan_.layout.links[index];
  const Edge& edge = plan_.checked.graph.edges()[link.edge];
  bool whole_first = plan_.checked.graph.stages()[edge.to].kind.inputs[edge.port].whole_first;
  slot(below).add_intake(index, {index_in_cell(edge.to), edge.port, whole_first, link.merges, std::move(receivers), first_number(link)});
}

// Where a cut has left the order of an edge.
std::uint64_t JobChannels::first_number(const LinkPlan& link) const {
  if (!share_.restored) return 0;
  const Edge& edge = plan_.checked.graph.edges()[link.edge];
  const auto& stages = plan_.checked.graph.stages();
  const auto& all = share_.restored->edges;
  auto found = std::find_if(all.begin(), all.end(), [&](const EdgeCut& cut) {
    return cut.from == stages[edge.from].name && cut.to == stages[edge.to].name && cut.port == edge.port;
  });
  return found == all.end() ? 0 : found->next;
}

// Ends are in the order of their peers' replicas: a key counts on it. Not every replica has one: those beside
// their source are not fed.
void JobChannels::make_link(std::size_t index, const std::vector<const ChannelPlan*>& channels) {
  const LinkPlan& link = plan_.layout.links[index];
  std::vector<Senders> senders(slots_[link.from].size());
  std::vector<Receivers> receivers(slots_[link.to].size());
  for (const ChannelPlan* channel : channels) {
    Ends made = ends(*channel);
    if (made.sender) senders[channel->from.replica].emplace_back(channel->to.replica, std::move(made.sender));
    if (made.receiver) receivers[channel->to.replica].push_back(std::move(made.receiver));
  }
  for (std::size_t from = 0; from < senders.size(); ++from) {
    if (here({link.from, from})) add_outflow(index, {link.from, from}, std::move(senders[from]));
  }
  for (std::size_t to = 0; to < receivers.size(); ++to) {
    if (!receivers[to].empty()) add_intake(index, {link.to, to}, std::move(receivers[to]));
  }
}

}  // namespace leat
