// A crew of plain threads, in CAF's place where ThreadSanitizer looks: it does not see into a library that was built
// without it, and takes what CAF orders there for races. The same cells, links and wakes run, on one queue.
#include <leat/runtime/crew.hpp>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace leat {
namespace {

using Clock = std::chrono::steady_clock;

struct Hosted {
  enum class State { asleep, queued, running, woken };
  std::shared_ptr<Steppable> what;
  State state = State::asleep;
  Clock::time_point wakes_at = Clock::time_point::max();
};
using State = Hosted::State;

// What threads and wakes share: a wake may come when the crew has gone.
class Queue {
 public:
  void host(std::shared_ptr<Hosted> one) {
    std::lock_guard lock(mutex_);
    ++hosted_;
    all_.push_back(std::move(one));
  }

  void wake(const std::shared_ptr<Hosted>& one) {
    std::lock_guard lock(mutex_);
    wake_locked(one);
  }

  // When all have quit.
  void end() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return hosted_ == 0; });
    ending_ = true;
    changed_.notify_all();
  }

  void work() {
    std::unique_lock lock(mutex_);
    while (true) {
      auto next = wake_due();
      if (ending_) return;
      if (!queue_.empty()) {
        auto one = queue_.front();
        queue_.pop_front();
        run(one, lock);
      } else if (next == Clock::time_point::max()) {
        changed_.wait(lock);
      } else {
        changed_.wait_until(lock, next);
      }
    }
  }

 private:
  void wake_locked(const std::shared_ptr<Hosted>& one) {
    if (one->state == State::running) one->state = State::woken;
    if (one->state != State::asleep || !one->what) return;
    one->state = State::queued;
    one->what->woken();
    queue_.push_back(one);
    changed_.notify_one();
  }

  // Wakes those whose time has come; the next time there is.
  Clock::time_point wake_due() {
    auto now = Clock::now();
    auto next = Clock::time_point::max();
    for (const auto& one : all_) {
      if (one->state == State::asleep && one->wakes_at <= now) wake_locked(one);
      if (one->state == State::asleep) next = std::min(next, one->wakes_at);
    }
    return next;
  }

  void run(const std::shared_ptr<Hosted>& one, std::unique_lock<std::mutex>& lock) {
    one->state = State::running;
    auto what = one->what;
    lock.unlock();
    auto said = what->step();
    auto wakes_at = said == Steppable::Next::sleep ? what->wakes_at() : Clock::time_point::max();
    what.reset();
    lock.lock();
    one->wakes_at = wakes_at;
    bool again = said == Steppable::Next::again || one->state == State::woken;
    one->state = State::asleep;
    if (said == Steppable::Next::quit) {
      auto gone = std::move(one->what);
      lock.unlock();
      gone.reset();
      lock.lock();
      --hosted_;
      changed_.notify_all();
    } else if (again) {
      wake_locked(one);
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::shared_ptr<Hosted>> all_;
  std::deque<std::shared_ptr<Hosted>> queue_;
  std::size_t hosted_ = 0;
  bool ending_ = false;
};

class ThreadCrew final : public Crew {
 public:
  explicit ThreadCrew(std::size_t threads) {
    for (std::size_t i = 0; i < threads; ++i) add_thread();
  }
  ~ThreadCrew() override {
    queue_->end();
    for (std::thread& thread : threads_) thread.join();
  }

  Wakes host(std::shared_ptr<Steppable> what, bool detached) override {
    auto one = std::make_shared<Hosted>();
    one->what = std::move(what);
    queue_->host(one);
    if (detached) add_thread();  // for whoever comes: one that blocks takes one away
    Wake wake = [queue = queue_, there = std::weak_ptr<Hosted>(one)] {
      if (auto hosted = there.lock()) queue->wake(hosted);
    };
    return {wake, wake};
  }

 private:
  void add_thread() {
    std::lock_guard lock(adding_);
    threads_.emplace_back([queue = queue_] { queue->work(); });
  }

  std::shared_ptr<Queue> queue_ = std::make_shared<Queue>();
  std::mutex adding_;
  std::vector<std::thread> threads_;
};

}  // namespace

std::unique_ptr<Crew> caf_crew(std::size_t threads, Scheduling) { return std::make_unique<ThreadCrew>(threads); }

}  // namespace leat
