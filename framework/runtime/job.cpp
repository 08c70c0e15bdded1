#include <leat/runtime/job.hpp>

#include <leat/runtime/local_link.hpp>

#include <algorithm>

namespace leat {
namespace {

std::size_t cell_count(const Layout& layout) {
  std::size_t count = 0;
  for (const CellPlan& cell : layout.cells) count += cell.replicas;
  return count;
}

}  // namespace

Job::Job(Plan plan)
    : plan_(std::move(plan)),
      pool_(Pool::make(plan_.bound.chunks())),
      state_(std::make_unique<JobState>(plan_.checked.graph.stages().size(), cell_count(plan_.layout))),
      gates_(plan_.checked.graph.stages().size()),
      sources_(plan_.checked.graph.stages().size()),
      berths_(plan_.layout.cells.size()),
      started_(std::chrono::steady_clock::now()) {}

Job::~Job() {
  for (auto& cell : cells_) cell->disconnect();
}

StageRun::Setup Job::setup(StageId id) const {
  const Described& described = plan_.checked.described[id];
  return {id,    plan_.checked.graph.stages()[id].name, described.needs, described.output.max_chunk,
          pool_, state_.get()};
}

Result<void> Job::build(Crew& crew) {
  const auto& stages = plan_.checked.graph.stages();
  const Layout& layout = plan_.layout;
  for (StageId id = 0; id < stages.size(); ++id) {
    for (StageId gate : stages[id].after) {
      if (!gates_[gate]) gates_[gate] = std::make_shared<Gate>(layout.cells[layout.cell_of[gate]].replicas);
    }
    if (plan_.checked.sources[id]) {
      sources_[id] = std::make_shared<PulledSource>(plan_.checked.sources[id], setup(id));
    }
  }
  for (CellId id = 0; id < layout.cells.size(); ++id) berths_[id].resize(layout.cells[id].replicas);
  for (const LinkPlan& plan : layout.links) link(plan);
  for (CellId id = 0; id < layout.cells.size(); ++id) {
    std::size_t first = cells_.size();
    if (auto ok = cell(id); !ok) return ok;
    for (std::size_t replica = 0; replica < layout.cells[id].replicas; ++replica) {
      *berths_[id][replica].wakes = crew.host(cells_[first + replica], layout.cells[id].blocking);
      state_->wakes.push_back(berths_[id][replica].wakes->anywhere);
    }
  }
  return {};
}

std::size_t Job::index_in_cell(StageId id) const {
  const CellPlan& cell = plan_.layout.cells[plan_.layout.cell_of[id]];
  auto at = std::find(cell.stages.begin(), cell.stages.end(), id) - cell.stages.begin();
  return static_cast<std::size_t>(at) - (sources_[cell.stages.front()] ? 1 : 0);
}

void Job::link(const LinkPlan& link) {
  const Edge& edge = plan_.checked.graph.edges()[link.edge];
  auto& above = berths_[link.from];
  auto& below = berths_[link.to];
  bool forward = link.rule == Dispatch::Rule::forward;
  std::vector<std::vector<std::unique_ptr<Sender>>> senders(above.size());
  std::vector<std::vector<std::unique_ptr<Receiver>>> receivers(below.size());
  for (std::size_t from = 0; from < above.size(); ++from) {
    for (std::size_t to = 0; to < below.size(); ++to) {
      if (forward && from != to) continue;
      auto ends = local_link(
          link.window, [wakes = above[from].wakes] { wakes->anywhere(); },
          [wakes = below[to].wakes] { wakes->here(); });
      senders[from].push_back(std::move(ends.sender));
      receivers[to].push_back(std::move(ends.receiver));
    }
  }
  bool numbers = plan_.layout.cells[link.to].keeps_order && link.rule == Dispatch::Rule::balance;
  for (std::size_t from = 0; from < above.size(); ++from) {
    above[from].outflows.emplace_back(
        Outflow::Setup{link.rule, edge.dispatch.splitter, numbers, pool_, link.window}, std::move(senders[from]));
  }
  bool whole_first = plan_.checked.graph.stages()[edge.to].kind.inputs[edge.port].whole_first;
  for (std::size_t to = 0; to < below.size(); ++to) {
    below[to].intakes.emplace_back(index_in_cell(edge.to), edge.port, whole_first, link.merges,
                                   std::move(receivers[to]));
  }
}

Result<std::unique_ptr<StageRun>> Job::stage(StageId id, std::size_t replica) {
  const Stage& stage = plan_.checked.graph.stages()[id];
  Making making;
  making.replica = replica;
  making.replicas = plan_.layout.cells[plan_.layout.cell_of[id]].replicas;
  making.inputs.resize(stage.kind.inputs.size());
  for (const Edge& edge : plan_.checked.graph.edges()) {
    if (edge.to == id) making.inputs[edge.port] = plan_.checked.described[edge.from].output;
  }
  auto run = std::make_unique<StageRun>(setup(id), stage.kind.actor(making));
  for (const Edge& edge : plan_.checked.graph.edges()) {
    bool chained = edge.to == id && plan_.layout.cell_of[edge.from] == plan_.layout.cell_of[id];
    if (chained) run->chained_port = edge.port;
  }
  if (auto started = run->actor().start(*run); !started) {
    return Error{started.error().kind, "stage " + stage.name + ": " + started.error().sentence};
  }
  if (!run->emitted().empty()) {
    return invalid("stage " + stage.name + ": emits in start(), before there is any input: emit in finish()");
  }
  return run;
}

Result<void> Job::cell(CellId id) {
  const CellPlan& plan = plan_.layout.cells[id];
  for (std::size_t replica = 0; replica < plan.replicas; ++replica) {
    Cell::Setup setup;
    setup.job = state_.get();
    setup.members = plan.stages;
    setup.keeps_order = plan.keeps_order;
    setup.intakes = std::move(berths_[id][replica].intakes);
    setup.outflows = std::move(berths_[id][replica].outflows);
    for (StageId gate : plan.gates) setup.gates.push_back(gates_[gate]);
    for (StageId stage_id : plan.stages) {
      if (gates_[stage_id]) setup.opens.push_back(gates_[stage_id]);
      if (sources_[stage_id]) {
        setup.source = sources_[stage_id];
        continue;
      }
      auto run = stage(stage_id, replica);
      if (!run) return std::move(run).error();
      setup.stages.push_back(std::move(run).value());
    }
    cells_.push_back(std::make_shared<Cell>(std::move(setup)));
  }
  return {};
}

Progress Job::progress() const {
  Progress progress;
  progress.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
  auto counts = state_->counts();
  const auto& stages = plan_.checked.graph.stages();
  for (StageId id = 0; id < stages.size(); ++id) {
    const StageCounters& counters = state_->counters[id];
    StageProgress stage;
    stage.name = stages[id].name;
    stage.replicas = plan_.layout.cells[plan_.layout.cell_of[id]].replicas;
    stage.visits = counters.visits;
    stage.chunks_out = counters.chunks_out;
    stage.bytes_out = counters.bytes_out;
    stage.busy = static_cast<double>(counters.busy_ns) * 1e-9;
    stage.waiting = static_cast<double>(counters.waiting_ns) * 1e-9;
    stage.idle = static_cast<double>(counters.idle_ns) * 1e-9;
    stage.counts = std::move(counts[id]);
    progress.stages.push_back(std::move(stage));
    if (!sources_[id]) continue;
    Extent extent = sources_[id]->extent();
    progress.bytes += extent.bytes;
    progress.rows += extent.rows;
    progress.bytes_total += plan_.checked.described[id].output.bytes;
    progress.rows_total += plan_.checked.described[id].output.rows;
  }
  return progress;
}

Result<void> Job::commit() {
  for (auto& cell : cells_) {
    if (auto ok = cell->commit(); !ok) return ok;
  }
  return {};
}

}  // namespace leat
