#include <leat/runtime/crew.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/atom.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include <atomic>

namespace leat {
namespace {

// Mailboxes carry wake-ups only, at most one outstanding: `state` says whether one is.
class Bunk {
 public:
  explicit Bunk(std::shared_ptr<Steppable> what) : what_(std::move(what)) {}

  // True when a message must be posted.
  bool wake() {
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

 private:
  enum class State { asleep, posted, running, woken };
  std::shared_ptr<Steppable> what_;
  std::atomic<State> state_{State::asleep};
};

caf::behavior hosting(caf::event_based_actor* self, const std::shared_ptr<Bunk>& bunk) {
  return {[self, bunk](caf::tick_atom) {
    switch (bunk->step()) {
      case Steppable::Next::again: self->send(self, caf::tick_atom_v); break;
      case Steppable::Next::sleep: break;
      case Steppable::Next::quit: self->quit(); break;
    }
  }};
}

class CafCrew final : public Crew {
 public:
  CafCrew(std::size_t threads, Scheduling scheduling) : config_(threads, scheduling), system_(config_) {}

  Wake host(std::shared_ptr<Steppable> what, bool detached) override {
    auto bunk = std::make_shared<Bunk>(std::move(what));
    caf::actor actor = detached ? system_.spawn<caf::detached>(hosting, bunk)
                                : system_.spawn(hosting, bunk);
    return [bunk = std::weak_ptr<Bunk>(bunk), actor] {
      auto there = bunk.lock();
      if (there && there->wake()) caf::anon_send(actor, caf::tick_atom_v);
    };
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

  Config config_;
  caf::actor_system system_;
};

}  // namespace

std::unique_ptr<Crew> caf_crew(std::size_t threads, Scheduling scheduling) {
  return std::make_unique<CafCrew>(threads, scheduling);
}

}  // namespace leat
