#include <leat/gateway/live_jobs.hpp>

#include <leat/gateway/job_json.hpp>
#include <leat/gateway/job_picture.hpp>

#include <utility>

namespace leat {

std::string live_jobs_text(const Jobs& jobs, const EventLog& events) {
  std::uint64_t number = events.last();
  return live_json(jobs.current(kMostShownJobs), number);
}

LiveJobs::LiveJobs(const Jobs& jobs, EventLog& events)
    : jobs_(jobs), events_(events), all_(events, [this] { return LivePicture::Made{live_jobs_text(jobs_, events_)}; }) {}

Watching LiveJobs::join(std::shared_ptr<WebSocket> socket, bool wants, LatestText::Until until, LiveForm form) {
  return {0, all_.join(std::move(socket), wants, until, form)};
}

std::optional<Watching> LiveJobs::join(std::uint64_t job, std::shared_ptr<WebSocket> socket, LatestText::Until until, LiveForm form) {
  std::lock_guard lock(mutex_);
  std::erase_if(each_, [job](const auto& entry) { return entry.first != job && entry.second->rests(); });
  auto& picture = each_[job];
  if (!picture && each_.size() > kMost) {
    each_.erase(job);
    return std::nullopt;
  }
  if (!picture) {
    auto maker = std::make_shared<JobPicture>(jobs_, events_, job);
    picture = std::make_unique<LivePicture>(events_, [maker] { return maker->make(); }, job);
  }
  return Watching{job, picture->join(std::move(socket), true, until, form)};
}

void LiveJobs::leave(const Watching& watching) {
  if (watching.job == 0) return all_.leave(watching.watcher);
  std::lock_guard lock(mutex_);
  // A picture that is watched is there.
  each_.at(watching.job)->leave(watching.watcher);
}

}  // namespace leat
