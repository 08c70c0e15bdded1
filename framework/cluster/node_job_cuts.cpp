// What a node does of a job's checkpoints.
#include <leat/cluster/node_job.hpp>

namespace leat {

bool NodeJob::runs() const { return deploy_->start.work == EpochWork::run; }

Result<void> NodeJob::prepare_checkpoints(Share& share) {
  if (deploy_->start.folder.empty()) return {};
  auto checkpoints = std::make_shared<NodeCheckpoints>(setup_.id, deploy_->me, deploy_->start, [this](const control::Message& message) { say(message); });
  if (auto prepared = checkpoints->prepare(share); !prepared) return prepared;
  std::lock_guard lock(mutex_);
  checkpoints_ = std::move(checkpoints);
  return {};
}

bool NodeJob::clings(std::chrono::steady_clock::time_point now) const {
  constexpr std::chrono::seconds kMostToDrop{10};
  std::lock_guard lock(mutex_);
  return checkpoints_ && cancelled_ && !ended_ && now - cancelled_at_ > kMostToDrop;
}

void NodeJob::take_cut(std::uint64_t n) {
  if (auto checkpoints = checkpoints_now()) checkpoints->order(n);
}

void NodeJob::cut_over(std::uint64_t n, const std::string& refused) {
  if (auto checkpoints = checkpoints_now()) checkpoints->over(n, refused);
}

std::shared_ptr<NodeCheckpoints> NodeJob::checkpoints_now() const {
  std::lock_guard lock(mutex_);
  return checkpoints_;
}

Result<std::vector<Sealed>> NodeJob::seal() {
  if (checkpoints_) return checkpoints_->seal();
  if (auto sealed = job_->seal(); !sealed) return std::move(sealed).error();
  return std::vector<Sealed>();
}

Result<void> NodeJob::commit_checkpoints() { return runs() ? checkpoints_->commit() : checkpoints_->settle(*job_); }

// Its thread is through before the job goes.
void NodeJob::forget_checkpoints() {
  std::shared_ptr<NodeCheckpoints> checkpoints;
  {
    std::lock_guard lock(mutex_);
    checkpoints.swap(checkpoints_);
  }
  if (checkpoints) checkpoints->stop();
}

}  // namespace leat
