#include <leat/runtime/job_actors.hpp>

#include <leat/actor/guard.hpp>
#include <leat/runtime/machine.hpp>

namespace leat {

Result<JobActors::Stages> JobActors::make(const ReplicaId& replica, const Wake& wake) const {
  Stages made;
  for (StageId id : plan_.layout.cells[replica.cell].stages) {
    if (plan_.checked.graph.stages()[id].kind.source) continue;
    auto run = stage(id, replica.replica, wake);
    if (!run) return std::move(run).error();
    made.push_back(std::move(run).value());
  }
  return made;
}

StageRun::Setup JobActors::setup(StageId id) const {
  const Described& described = plan_.checked.described[id];
  return {id, plan_.checked.graph.stages()[id].name, described.needs, described.output.max_chunk, pool_, &state_};
}

Making JobActors::making(StageId id, std::size_t replica) const {
  Making making;
  making.replica = replica;
  making.job = share_.job;
  making.replicas = replicas(id);
  making.wanted = plan_.checked.wanted[id];
  making.inputs.resize(plan_.checked.graph.stages()[id].kind.inputs.size());
  for (const Edge& edge : plan_.checked.graph.edges()) {
    if (edge.to == id) making.inputs[edge.port] = plan_.checked.described[edge.from].output;
  }
  return making;
}

Result<std::unique_ptr<StageRun>> JobActors::stage(StageId id, std::size_t replica, const Wake& wake) const {
  const Stage& stage = plan_.checked.graph.stages()[id];
  auto make = [kind = stage.kind, made_from = making(id, replica)]() -> Result<std::unique_ptr<Actor>> {
    auto actor = guarded([&] { return kind.actor(made_from); });
    if (actor && !*actor) return failed("makes no actor: return one");
    return actor;
  };
  auto set = setup(id);
  set.replica = replica;
  set.replicas = replicas(id);
  set.wake = wake;
  set.blocking = plan_.layout.cells[plan_.layout.cell_of[id]].blocking;
  for (const InputSpec& input : stage.kind.inputs) set.inputs.push_back(input.type);
  std::uint64_t pages = thread_usage().pages;
  auto actor = make();
  if (!actor) return actor.error().in(replica_name(stage.name, replica, set.replicas));
  if (stage.kind.holds == Holds::nothing) set.remake = std::move(make);
  auto run = std::make_unique<StageRun>(std::move(set), std::move(*actor));
  for (const Edge& edge : plan_.checked.graph.edges()) {
    bool chained = edge.to == id && plan_.layout.cell_of[edge.from] == plan_.layout.cell_of[id];
    if (chained) run->chained_port = edge.port;
  }
  if (auto started = run->start(); !started) return run->named(started.error());
  run->counters().touched.add(thread_usage().pages - pages);
  if (!run->emitted().empty()) {
    return invalid("stage " + stage.name + ": emits in start(), before there is any input: emit in finish()");
  }
  return run;
}

}  // namespace leat
