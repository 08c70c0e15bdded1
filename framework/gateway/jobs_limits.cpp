// What jobs use, say and leave: looked at while they run, held against quotas, kept for a while.
#include <leat/gateway/jobs.hpp>

#include <algorithm>
#include <utility>

namespace leat {
namespace {

// So often what was read is on disk, too: who ends without a service to see it is charged what was known then.
constexpr std::uint64_t kLooksToSave = 10;

}  // namespace

QuotaUsed Jobs::use_of(const std::string& tenant) const {
  QuotaUsed use;
  Time since = now_utc() - Quota::kCounted;
  for (const auto& [id, job] : jobs_) {
    if (job.tenant != tenant) continue;
    bool over = has_ended(job.stage);
    use.jobs += !over;
    use.bytes += job.bytes;
    if (!over || job.ended >= since) use.cpu += job.cpu;
  }
  for (const JobStore::Spent& one : spent_) {
    if (one.tenant == tenant && one.ended >= since) use.cpu += one.cpu;
  }
  use.bytes += options_.uploaded(tenant);
  return use;
}

Result<void> Jobs::has_room(const std::string& tenant) const {
  Quota quota = options_.quota(tenant);
  return quota.none() ? Result<void>() : within_quota(quota, use_of(tenant), tenant);
}

Result<void> Jobs::room_for(const std::string& tenant, std::uint64_t bytes) const {
  Quota quota = options_.quota(tenant);
  if (!quota.bytes) return {};
  std::lock_guard lock(mutex_);
  return room_in_quota(quota, use_of(tenant), tenant, bytes);
}

void Jobs::look_later() {
  if (std::exchange(look_comes_, true)) return;
  watch_->after(kLook, [this] {
    std::lock_guard lock(mutex_);
    look_comes_ = false;
    if (!ends_) look();
  });
}

void Jobs::look() {
  ++looks_;
  for (std::uint64_t id : running_) look_at(jobs_.at(id));
  end_those_without_cpu();
  if (!running_.empty()) look_later();
}

void Jobs::look_at(JobRecord& job) {
  double before = job.cpu;
  if (auto used = cpu_seconds_of(job.process)) job.cpu = std::max(job.cpu, job.cpu_before + *used);
  if (looks_ % kLooksToSave == 0 && job.cpu > before) save(job);
  auto kept = keep_last(log_of(job.id), kMostLog);
  if (!kept && !std::exchange(log_warned_, true)) options_.log.warning("logs are not cut", {{"why", kept.error().sentence}});
}

void Jobs::end_those_without_cpu() {
  std::map<std::string, std::optional<std::string>> refused;  // by tenant
  for (std::uint64_t id : running_) {
    JobRecord& job = jobs_.at(id);
    auto [at, added] = refused.try_emplace(job.tenant);
    if (added) {
      Quota quota = options_.quota(job.tenant);
      auto left = quota.cpu ? cpu_in_quota(quota, use_of(job.tenant), job.tenant) : Result<void>();
      if (!left) at->second = left.error().sentence;
    }
    if (!at->second || job.cancelling) continue;
    job.cancelling = true;
    job.sentence = "cancelled: " + *at->second;
    end_process(job);
    tell(job);
    save(job);
  }
}

std::vector<std::uint64_t> Jobs::old_jobs(Time time) const {
  std::lock_guard lock(mutex_);
  std::vector<std::uint64_t> old;
  std::vector<KeptJob> others;
  for (const auto& [id, job] : jobs_) {
    if (!has_ended(job.stage)) continue;
    if (!job.pinned && job.ended < time) old.push_back(id);
    else others.push_back({id, job.ended, job.bytes, job.pinned});
  }
  for (std::uint64_t id : to_forget(std::move(others), options_.keep)) old.push_back(id);
  return old;
}

void Jobs::forget_old(Time time) {
  for (std::uint64_t id : old_jobs(time)) {
    if (auto done = remove(id); !done) options_.log.warning("job not forgotten", {{"job", std::to_string(id)}, {"why", done.error().sentence}});
  }
  std::lock_guard lock(mutex_);
  std::erase_if(spent_, [since = now_utc() - Quota::kCounted](const JobStore::Spent& one) { return one.ended < since; });
}

std::uint64_t Jobs::ended_within(std::uint64_t seen, std::chrono::milliseconds time) const {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, time, [&] { return ends_ || ends_seen_ != seen; });
  return ends_seen_;
}

}  // namespace leat
