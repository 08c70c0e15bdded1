// What a replica of a stage gives for a cut, and takes up of one.
#include <leat/runtime/stage_run.hpp>

namespace leat {

StageCut StageRun::said() const {
  StageCut cut;
  cut.stage = setup_.name;
  cut.replica = setup_.replica;
  cut.replicas = setup_.replicas;
  cut.ended = over_;
  for (const Count& count : counts_) cut.counts[count.name] = count.told + count.before;
  cut.lines = said_;
  return cut;
}

Result<StageCut> StageRun::cut() const {
  auto state = guarded([&] { return actor_->snapshot(*setup_.pool); });
  if (!state) return std::move(state).error();
  StageCut cut = said();
  cut.state = std::move(*state);
  return cut;
}

Result<void> StageRun::restore(const StageCut& from) {
  for (const auto& [name, count] : from.counts) {
    setup_.job->count(setup_.id, name, count);
    counts_.push_back({name, 0, 0, count});
  }
  for (const auto& [name, value] : from.lines) setup_.job->report(name, value);
  said_ = from.lines;
  over_ = from.ended;
  if (over_ || from.state.empty()) return {};
  auto restored = guarded([&] { return actor_->restore(from.state, *this); });
  keep_step();
  return restored;
}

}  // namespace leat
