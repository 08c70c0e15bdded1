#include <leat/runtime/crew.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/atom.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/execution_unit.hpp>
#include <caf/send.hpp>

#include <leat/runtime/alarm.hpp>
#include <leat/runtime/caf_workers.hpp>
#include <leat/runtime/machine.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <future>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace leat {
namespace {

// Cells that wake each other hand a chunk on while it is in cache: who is woken with data runs next on
// the same thread (the LIFO slot of Go's scheduler, 2014, and Tokio's, 2019), this many times in a row.
constexpr int kHandOvers = 16;
// With nobody to hand over to it goes on where it is, for so long.
constexpr auto kGoesOn = std::chrono::microseconds(200);

// What a carrier's thread is at.
struct Carrying {
  std::shared_ptr<class Hosted> next;  // is run next
  caf::execution_unit* worker = nullptr;
  const Alarm* crew = nullptr;  // whose thread it is: there is one alarm a crew
};
thread_local Carrying* carrying_here = nullptr;

// A cell that is not asleep is posted to one of its carriers: CAF actors that do nothing but run it, with
// whatever it hands over to. There are several, as one that carries what was handed on can be a while: another
// thread goes on with the cell meanwhile. Mailboxes carry wake-ups only, one at most outstanding for all the
// carriers of a cell: `state` says whether one is.
class Hosted : public std::enable_shared_from_this<Hosted> {
 public:
  Hosted(std::shared_ptr<Steppable> what, Alarm& alarm, CafWorkers* workers)
      : what_(std::move(what)), alarm_(alarm), workers_(workers) {}

  void carried_by(std::vector<caf::actor> carriers) {
    carriers_ = std::move(carriers);
    busy_ = std::vector<std::atomic<bool>>(carriers_.size());
    alarm_number_ = alarm_.add([hosted = weak_from_this()] {
      if (auto there = hosted.lock()) there->wake(false);
    });
  }
  bool gone() const { return gone_.load(std::memory_order_acquire); }

  void wake(bool here) {
    if (!claim()) return;
    if (!here || !on_own_thread()) {
      post();
    } else if (auto before = std::exchange(carrying_here->next, shared_from_this())) {
      before->post();
    }
  }

  // In the carrier's handler: runs this and whatever is handed over meanwhile.
  void carry(std::size_t carrier, caf::execution_unit* worker) {
    busy_[carrier].store(true, std::memory_order_relaxed);
    std::size_t me = workers_ ? CafWorkers::index_of(worker) : 0;
    if (workers_) workers_->begins(me, std::exchange(chosen_, CafWorkers::kNone));
    Carrying carrying{nullptr, worker, &alarm_};
    carrying_here = &carrying;
    auto until = std::chrono::steady_clock::now() + kGoesOn;
    std::shared_ptr<Hosted> now = shared_from_this();
    for (int i = 0; now; ++i) {
      if (now->run() == Steppable::Next::again) {
        if (!carrying.next && i < kHandOvers && std::chrono::steady_clock::now() < until) continue;
        now->post_behind(me);
      }
      now = std::exchange(carrying.next, nullptr);
      if (now && i >= kHandOvers) std::exchange(now, nullptr)->post();
    }
    carrying_here = nullptr;
    if (workers_) workers_->ends(me);
    busy_[carrier].store(false, std::memory_order_relaxed);
  }

 private:
  enum class State { asleep, posted, running, woken };

  // What another crew's thread ran of this one could still be at it when this one has gone: a crew waits for its own.
  bool on_own_thread() const { return carrying_here && carrying_here->crew == &alarm_; }

  // To a carrier that is not busy: there is one more of them than threads.
  void post() {
    std::size_t to = free_carrier();
    chosen_ = workers_ ? workers_->choose() : CafWorkers::kNone;
    if (chosen_ == CafWorkers::kNone) return post_to(to, on_own_thread() ? carrying_here->worker : nullptr);
    CafWorkers::Unit unit(*workers_, chosen_);
    post_to(to, &unit);
  }
  // Who could go on goes behind all that wait for its thread: before them it would starve them for as long as it can.
  void post_behind(std::size_t worker) {
    if (!workers_) return post();
    chosen_ = CafWorkers::kNone;
    CafWorkers::Unit unit(*workers_, static_cast<CafWorkers::Chosen>(worker));
    post_to(free_carrier(), &unit);
  }
  std::size_t free_carrier() const {
    std::size_t to = 0;
    while (to + 1 < busy_.size() && busy_[to].load(std::memory_order_relaxed)) ++to;
    return to;
  }
  void post_to(std::size_t carrier, caf::execution_unit* worker) {
    caf::actor_cast<caf::abstract_actor*>(carriers_[carrier])
        ->enqueue(nullptr, caf::make_message_id(), caf::make_message(caf::tick_atom_v), worker);
  }

