#include <leat/runtime/job_actors.hpp>

#include <leat/actor/guard.hpp>
#include <leat/runtime/machine.hpp>

#include <algorithm>

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
  if (auto begun = begin(*run, id, replica); !begun) return run->named(begun.error());
  run->counters().touched.add(thread_usage().pages - pages);
  if (!run->emitted().empty()) {
    return invalid("stage " + stage.name + ": emits in start(), before there is any input: emit in finish()");
  }
  return run;
}

// It starts, and goes on from where it was; or has ended, and does neither.
Result<void> JobActors::begin(StageRun& run, StageId id, std::size_t replica) const {
  const Stage& stage = plan_.checked.graph.stages()[id];
  if (!share_.restored) return run.start();
  const auto& all = share_.restored->stages;
  auto found = std::find_if(all.begin(), all.end(), [&](const StageCut& cut) { return cut.stage == stage.name && cut.replica == replica; });
  if (found == all.end()) return run.start();
  bool same = found->kind == stage.kind.name && found->version == stage.kind.state_version && found->replicas == replicas(id);
  if (!same && !found->state.empty()) {
    return invalid("its state was kept by " + found->kind + " " + found->version + " with " + std::to_string(found->replicas) +
                   " replicas, and it is " + stage.kind.name + " " + stage.kind.state_version + " with " +
                   std::to_string(replicas(id)) + ": go on with the program that kept it, or begin afresh");
  }
  auto begun = found->ended ? Result<void>() : run.start();
  return begun ? run.restore(*found) : begun;
}

Result<std::unique_ptr<Actor>> JobActors::maker_of(const Sealed& sealed) const {
  const auto& stages = plan_.checked.graph.stages();
  auto found = std::find_if(stages.begin(), stages.end(), [&](const Stage& stage) { return stage.name == sealed.stage; });
  if (found == stages.end()) return failed("stage " + sealed.stage + " has sealed output and is not in the graph any more: go on with the graph that wrote it");
  auto id = static_cast<StageId>(found - stages.begin());
  auto actor = guarded([&] { return found->kind.actor(making(id, sealed.name.replica)); });
  if (!actor) return actor.error().in("stage " + sealed.stage);
  if (!*actor) return failed("stage " + sealed.stage + " makes no actor: return one");
  return actor;
}

Result<void> JobActors::commit(const Sealed& sealed) const {
  auto actor = maker_of(sealed);
  if (!actor) return std::move(actor).error();
  auto done = guarded([&] { return (*actor)->commit(sealed.name); });
  return done ? done : done.error().in("stage " + sealed.stage);
}

Result<void> JobActors::abort(const Sealed& sealed) const {
  auto actor = maker_of(sealed);
  if (!actor) return std::move(actor).error();
  auto done = guarded([&] { return (*actor)->abort(sealed.name); });
  return done ? done : done.error().in("stage " + sealed.stage);
}

}  // namespace leat
