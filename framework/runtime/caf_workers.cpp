#include <leat/runtime/caf_workers.hpp>

#include <caf/policy/work_stealing.hpp>
#include <caf/scheduler/coordinator.hpp>

namespace leat {
namespace {

using Coordinator = caf::scheduler::coordinator<caf::policy::work_stealing>;
using Worker = Coordinator::worker_type;

}  // namespace

CafWorkers::CafWorkers(caf::actor_system& system, std::size_t threads)
    : system_(system), load_(threads), idle_(static_cast<std::ptrdiff_t>(threads)) {}

std::size_t CafWorkers::index_of(const caf::execution_unit* worker) { return static_cast<const Worker*>(worker)->id(); }

// The first, so that where few are needed the same ones are awake.
CafWorkers::Chosen CafWorkers::choose() {
  if (idle_.load(std::memory_order_relaxed) <= 0) return kNone;
  for (std::size_t i = 0; i < load_.size(); ++i) {
    std::size_t none = 0;
    if (!load_[i].compare_exchange_strong(none, 1, std::memory_order_relaxed)) continue;
    idle_.fetch_sub(1, std::memory_order_relaxed);
    return static_cast<Chosen>(i);
  }
  return kNone;
}

void CafWorkers::begins(std::size_t worker, Chosen chosen) {
  if (chosen == static_cast<Chosen>(worker)) return;
  if (load_[worker].fetch_add(1, std::memory_order_relaxed) == 0) idle_.fetch_sub(1, std::memory_order_relaxed);
  if (chosen != kNone) less(static_cast<std::size_t>(chosen));
}

void CafWorkers::less(std::size_t worker) {
  if (load_[worker].fetch_sub(1, std::memory_order_relaxed) == 1) idle_.fetch_add(1, std::memory_order_relaxed);
}

void CafWorkers::Unit::exec_later(caf::resumable* job) {
  auto& coordinator = static_cast<Coordinator&>(workers_.system_.scheduler());
  coordinator.worker_by_id(static_cast<std::size_t>(chosen_))->external_enqueue(job);
}

}  // namespace leat
