#include <leat/runtime/job_scaling.hpp>

namespace leat {
namespace {

std::vector<ReplicaPool> pools_of(const Plan& plan) {
  return replica_pools(plan.checked, plan.layout, plan.placement);
}

}  // namespace

JobScaling::JobScaling(Job& job)
    : job_(job), scaler_(pools_of(job.plan())), pools_(pools_of(job.plan())) {}

void JobScaling::look() {
  if (pools_.empty()) return;
  const Plan& plan = job_.plan();
  auto wish = scaler_.wish(pools_, plan.placement.nodes, job_.progress());
  if (!wish) return;
  auto possible = pool_choices(plan.checked, plan.layout, plan.placement);
  auto chosen = scaler_.choose(*wish, pools_, plan.placement.nodes, possible);
  if (!chosen) return;
  change(*chosen);
  pools_ = pools_of(plan);
}

// What comes too late changes nothing: the job is about to end.
void JobScaling::change(const PoolChange& change) {
  const Plan& plan = job_.plan();
  if (change.what == PoolChange::What::grow) {
    auto growth = grow(plan.checked, plan.layout, plan.placement, change.cell, change.node);
    if (growth) [[maybe_unused]]
      auto in_time = job_.grow(*growth);
    return;
  }
  auto shrinking = shrink(plan.checked, plan.layout, plan.placement, {change.cell, change.replica});
  if (shrinking) job_.retire(*shrinking);
}

}  // namespace leat
