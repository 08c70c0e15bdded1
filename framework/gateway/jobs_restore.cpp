// Jobs with checkpoints: where these are, and going on from the latest.
#include <leat/checkpoint/store.hpp>
#include <leat/gateway/jobs.hpp>

#include <utility>

namespace leat {

namespace fs = std::filesystem;

fs::path Jobs::checkpoints_of(std::uint64_t id) const { return folder_of(id) / "checkpoints"; }

// What cannot be read is kept: who goes on from it says what is wrong with it.
bool Jobs::has_checkpoint(const JobRecord& job) const {
  std::error_code error;
  if (job.checkpoints.count() == 0 || !fs::exists(checkpoints_of(job.id) / "journal", error)) return false;
  auto store = CheckpointStore::open(checkpoints_of(job.id));
  if (!store) return true;
  auto unfinished = store->unfinished();
  return unfinished && !unfinished->manifests.empty();
}

std::vector<std::string> Jobs::checkpoint_words(const JobRecord& job) const {
  if (job.checkpoints.count() == 0) return {};
  std::vector<std::string> words{"--checkpoints=" + checkpoints_of(job.id).string(), "--every=" + std::to_string(job.checkpoints.count()) + "ms"};
  if (job.restored > 0) words.push_back(has_checkpoint(job) ? "--restore=latest" : "--fresh");
  return words;
}

Result<JobView> Jobs::restore(std::uint64_t id) {
  std::unique_lock lock(mutex_);
  auto found = known(id);
  if (!found) return std::move(found).error();
  JobRecord& job = **found;
  std::string name = "job " + std::to_string(id);
  if (!has_ended(job.stage)) return invalid(name + " has not ended: there is nothing to restore");
  if (job.stage == JobStage::done) return invalid(name + " is done: there is nothing to restore");
  if (!has_checkpoint(job)) {
    return invalid(name + (job.checkpoints.count() == 0 ? " was submitted without checkpoints" : " ended before its first checkpoint") + ": submit it anew");
  }
  if (auto room = has_room(job.tenant); !room) return std::move(room).error();
  if (queue_.waiting() + cluster_queue_.waiting() >= kMostQueued) return overloaded(std::to_string(kMostQueued) + " jobs wait already: restore it later");
  // How it ended was the last one's; who reads it would take it for the next one's.
  std::error_code error;
  fs::remove(folder_of(id) / "outcome.json", error);
  ++job.restored;
  job.stage = JobStage::queued;
  job.cancelling = job.draining = false;
  job.started = job.ended = Time{};
  job.process = {};
  job.status = 0;
  job.bytes = 0;
  job.sentence.clear();
  if (auto kept = saved(job, lock); !kept) return std::move(kept).error();
  auto now = known(id);
  if (!now) return std::move(now).error();
  if ((*now)->stage == JobStage::queued && !queue_.has(id) && !cluster_queue_.has(id)) {
    tell(**now);
    [[maybe_unused]] auto added = enqueue(**now);
    start_next();
  }
  return seen(id);
}

}  // namespace leat
