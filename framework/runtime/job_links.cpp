// The links of a job: which ends of which channels are here, and what they belong to.
#include <leat/runtime/job.hpp>
#include <leat/runtime/local_link.hpp>

#include <algorithm>

namespace leat {

void Job::make_links() {
  const Layout& layout = plan_.layout;
  for (CellId id = 0; id < layout.cells.size(); ++id) berths_[id].resize(layout.cells[id].replicas);
  std::vector<std::vector<const ChannelPlan*>> linked(layout.links.size());
  for (const ChannelPlan& channel : plan_.placement.channels) linked[channel.link].push_back(&channel);
  for (std::size_t i = 0; i < layout.links.size(); ++i) link(i, linked[i]);
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

// The network may be quicker than the building of this job, and a growth's cell comes late.
Job::Ends Job::ends(const ChannelPlan& channel, const Berth& above, const Berth& below) {
  bool sends = channel.from_node == share_.me;
  bool receives = channel.to_node == share_.me;
  if (sends && receives) {
    auto link = local_link(
        channel.window, [bell = above.bell] { bell->wakes.anywhere(); },
        [bell = below.bell] { bell->wakes.here(); });
    return {std::move(link.sender), std::move(link.receiver)};
  }
  auto rings = [bell = above.bell] {
    if (bell->hung.load(std::memory_order_acquire)) bell->wakes.anywhere();
  };
  if (sends) return {share_.links->sender(spec(channel), rings), nullptr};
  if (receives) return {nullptr, remote_receiver(channel, below)};
  return {};
}

std::unique_ptr<Receiver> Job::remote_receiver(const ChannelPlan& channel, const Berth& below) {
  return share_.links->receiver(spec(channel), pool_, [bell = below.bell] {
    if (bell->hung.load(std::memory_order_acquire)) bell->wakes.anywhere();
  });
}

void Job::add_outflow(std::size_t index, Berth& above,
                      std::vector<std::pair<std::size_t, std::unique_ptr<Sender>>> named) {
  const LinkPlan& link = plan_.layout.links[index];
  const Edge& edge = plan_.checked.graph.edges()[link.edge];
  bool balances = link.rule == Dispatch::Rule::balance;
  // What comes of a chain's source has its numbers already.
  const CellPlan& below = plan_.layout.cells[link.to];
  bool numbers = below.keeps_order && balances && !is_source(below.stages.front());
  // A region's marks follow its chunks: to the one replica below, which is no pool to balance over.
  bool straight = plan_.layout.cells[link.from].keeps_order && balances;
  Dispatch::Rule rule = straight ? Dispatch::Rule::forward : link.rule;
  Outflow outflow(Outflow::Setup{rule, edge.dispatch.splitter, numbers, pool_, link.window, edge.dispatch.by},
                  {});
  for (auto& [name, sender] : named) outflow.attach(name, std::move(sender));
  above.outflows.push_back(std::move(outflow));
  above.feeds.push_back(index);
}

void Job::add_intake(std::size_t index, Berth& below, std::vector<std::unique_ptr<Receiver>> receivers) {
  const LinkPlan& link = plan_.layout.links[index];
  const Edge& edge = plan_.checked.graph.edges()[link.edge];
  bool whole_first = plan_.checked.graph.stages()[edge.to].kind.inputs[edge.port].whole_first;
  below.intakes.emplace_back(index_in_cell(edge.to), edge.port, whole_first, link.merges, std::move(receivers));
  below.fed_by.push_back(index);
}

// Ends are in the order of their peers' replicas: a key counts on it. Not every replica has one: those beside
// their source are not fed.
void Job::link(std::size_t index, const std::vector<const ChannelPlan*>& channels) {
  const LinkPlan& link = plan_.layout.links[index];
  auto& above = berths_[link.from];
  auto& below = berths_[link.to];
  std::vector<std::vector<std::pair<std::size_t, std::unique_ptr<Sender>>>> senders(above.size());
  std::vector<std::vector<std::unique_ptr<Receiver>>> receivers(below.size());
  for (const ChannelPlan* channel : channels) {
    std::size_t from = channel->from.replica;
    std::size_t to = channel->to.replica;
    Ends made = ends(*channel, above[from], below[to]);
    if (made.sender) senders[from].emplace_back(to, std::move(made.sender));
    if (made.receiver) receivers[to].push_back(std::move(made.receiver));
  }
  for (std::size_t from = 0; from < above.size(); ++from) {
    if (here(link.from, from)) add_outflow(index, above[from], std::move(senders[from]));
  }
  for (std::size_t to = 0; to < below.size(); ++to) {
    if (!receivers[to].empty()) add_intake(index, below[to], std::move(receivers[to]));
  }
}

}  // namespace leat