  Steppable::Next run() {
    auto next = step();
    if (next != Steppable::Next::quit) return next;
    // The carriers refer to it and it to them: each lets go once it has seen this.
    for (const caf::actor& carrier : carriers_) caf::anon_send(carrier, caf::tick_atom_v);
    carriers_.clear();
    // Whoever holds the wake that it was last woken by may let go of it when all else has gone.
    what_.reset();
    return next;
  }

  // True when the caller must see to it that it runs.
  bool claim() {
    State seen = state_.load(std::memory_order_acquire);
    while (true) {
      if (seen == State::posted || seen == State::woken) return false;
      State next = seen == State::asleep ? State::posted : State::woken;
      if (state_.compare_exchange_weak(seen, next, std::memory_order_acq_rel)) {
        if (next == State::posted) what_->woken();
        return next == State::posted;
      }
    }
  }

  Steppable::Next step() {
    state_.store(State::running, std::memory_order_release);
    auto next = what_->step();
    if (next == Steppable::Next::quit) {
      gone_.store(true, std::memory_order_release);
      state_.store(State::posted, std::memory_order_release);
      return next;
    }
    if (next == Steppable::Next::sleep) set_alarm(what_->wakes_at());
    State running = State::running;
    bool idle = next == Steppable::Next::sleep &&
                state_.compare_exchange_strong(running, State::asleep, std::memory_order_acq_rel);
    if (idle) return Steppable::Next::sleep;
    if (next == Steppable::Next::sleep) what_->woken();
    state_.store(State::posted, std::memory_order_release);
    return Steppable::Next::again;
  }

  void set_alarm(std::chrono::steady_clock::time_point when) {
    if (std::exchange(alarm_at_, when) != when || when != Alarm::Clock::time_point::max()) alarm_.set(alarm_number_, when);
  }

  std::shared_ptr<Steppable> what_;
  Alarm& alarm_;
  CafWorkers* workers_;  // null: CAF sees to that
  CafWorkers::Chosen chosen_ = CafWorkers::kNone;  // for what is posted
  std::size_t alarm_number_ = 0;
  std::chrono::steady_clock::time_point alarm_at_ = std::chrono::steady_clock::time_point::max();
  std::vector<caf::actor> carriers_;
  std::vector<std::atomic<bool>> busy_;
  std::atomic<State> state_{State::asleep};
  std::atomic<bool> gone_{false};
};

caf::behavior carrying(caf::event_based_actor* self, const std::shared_ptr<Hosted>& hosted, std::size_t which) {
  return {[self, hosted, which](caf::tick_atom) {
    if (!hosted->gone()) hosted->carry(which, self->context());
    if (hosted->gone()) self->quit();
  }};
}

// What blocks, on a thread of its own: not one of CAF's, which counts an actor that gets no thread and
// waits for it for ever.
class OwnThread {
 public:
  explicit OwnThread(std::shared_ptr<Steppable> what) : what_(std::move(what)) {}

  void wake() {
    std::lock_guard lock(mutex_);
    if (asleep_ && !woken_) what_->woken();
    woken_ = true;
    changed_.notify_one();
  }

  void run() {
    wait(std::chrono::steady_clock::time_point::max());
    while (true) {
      auto next = what_->step();
      if (next == Steppable::Next::quit) return what_.reset();
      if (next == Steppable::Next::sleep) wait(what_->wakes_at());
    }
  }

