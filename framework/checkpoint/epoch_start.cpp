#include <leat/checkpoint/epoch_start.hpp>

#include <algorithm>
#include <utility>

namespace leat {
namespace {

std::vector<CutId> kept_rounds(const CheckpointStore::Unfinished& job) {
  std::vector<CutId> rounds;
  for (const Manifest& manifest : job.manifests) rounds.emplace_back(manifest.epoch, manifest.n);
  return rounds;
}

constexpr std::uint64_t kMostBetween = 2 * (CheckpointStore::kMostFailures + 1);

// Cuts between two that are published: some of one may be sealed when it is given up, or the job has ended before it was
// whole.
void add_unpublished(const CheckpointStore::Unfinished& job, std::vector<CutId>& rounds) {
  std::vector<Manifest> all = job.past;
  all.insert(all.end(), job.manifests.begin(), job.manifests.end());
  Manifest before = job.past.empty() || all.empty() ? Manifest{} : all.front();
  for (const Manifest& manifest : all) {
    std::uint64_t first = std::max(before.n + 1, manifest.n - std::min(manifest.n, kMostBetween));
    for (std::uint32_t epoch = before.epoch; epoch <= manifest.epoch; ++epoch) {
      for (std::uint64_t n = first; n < manifest.n; ++n) rounds.emplace_back(epoch, n);
    }
    before = manifest;
  }
}

std::vector<CutId> stale_rounds(const CheckpointStore::Unfinished& job) {
  std::vector<CutId> rounds;
  // One that was killed when it had published has not thrown away what was sealed for the oldest.
  for (const Manifest& manifest : job.past) rounds.emplace_back(manifest.epoch, manifest.n);
  add_unpublished(job, rounds);
  std::uint64_t last = job.manifests.empty() ? 0 : job.manifests.back().n;
  // An epoch that was killed as it began has not thrown away what those before it had sealed.
  std::uint32_t epoch = job.manifests.empty() ? 0 : job.manifests.back().epoch;
  for (; epoch <= job.began.epoch; ++epoch) {
    for (std::uint64_t n = last + 1; n <= last + CheckpointStore::kMostFailures + 1; ++n) rounds.emplace_back(epoch, n);
  }
  return rounds;
}

}  // namespace

EpochStart first_epoch(std::string folder, std::string job) { return {std::move(folder), std::move(job)}; }

EpochStart epoch_start(std::string folder, const CheckpointStore::Unfinished& job, const Manifest& from) {
  EpochStart start{std::move(folder), job.began.job, job.began.epoch + 1};
  if (from.last) start.work = EpochWork::commit;
  start.next = job.manifests.empty() ? 1 : job.manifests.back().n + 1;
  start.from = from;
  start.pending = job.uncommitted;
  start.rounds = kept_rounds(job);
  start.stale = stale_rounds(job);
  return start;
}

EpochStart last_epoch(std::string folder, const CheckpointStore::Unfinished& job) {
  EpochStart start = epoch_start(std::move(folder), job, job.manifests.empty() ? Manifest{} : job.manifests.back());
  start.work = EpochWork::abort;
  return start;
}

}  // namespace leat
