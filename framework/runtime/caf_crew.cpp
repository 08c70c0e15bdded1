#include <leat/runtime/crew.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/atom.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include <atomic>
#include <chrono>
#include <deque>
#include <mutex>
#include <utility>

namespace leat {
namespace {

// Cells that wake each other hand a chunk on while it is in cache: who is woken with data runs next on
// the same thread (the LIFO slot of Go's scheduler, 2014, and Tokio's, 2019), this many times in a row.
constexpr int kHandOvers = 16;
constexpr auto kLookOut = std::chrono::microseconds(40);
constexpr std::size_t kYields = 32;

class Bunk;

// Where threads that ran out of work look out for more before CAF puts them to sleep: to wake a
// sleeping thread takes longer than a cell takes over a chunk. Spinning then sleeping is at most twice
// as costly as knowing beforehand (Karlin, Li, Manasse and Owicki, 1991).
class LookOut {
 public:
  explicit LookOut(std::size_t threads) : others_(threads > 1) {}

  // Hands a bunk to a thread that looks out; false when none does.
  bool hand_over(const std::shared_ptr<Bunk>& bunk) {
    if (looking_.load(std::memory_order_relaxed) == 0) return false;
    std::lock_guard lock(mutex_);
    if (handed_.size() >= looking_.load(std::memory_order_relaxed)) return false;
    handed_.push_back(bunk);
    waiting_.store(handed_.size(), std::memory_order_release);
    return true;
  }

  // A bunk that was handed over within a moment, or null. Not while other work waits in mailboxes: that
  // is for this thread to take, but for now and then, when it is the only one awake, to let another
  // have it and stay awake too.
  std::shared_ptr<Bunk> look() {
    bool mail = mailed.load(std::memory_order_acquire) > 0;
    bool alone = awake.load(std::memory_order_relaxed) == 1;
    bool yields = mail && alone && ++turn_ % kYields == 0;
    if (!others_ || (mail && !yields)) return nullptr;
    {
      std::lock_guard lock(mutex_);
      looking_.fetch_add(1, std::memory_order_relaxed);
    }
    auto until = std::chrono::steady_clock::now() + kLookOut;
    while (waiting_.load(std::memory_order_acquire) == 0 && std::chrono::steady_clock::now() < until) {
      mail = mailed.load(std::memory_order_acquire) > 0;
      if (mail && !yields) break;
      yields = yields && mail;
      __builtin_ia32_pause();
    }
    std::lock_guard lock(mutex_);
    looking_.fetch_sub(1, std::memory_order_relaxed);
    if (handed_.empty()) return nullptr;
    auto bunk = std::move(handed_.front());
    handed_.pop_front();
    waiting_.store(handed_.size(), std::memory_order_release);
    return bunk;
  }

  // Messages on their way to a bunk's actor.
  std::atomic<std::size_t> mailed{0};
  // Threads that run bunks or look out.
  std::atomic<std::size_t> awake{0};

 private:
  bool others_;
  std::atomic<std::size_t> turn_{0};
  std::mutex mutex_;
  std::deque<std::shared_ptr<Bunk>> handed_;
  std::atomic<std::size_t> waiting_{0};
  std::atomic<std::size_t> looking_{0};
};

// Mailboxes carry wake-ups only, at most one outstanding: `state` says whether one is.
class Bunk : public std::enable_shared_from_this<Bunk> {
 public:
  Bunk(std::shared_ptr<Steppable> what, std::shared_ptr<LookOut> look_out, bool detached)
      : what_(std::move(what)), look_out_(std::move(look_out)), detached_(detached) {}

  void lives_in(caf::actor actor) { actor_ = std::move(actor); }
  void post() {
    if (!detached_ && !gone() && look_out_->hand_over(shared_from_this())) return;
    look_out_->mailed.fetch_add(1, std::memory_order_acq_rel);
    caf::anon_send(actor_, caf::tick_atom_v);
  }
  void received() { look_out_->mailed.fetch_sub(1, std::memory_order_acq_rel); }
  bool gone() const { return gone_.load(std::memory_order_acquire); }
  // Its actor refers to it and it to its actor: whoever goes first lets go.
  void let_go() { actor_ = nullptr; }