 private:
  void wait(std::chrono::steady_clock::time_point until) {
    std::unique_lock lock(mutex_);
    auto woken = [this] { return woken_; };
    asleep_ = true;
    if (until == std::chrono::steady_clock::time_point::max()) {
      changed_.wait(lock, woken);
    } else {
      changed_.wait_until(lock, until, woken);
    }
    woken_ = asleep_ = false;
  }

  std::shared_ptr<Steppable> what_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool woken_ = false;
  bool asleep_ = false;  // what_ is there
};

// CAF ends the process where it gets no thread: asks the system before.
std::size_t granted(std::size_t threads) {
  std::vector<std::future<void>> trial;
  std::promise<void> all;
  auto wait = [go = all.get_future().share()] { go.wait(); };
  for (std::size_t i = 0; i < threads; ++i) trial.push_back(std::async(std::launch::async, wait));
  all.set_value();
  return threads;
}

class CafCrew final : public Crew {
 public:
  CafCrew(std::size_t threads, Scheduling scheduling)
      : carriers_(std::min(threads, kMostThreads) + 1),
        config_(granted(threads + kOwnThreads) - kOwnThreads, scheduling),
        system_(config_) {
    if (scheduling == Scheduling::stealing) workers_.emplace(system_, threads);
  }
  ~CafCrew() override {
    for (std::thread& thread : threads_) thread.join();
  }

  Wakes host(std::shared_ptr<Steppable> what, bool detached) override {
    if (detached) return host_apart(std::move(what));
    auto hosted = std::make_shared<Hosted>(std::move(what), alarm_, workers_ ? &*workers_ : nullptr);
    std::vector<caf::actor> carriers;
    for (std::size_t i = 0; i < carriers_; ++i) carriers.push_back(system_.spawn(carrying, hosted, i));
    hosted->carried_by(std::move(carriers));
    auto waking = [hosted = std::weak_ptr<Hosted>(hosted)](bool here) {
      return [hosted, here] {
        if (auto there = hosted.lock()) there->wake(here);
      };
    };
    return {waking(false), waking(true)};
  }

 private:
  Wakes host_apart(std::shared_ptr<Steppable> what) {
    auto own_thread = std::make_shared<OwnThread>(std::move(what));
    threads_.emplace_back([own_thread] { own_thread->run(); });
    Wake wake = [there = std::weak_ptr<OwnThread>(own_thread)] {
      if (auto still = there.lock()) still->wake();
    };
    return {wake, wake};
  }

  // Its clock, the alarm, and one to spare.
  static constexpr std::size_t kOwnThreads = 3;
  // No more of them are busy with what one cell hands on.
  static constexpr std::size_t kMostThreads = 8;

  // Set from code: CAF ignores keys it does not know, and its argv parser is not ours to feed.
  struct Config : caf::actor_system_config {
    Config(std::size_t threads, Scheduling scheduling) {
      set("scheduler.policy",
          scheduling == Scheduling::sharing ? caf::atom("sharing") : caf::atom("stealing"));
      set("scheduler.max-threads", threads);
      set("scheduler.max-throughput", std::size_t{1});
      // One that has nothing to do polls for some 50 us before it sleeps: that is how far apart chunks are made
      // where threads are busy.
      set("work-stealing.aggressive-poll-attempts", std::size_t{3000});
      // A worker that polls moderately sleeps 50 us at a time and does not hear wakes from other
      // threads, such as a link's: go from short polling straight to the wait that does.
      set("work-stealing.moderate-poll-attempts", std::size_t{0});
      // CafWorkers wakes it. Should others have more than one thing to do all the same, it looks that often: where
      // there are many more than CPUs, each seldom, or they would do nothing else.
      auto each = std::max<std::size_t>(threads / (4 * cpu_budget()), 1);
      set("work-stealing.relaxed-sleep-duration", caf::timespan(std::chrono::milliseconds(10 * each)));
    }
  };

  std::size_t carriers_;  // of each cell
  std::optional<CafWorkers> workers_;
  Alarm alarm_;  // ends after the last cell, so that nothing of the cells is held any more
  Config config_;
  caf::actor_system system_;
  std::vector<std::thread> threads_;
};

}  // namespace

std::unique_ptr<Crew> caf_crew(std::size_t threads, Scheduling scheduling) {
  return std::make_unique<CafCrew>(threads, scheduling);
}

}  // namespace leat
