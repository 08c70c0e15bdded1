#include <leat/runtime/job.hpp>

#include <leat/actor/guard.hpp>
#include <leat/graph/feeders.hpp>
#include <leat/graph/sole_sources.hpp>

#include <algorithm>
#include <system_error>

namespace leat {
namespace {

// Whatever labels the graph asks for, a plan that is not placed runs on this machine.
Plan placed(Plan plan) {
  Placement& placement = plan.placement;
  if (!placement.nodes.empty()) return plan;
  placement.nodes.push_back({"here", {}, plan.layout.threads, 0});
  placement.source_node.resize(plan.layout.cells.size());
  for (const CellPlan& cell : plan.layout.cells) placement.node_of.emplace_back(cell.replicas);
  placement.channels = channels_of(plan.checked, plan.layout, placement);
  return plan;
}

std::size_t cells_on(const Placement& placement, NodeId node) {
  std::size_t count = 0;
  for (CellId cell = 0; cell < placement.node_of.size(); ++cell) {
    const auto& nodes = placement.node_of[cell];
    count += static_cast<std::size_t>(std::count(nodes.begin(), nodes.end(), node));
  }
  return count;
}

std::vector<JobState::StageFacts> facts_of(const Plan& plan) {
  const Graph& graph = plan.checked.graph;
  std::vector<JobState::StageFacts> facts;
  for (StageId id = 0; id < graph.stages().size(); ++id) {
    const Stage& stage = graph.stages()[id];
    facts.push_back({stage.name, stage.dead_letters, {}});
    if (stage.replicas.most == 1 || stage.kind.in_order) facts.back().sole_sources = sole_sources(graph, id);
    facts.back().direct_sources = direct_sources(graph, id);
  }
  return facts;
}

}  // namespace

Job::Job(Plan plan, Share share)
    : plan_(placed(std::move(plan))),
      share_(std::move(share)),
      pool_(Pool::make(plan_.bound.chunks())),
      gates_(plan_.checked.graph.stages().size()),
      sources_(plan_.checked.graph.stages().size()),
      state_(std::make_unique<JobState>(facts_of(plan_), cells_on(plan_.placement, share_.me))),
      channels_(plan_, share_, pool_, published_),
      actors_(plan_, share_, pool_, *state_),
      commit_(plan_.checked.graph, share_, cells_),
      started_(std::chrono::steady_clock::now()) {
  state_->latency = plan_.checked.graph.latency();
  state_->dead_letters = share_.dead_letters;
  make_gates();
  make_sources();
}

Job::~Job() {
  abort();
  for (auto& cell : cells_) cell->disconnect();
}

void Job::make_gates() {
  const Layout& layout = plan_.layout;
  for (CellId id = 0; id < layout.cells.size(); ++id) {
    for (StageId gate : gates_of(id)) {
      if (!gates_[gate]) gates_[gate] = std::make_shared<Gate>(layout.cells[layout.cell_of[gate]].replicas, gate);
    }
  }
}

void Job::make_sources() {
  for (StageId id = 0; id < sources_.size(); ++id) {
    const auto& source = plan_.checked.sources[id];
    bool lives_here = source && source_here(plan_.layout.cell_of[id]);
    if (lives_here) sources_[id] = std::make_shared<PulledSource>(source, actors_.setup(id));
  }
}

// With cuts no barrier may wait behind data that nobody takes: gates are at the sources, too.
std::vector<StageId> Job::gates_of(CellId cell) const {
  std::vector<StageId> gates = plan_.layout.cells[cell].gates;
  if (!share_.cuts) return gates;
  for (StageId gate : gates_at_source(plan_.checked.graph, plan_.layout, cell)) {
    if (std::find(gates.begin(), gates.end(), gate) == gates.end()) gates.push_back(gate);
  }
  return gates;
}

bool Job::source_here(CellId cell) const {
  return is_source(plan_.layout.cells[cell].stages.front()) &&
         plan_.placement.source_node[cell] == share_.me;
}

Result<void> Job::can_run() const {
  const std::string& graph = plan_.checked.graph.name();
  if (!plan_.placement.local() && !share_.links) {
    return invalid("graph " + graph + " is placed on " + std::to_string(plan_.placement.nodes.size()) +
                   " nodes and this process has no links to them: run it on a cluster");
  }
  for (StageId id = 0; id < sources_.size(); ++id) {
    if (!is_source(id) || !source_here(plan_.layout.cell_of[id])) continue;
    if (!sources_[id]) {
      return failed("graph " + graph + ": source " + plan_.checked.graph.stages()[id].name +
                    " runs on this node and was not looked at here");
    }
    if (!sources_[id]->claim()) {
      return invalid("graph " + graph + ": source " + plan_.checked.graph.stages()[id].name +
                     " has been run before, from this plan or a copy of it, and is used up: plan the graph again");
    }
  }
  return {};
}

Result<void> Job::build(Crew& crew) {
  crew_ = &crew;
  auto built = guarded([&]() -> Result<void> {
    try {
      return build_all();
    } catch (const std::system_error& error) {
      return no_threads(1, error);
    }
  });
  if (!built) state_->fail(built.error());
  return built;
}

Result<void> Job::build_all() {
  if (auto ok = can_run(); !ok) return ok;
  if (auto ok = can_be_cut(); !ok) return ok;
  channels_.make();
  auto built = build_cells();
  share_.restored.reset();
  return built;
}

Result<void> Job::build_cells() {
  for (CellId id = 0; id < plan_.layout.cells.size(); ++id) {
    for (std::size_t replica = 0; replica < plan_.layout.cells[id].replicas; ++replica) {
      if (!channels_.here({id, replica})) continue;
      auto made = actors_.make({id, replica}, channels_.slot({id, replica}).wake());
      if (!made) return std::move(made).error();
      cell({id, replica}, std::move(made).value());
    }
  }
  return {};
}

void Job::cell(const ReplicaId& replica, JobActors::Stages stages) {
  const CellPlan& plan = plan_.layout.cells[replica.cell];
  Cell::Setup setup;
  setup.keeps_order = plan.keeps_order;
  setup.cuts = share_.cuts;
  setup.sealed_as = sealed_as();
  setup.finished = finished(stages);
  setup.stages = std::move(stages);
  for (StageId gate : gates_of(replica.cell)) setup.gates.push_back(gates_[gate]);
  for (StageId id : plan.stages) {
    if (gates_[id] && plan_.layout.cell_of[id] == replica.cell) setup.opens.push_back(id);
    if (is_source(id)) setup.source = sources_[id];
  }
  host(std::move(setup), channels_.slot(replica), plan.blocking);
  CellSnapshot fixed;
  fixed.cell = static_cast<std::uint32_t>(replica.cell);
  fixed.replica = static_cast<std::uint32_t>(replica.replica);
  fixed.detached = plan.blocking;
  published_.add(std::move(fixed), cells_.back()->activity());
}

void Job::host(Cell::Setup setup, CellSlot& slot, bool detached) {
  setup.job = state_.get();
  setup.ended = [this](StageId stage) {
    gate_ended(stage);
    if (share_.gate_ended) share_.gate_ended(stage);
  };
  cells_.push_back(slot.make_cell(std::move(setup)));
  state_->add_wake(slot.host(*crew_, detached).anywhere);
}

void Job::gate_ended(StageId stage) {
  if (gates_[stage]->ended()) state_->wake_all();
}

void Job::prepare(const Growth& growth) {
  {
    std::lock_guard lock(planned_);
    plan_.layout = growth.layout;
    plan_.placement = growth.placement;
  }
  auto host = [this](const ReplicaId& replica, JobActors::Stages stages) { cell(replica, std::move(stages)); };
  growth_.emplace(JobGrowth::Setup{plan_, channels_, actors_, *state_, host}, growth);
}

Result<void> Job::receive() { return growth_->receive(); }

void Job::attach() {
  growth_->attach();
  growth_.reset();
}

void Job::abandon() {
  {
    std::lock_guard lock(planned_);
    end_replica(plan_.layout, plan_.placement, growth_->replica());
  }
  growth_->abandon();
  growth_.reset();
}

void Job::abandon(const ReplicaId& replica) {
  std::lock_guard lock(planned_);
  end_replica(plan_.layout, plan_.placement, replica);
  ending_.emplace_back(replica.cell, channels_.slot(replica).cell());
}

Result<void> Job::grow(const Growth& growth) {
  prepare(growth);
  auto ok = receive();
  ok ? attach() : abandon();
  return ok;
}

void Job::retire(const Shrinking& shrinking) {
  {
    std::lock_guard lock(planned_);
    plan_.placement = shrinking.placement;
    std::erase_if(ending_, [](const auto& each) { return each.second->ended(); });
    for (const ReplicaId& gone : shrinking.ended) {
      if (channels_.here(gone)) ending_.emplace_back(gone.cell, channels_.slot(gone).cell());
    }
  }
  for (std::uint32_t id : shrinking.channels) {
    const ChannelPlan& channel = plan_.placement.channels[id];
    if (!channels_.sends(channel)) continue;
    CellSlot& above = channels_.slot(channel.from);
    Change change = change::RetireSender{above.outflow_of(channel.link), channel.to.replica};
    above.change(change);
  }
  for (const ReplicaId& gone : shrinking.ended) {
    Change change = change::EndSource{};
    if (channels_.here(gone) && source_here(gone.cell)) channels_.slot(gone).change(change);
  }
}

Result<std::shared_ptr<Tap>> Job::tap(const std::string& place, std::size_t rows, Tap::Reader reader) {
  const Graph& graph = plan_.checked.graph;
  auto stage = tapped_stage(graph, place);
  if (!stage) return std::move(stage).error();
  auto tap = std::make_shared<Tap>(rows, "stage " + graph.stages()[*stage].name + " emits " + graph.stages()[*stage].kind.output->name,
                                   std::move(reader));
  state_->taps().add(*stage, tap);
  return tap;
}

Result<void> Job::let_go() {
  Result<void> first = commit_.let_go();
  for (StageId id = 0; id < sources_.size(); ++id) {
    plan_.checked.sources[id].reset();
    if (!sources_[id]) continue;
    auto gone = sources_[id]->let_go();
    if (first && !gone) first = sources_[id]->stage().named(gone.error().in("its destructor"));
  }
  return first;
}

}  // namespace leat
