#include <leat/runtime/job.hpp>

#include <algorithm>

namespace leat {
Progress sum(const std::vector<Progress>& shares) {
  Progress whole;
  for (const Progress& share : shares) {
    whole.seconds = std::max(whole.seconds, share.seconds);
    whole.bytes += share.bytes;
    whole.bytes_total += share.bytes_total;
    whole.rows += share.rows;
    whole.rows_total += share.rows_total;
    whole.curves.insert(whole.curves.end(), share.curves.begin(), share.curves.end());
    for (const StageProgress& stage : share.stages) {
      auto found = std::find_if(whole.stages.begin(), whole.stages.end(),
                                [&](const StageProgress& one) { return one.name == stage.name; });
      if (found == whole.stages.end()) {
        whole.stages.push_back(stage);
      } else {
        add(*found, stage);
      }
    }
  }
  return whole;
}

// Cells here that run the stage: a source is run by those that pull it.
std::size_t Job::replicas_here(StageId id) const {
  std::lock_guard lock(planned_);
  std::size_t count = 0;
  for (CellId cell = 0; cell < plan_.layout.cells.size(); ++cell) {
    const auto& members = plan_.layout.cells[cell].stages;
    if (std::find(members.begin(), members.end(), id) == members.end()) continue;
    if (is_source(id) && !source_here(cell)) continue;
    for (std::size_t replica : live_replicas(plan_.placement, cell)) count += channels_.here({cell, replica}) ? 1u : 0u;
    for (const auto& [of, ending] : ending_) count += of == cell && !ending->ended() ? 1u : 0u;
  }
  return count;
}

Progress Job::progress() const {
  Progress progress;
  progress.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
  auto counts = state_->counts();
  const auto& stages = plan_.checked.graph.stages();
  for (StageId id = 0; id < stages.size(); ++id) {
    StageProgress stage = state_->totals(id);
    stage.name = stages[id].name;
    stage.replicas = replicas_here(id);
    stage.counts = std::move(counts[id]);
    progress.stages.push_back(std::move(stage));
    if (!sources_[id]) continue;
    const auto& whole = plan_.checked.described[id].output;
    if (auto extent = sources_[id]->extent()) {
      progress.bytes += extent->bytes;
      progress.rows += extent->rows;
      progress.stages.back().read = whole.bytes > 0 ? extent->bytes : extent->rows;
    } else {
      state_->fail(sources_[id]->stage().named(extent.error()));
    }
    progress.bytes_total += whole.bytes;
    progress.rows_total += whole.rows;
    progress.stages.back().to_read = whole.bytes > 0 ? whole.bytes : whole.rows;
  }
  progress.curves = state_->curves();
  count_sent(progress);
  return progress;
}

JobSnapshot Job::snapshot() const {
  using Seconds = std::chrono::duration<double>;
  auto now = std::chrono::steady_clock::now();
  JobSnapshot snapshot;
  snapshot.seconds = Seconds(now - started_).count();
  for (const Stage& stage : plan_.checked.graph.stages()) snapshot.stages.push_back(stage.name);
  published_.read(snapshot, now);
  {
    std::lock_guard lock(planned_);
    NodeSnapshot& node = snapshot.nodes.emplace_back();
    if (!plan_.placement.local()) node.name = plan_.placement.nodes[share_.me].name;
    node.threads = static_cast<std::uint32_t>(plan_.layout.threads);
  }
  snapshot.took = Seconds(std::chrono::steady_clock::now() - now).count();
  return snapshot;
}

// By stages here, to replicas wherever they are: summed over nodes it is what was sent to the stage.
void Job::count_sent(Progress& progress) const {
  std::lock_guard lock(planned_);
  for (const Edge& edge : plan_.checked.graph.edges()) {
    bool to_all = edge.dispatch.rule == Dispatch::Rule::broadcast;
    std::uint64_t copies = to_all ? live_replicas(plan_.placement, plan_.layout.cell_of[edge.to]).size() : 1;
    progress.stages[edge.to].chunks_in += progress.stages[edge.from].chunks_out * copies;
  }
}

std::string Job::touched_most() const {
  std::string most;
  std::uint64_t pages = 0;
  for (StageId id = 0; id < state_->stages(); ++id) {
    std::uint64_t its = state_->touched(id);
    if (its > pages) most = state_->stage_name(id);
    pages = std::max(pages, its);
  }
  return most;
}

}  // namespace leat
