// Cuts through a job: what it must be for them, what is kept of one, and how one that is the last ends it.
#include <leat/actor/guard.hpp>
#include <leat/runtime/job.hpp>

#include <algorithm>

namespace leat {
namespace {

// An edge has one number at a cut, however many of its ends say it.
void add(std::vector<EdgeCut>& edges, EdgeCut cut) {
  bool there = std::any_of(edges.begin(), edges.end(), [&](const EdgeCut& edge) {
    return edge.from == cut.from && edge.to == cut.to && edge.port == cut.port;
  });
  if (!there) edges.push_back(std::move(cut));
}

}  // namespace

Result<void> Job::can_be_cut() const {
  if (!share_.cuts) return {};
  const Graph& graph = plan_.checked.graph;
  auto refused = [&](const Stage& stage, const std::string& why) {
    return invalid("graph " + graph.name() + ": stage " + stage.name + " " + why + ": run it without checkpoints");
  };
  for (StageId id = 0; id < graph.stages().size(); ++id) {
    const Stage& stage = graph.stages()[id];
    if (!is_source(id) && stage.kind.holds == Holds::unknown) {
      return refused(stage, "does not say what it holds between chunks, so that nothing can go on from a checkpoint; give its kind holds, or");
    }
    if (stage.dead_letters > 0) return refused(stage, "may put chunks aside, which checkpoints do not keep yet");
    if (!sources_[id]) continue;
    if (auto restored = share_.restored) {
      auto found = std::find_if(restored->sources.begin(), restored->sources.end(), [&](const SourceCut& cut) { return cut.stage == stage.name; });
      if (found == restored->sources.end()) return refused(stage, "is not in the checkpoint that is restored; begin afresh, or");
      if (auto sought = sources_[id]->restore(*found); !sought) return sources_[id]->stage().named(sought.error());
    }
    if (auto probed = sources_[id]->has_position(); !probed) return sources_[id]->stage().named(probed.error());
  }
  return {};
}

// Stages that had ended, from the top.
std::size_t Job::finished(const JobActors::Stages& stages) const {
  auto live = std::find_if(stages.begin(), stages.end(), [](const auto& stage) { return !stage->over(); });
  return static_cast<std::size_t>(live - stages.begin());
}

Result<Cut> Job::cut_of(WholeCut whole, std::vector<Sealed>& sealed) {
  const auto& stages = plan_.checked.graph.stages();
  Cut cut{share_.epoch, whole.n, {}, std::move(whole.sources), {}};
  OutputName name = sealed_as();
  name.n = whole.n;
  for (CellCut& cell : whole.cells) {
    for (auto [link, next] : cell.links) {
      const Edge& edge = plan_.checked.graph.edges()[plan_.layout.links[link].edge];
      add(cut.edges, {stages[edge.from].name, stages[edge.to].name, edge.port, next});
    }
    for (StageCut& stage : cell.stages) cut.stages.push_back(std::move(stage));
  }
  for (const StageCut& stage : cut.stages) {
    name.replica = stage.replica;
    sealed.push_back({stage.stage, name});
  }
  for (const auto& cell : cells_) {
    bool ended = std::find(whole.ended.begin(), whole.ended.end(), cell->number()) != whole.ended.end();
    if (!ended) continue;
    if (auto added = add_ended(*cell, whole.n, cut, sealed); !added) return std::move(added).error();
  }
  for (StageId id = 0; id < sources_.size(); ++id) {
    if (!sources_[id]) continue;
    auto said = sources_[id]->cut(whole.n, *state_);
    if (!said) return sources_[id]->stage().named(said.error());
    if (!*said) continue;
    (*said)->ended = true;  // all that pull it have ended
    cut.sources.push_back(std::move(**said));
  }
  std::erase_if(sealed, [&](const Sealed& each) { return !is_sink(each.stage); });
  for (StageCut& stage : cut.stages) {
    const StageKind& kind = stage_named(stage.stage)->kind;
    stage.kind = kind.name;
    stage.version = kind.state_version;
  }
  return cut;
}

Result<void> Job::add_ended(Cell& cell, std::uint64_t n, Cut& cut, std::vector<Sealed>& sealed) {
  OutputName name = sealed_as();
  name.n = n;
  name.last = true;
  for (const auto& run : cell.stages()) {
    if (!run->over()) {
      if (auto ok = run->seal(name); !ok) return run->named(ok.error());
      StageCut said = run->said();
      OutputName its = name;
      its.replica = said.replica;
      sealed.push_back({said.stage, its});
    }
    cut.stages.push_back(run->said());
  }
  return {};
}

Result<void> Job::seal_last(std::uint64_t n, std::vector<Sealed>& sealed) {
  Cut none;
  for (const auto& cell : cells_) {
    if (auto ok = add_ended(*cell, n, none, sealed); !ok) return ok;
  }
  std::erase_if(sealed, [&](const Sealed& each) { return !is_sink(each.stage); });
  return {};
}

std::vector<Sealed> Job::sealed_for(std::uint32_t epoch, std::uint64_t n) const {
  std::vector<Sealed> all;
  const auto& stages = plan_.checked.graph.stages();
  for (StageId id = 0; id < stages.size(); ++id) {
    if (stages[id].kind.output) continue;
    for (std::size_t replica = 0; replica < plan_.layout.cells[plan_.layout.cell_of[id]].replicas; ++replica) {
      if (channels_.here({plan_.layout.cell_of[id], replica})) all.push_back({stages[id].name, {share_.job, epoch, n, replica, false}});
    }
  }
  return all;
}

bool Job::seals(const Sealed& sealed) const {
  const auto& stages = plan_.checked.graph.stages();
  auto found = std::find_if(stages.begin(), stages.end(), [&](const Stage& stage) { return stage.name == sealed.stage; });
  if (found == stages.end() || found->kind.output) return false;
  CellId cell = plan_.layout.cell_of[static_cast<StageId>(found - stages.begin())];
  return sealed.name.replica < plan_.layout.cells[cell].replicas && channels_.here({cell, sealed.name.replica});
}

const Stage* Job::stage_named(const std::string& name) const {
  const auto& stages = plan_.checked.graph.stages();
  return &*std::find_if(stages.begin(), stages.end(), [&](const Stage& stage) { return stage.name == name; });
}

bool Job::is_sink(const std::string& name) const { return !stage_named(name)->kind.output; }

}  // namespace leat
