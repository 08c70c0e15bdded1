// Jobs with checkpoints: where these are, and going on from the latest.
#include <leat/checkpoint/store.hpp>
#include <leat/gateway/jobs.hpp>

#include <sys/stat.h>

#include <algorithm>
#include <chrono>
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

// All of it is visible once its journal knows of no job any more.
bool Jobs::has_finished(const JobRecord& job) const {
  std::error_code error;
  if (job.checkpoints.count() == 0 || !fs::exists(checkpoints_of(job.id) / "journal", error)) return false;
  auto store = CheckpointStore::open(checkpoints_of(job.id));
  if (!store || store->unfinished()) return false;
  fs::directory_iterator results(results_of(job.id), error);
  return !error && std::any_of(fs::begin(results), fs::end(results), [](const fs::directory_entry& one) { return is_result_name(one.path().filename()); });
}

// Its process has said something; of one that was restored, since then.
bool Jobs::has_begun(const JobRecord& job) const {
  std::error_code error;
  if (fs::exists(folder_of(job.id) / "outcome.json", error)) return true;
  struct stat found {};
  if (::stat(log_of(job.id).c_str(), &found) != 0) return false;
  auto written = std::chrono::sys_time<std::chrono::nanoseconds>(std::chrono::seconds(found.st_mtim.tv_sec) + std::chrono::nanoseconds(found.st_mtim.tv_nsec));
  return job.restored == 0 || written >= job.started;
}

std::vector<std::string> Jobs::checkpoint_words(const JobRecord& job) const {
  if (job.checkpoints.count() == 0) return {};
  std::vector<std::string> words{"--checkpoints=" + checkpoints_of(job.id).string(), "--every=" + std::to_string(job.checkpoints.count()) + "ms"};
  if (job.restored > 0) words.emplace_back("--restore=latest");
  return words;
}

Result<JobView> Jobs::restore(std::uint64_t id) {
  std::unique_lock lock(mutex_);
  auto found = known(id);
  if (!found) return std::move(found).error();
  JobRecord& job = **found;
  std::string name = "job " + std::to_string(id);
  if (removing_.count(id) > 0) return invalid("there is no " + name + ": it is being forgotten");
  if (!has_ended(job.stage)) return invalid(name + " has not ended: there is nothing to restore");
  if (job.stage == JobStage::done) return invalid(name + " is done: there is nothing to restore");
  if (!has_checkpoint(job)) {
    return invalid(name + (job.checkpoints.count() == 0 ? " was submitted without checkpoints" : " has no checkpoint to go on from") + ": submit it anew");
  }
  if (auto room = has_room(job.tenant); !room) return std::move(room).error();
  if (queue_.waiting() + cluster_queue_.waiting() >= kMostQueued) return overloaded(std::to_string(kMostQueued) + " jobs wait already: restore it later");
  // How it ended was the last one's; who reads it would take it for the next one's.
  std::error_code error;
  fs::remove(folder_of(id) / "outcome.json", error);
  job.cpu_before = job.cpu;
  ++job.restored;
  job.stage = JobStage::queued;
  job.cancelling = job.draining = false;
  job.started = job.ended = Time{};
  job.process = {};
  job.status = 0;
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
