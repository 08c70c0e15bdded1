#include <leat/gateway/live_picture.hpp>

#include <pthread.h>

#include <utility>

namespace leat {

LivePicture::LivePicture(EventLog& events, std::function<Made()> make, std::uint64_t job)
    : events_(events), make_(std::move(make)), thread_([this] { run(); }) {
  bool gap = false;
  auto hear = [this, job](const LoggedEvent& event) {
    if (job == 0 || event.job == job) changed();
  };
  listener_ = events_.listen(events_.last(), hear, gap);
}

LivePicture::~LivePicture() {
  events_.forget(listener_);
  {
    std::lock_guard lock(mutex_);
    ends_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

std::uint64_t LivePicture::join(std::shared_ptr<WebSocket> socket, bool wants, LatestText::Until until, LiveForm form) {
  std::lock_guard lock(mutex_);
  poked_ = true;
  rests_ = false;
  changed_.notify_all();
  return latest_.join(std::move(socket), wants, until, form);
}

void LivePicture::leave(std::uint64_t watcher) {
  std::lock_guard lock(mutex_);
  latest_.leave(watcher);
  if (latest_.watched()) return;
  poked_ = true;
  changed_.notify_all();
}

bool LivePicture::rests() const {
  std::lock_guard lock(mutex_);
  return rests_;
}

void LivePicture::changed() {
  std::lock_guard lock(mutex_);
  if (!latest_.changed() || !latest_.watched()) return;
  poked_ = true;
  changed_.notify_all();
}

// Who tells of a change holds locks that are taken to make it.
void LivePicture::make(std::unique_lock<std::mutex>& lock) {
  lock.unlock();
  Made made = make_();
  lock.lock();
  latest_.show(std::move(made.text));
  if (made.moves) latest_.changed();
}

void LivePicture::run() {
  ::pthread_setname_np(::pthread_self(), "live picture");
  std::unique_lock lock(mutex_);
  while (!ends_) {
    poked_ = false;
    auto now = LatestText::Clock::now();
    if (latest_.due(now)) {
      latest_.begin(now);
      make(lock);
    }
    latest_.send(std::chrono::system_clock::now());
    auto called = [this] { return ends_ || poked_; };
    rests_ = !latest_.watched();
    if (rests_) changed_.wait(lock, called);
    else changed_.wait_until(lock, latest_.next(now), called);
  }
}

}  // namespace leat
