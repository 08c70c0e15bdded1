#include <leat/gateway/live_jobs.hpp>

#include <leat/gateway/job_json.hpp>

#include <pthread.h>

#include <utility>

namespace leat {

LiveJobs::LiveJobs(EventLog& events, std::function<std::string()> make)
    : events_(events), make_(std::move(make)), thread_([this] { run(); }) {
  bool gap = false;
  listener_ = events_.listen(events_.last(), [this](const LoggedEvent&) { changed(); }, gap);
}

LiveJobs::~LiveJobs() {
  events_.forget(listener_);
  {
    std::lock_guard lock(mutex_);
    ends_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

std::uint64_t LiveJobs::join(std::shared_ptr<WebSocket> socket, bool wants, LatestText::Until until) {
  std::lock_guard lock(mutex_);
  poked_ = true;
  changed_.notify_all();
  return latest_.join(std::move(socket), wants, until);
}

void LiveJobs::leave(std::uint64_t watcher) {
  std::lock_guard lock(mutex_);
  latest_.leave(watcher);
}

void LiveJobs::changed() {
  std::lock_guard lock(mutex_);
  if (!latest_.changed() || !latest_.watched()) return;
  poked_ = true;
  changed_.notify_all();
}

void LiveJobs::run() {
  ::pthread_setname_np(::pthread_self(), "live jobs");
  std::unique_lock lock(mutex_);
  while (!ends_) {
    poked_ = false;
    auto now = LatestText::Clock::now();
    if (latest_.due(now)) {
      latest_.begin(now);
      // Who tells of a change holds locks that are taken to make it.
      lock.unlock();
      std::string text = make_();
      lock.lock();
      latest_.show(std::move(text));
    }
    latest_.send(std::chrono::system_clock::now());
    auto called = [this] { return ends_ || poked_; };
    if (!latest_.watched()) changed_.wait(lock, called);
    else changed_.wait_until(lock, latest_.next(now), called);
  }
}

std::string live_jobs_text(const Jobs& jobs, const EventLog& events) {
  std::uint64_t number = events.last();
  return live_json(jobs.current(kMostShownJobs), number);
}

}  // namespace leat