  void wake(bool here) {
    if (!claim()) return;
    if (!here || detached_ || !slot) {
      post();
    } else if (auto before = std::exchange(*slot, shared_from_this())) {
      before->post();
    }
  }

  // Runs this, whatever it wakes with data, and what other threads hand over meanwhile.
  static void run(std::shared_ptr<Bunk> first) {
    std::shared_ptr<Bunk> next;
    if (!first->detached_) slot = &next;
    auto& awake = first->look_out_->awake;
    awake.fetch_add(1, std::memory_order_relaxed);
    std::shared_ptr<Bunk> now = first;
    for (int i = 0; now; ++i) {
      bool again = now->step() != Steppable::Next::sleep;
      // Who is gone has its actor told so; `first` is told by whoever called.
      if (again && (now != first || !now->gone())) now->post();
      now = std::exchange(next, nullptr);
      if (i < kHandOvers && !now && !first->detached_) now = first->look_out_->look();
      if (i >= kHandOvers && now) std::exchange(now, nullptr)->post();
    }
    awake.fetch_sub(1, std::memory_order_relaxed);
    slot = nullptr;
  }

 private:
  enum class State { asleep, posted, running, woken };

  // True when the caller must see to it that it runs.
  bool claim() {
    State seen = state_.load(std::memory_order_acquire);
    while (true) {
      if (seen == State::posted || seen == State::woken) return false;
      State next = seen == State::asleep ? State::posted : State::woken;
      if (state_.compare_exchange_weak(seen, next, std::memory_order_acq_rel)) {
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
    State running = State::running;
    bool idle = next == Steppable::Next::sleep &&
                state_.compare_exchange_strong(running, State::asleep, std::memory_order_acq_rel);
    if (idle) return Steppable::Next::sleep;
    state_.store(State::posted, std::memory_order_release);
    return Steppable::Next::again;
  }

  static thread_local std::shared_ptr<Bunk>* slot;

  std::shared_ptr<Steppable> what_;
  std::shared_ptr<LookOut> look_out_;
  bool detached_;
  caf::actor actor_;
  std::atomic<State> state_{State::asleep};
  std::atomic<bool> gone_{false};
};

thread_local std::shared_ptr<Bunk>* Bunk::slot = nullptr;

caf::behavior hosting(caf::event_based_actor* self, const std::shared_ptr<Bunk>& bunk) {
  return {[self, bunk](caf::tick_atom) {
    bunk->received();
    if (!bunk->gone()) Bunk::run(bunk);
    if (!bunk->gone()) return;
    bunk->let_go();
    self->quit();
  }};
}

class CafCrew final : public Crew {
 public:
  CafCrew(std::size_t threads, Scheduling scheduling) : look_out_(std::make_shared<LookOut>(threads)), config_(threads, scheduling), system_(config_) {}

  Wakes host(std::shared_ptr<Steppable> what, bool detached) override {
    auto bunk = std::make_shared<Bunk>(std::move(what), look_out_, detached);
    bunk->lives_in(detached ? system_.spawn<caf::detached>(hosting, bunk)
                            : system_.spawn(hosting, bunk));
    auto waking = [bunk = std::weak_ptr<Bunk>(bunk)](bool here) {
      return [bunk, here] {
        if (auto there = bunk.lock()) there->wake(here);
      };
    };
    return {waking(false), waking(true)};
  }

 private:
  // Set from code: CAF ignores keys it does not know, and its argv parser is not ours to feed.
  struct Config : caf::actor_system_config {
    Config(std::size_t threads, Scheduling scheduling) {
      set("scheduler.policy",
          scheduling == Scheduling::sharing ? caf::atom("sharing") : caf::atom("stealing"));
      set("scheduler.max-threads", threads);
      set("scheduler.max-throughput", std::size_t{1});
    }
  };

  std::shared_ptr<LookOut> look_out_;
  Config config_;
  caf::actor_system system_;
};

}  // namespace

std::unique_ptr<Crew> caf_crew(std::size_t threads, Scheduling scheduling) {
  return std::make_unique<CafCrew>(threads, scheduling);
}

}  // namespace leat
