#include <leat/cluster/coordinator_core.hpp>
#include <leat/cluster/line.hpp>
#include <leat/cluster/listening_clock.hpp>
#include <leat/cluster/transport.hpp>

#include <condition_variable>
#include <list>
#include <mutex>
#include <thread>

namespace leat {
namespace {

// The core, between a control plane and a clock.
class PlaneCoordinator final : public Coordinator {
 public:
  explicit PlaneCoordinator(const Options& options)
      : draft_(drafting(options.identity)),
        clock_(options.patience.lost_after),
        core_({control::identity_of(options.identity), options.patience, fresh_token, options.log}) {}

  ~PlaneCoordinator() override {
    {
      std::lock_guard lock(mutex_);
      core_.close("the coordinator was stopped");
      act();
    }
    line_.detach();
    for (Drafter& drafter : drafters_) drafter.thread.join();
  }

  Result<void> open(const Options& options, const Transport& transport) {
    ControlEvents events;
    events.joined = [this](PeerId peer) { with([&] { core_.connected(peer, now()); }); };
    events.message = [this](PeerId peer, const ControlBytes& bytes) {
      auto message = control::decode(bytes);
      with([&] { core_.received(peer, message, now()); });
    };
    events.gone = [this](PeerId peer, const std::string& why) { with([&] { core_.gone(peer, why, now()); }); };
    events.tick = [this] {
      with([&] { core_.tick(now()); });
      reap();
    };
    ControlOptions control;
    control.at = options.listen;
    control.credentials = options.credentials;
    control.log = options.log;
    auto plane = transport.listen(std::move(control), std::move(events));
    if (!plane) return std::move(plane).error();
    endpoint_ = (*plane)->endpoint();
    line_.attach(std::move(*plane));
    with([this] { open_ = true; });
    return {};
  }

  Endpoint endpoint() const override { return endpoint_; }

  ClusterStatus status() const override {
    std::lock_guard lock(mutex_);
    return core_.status();
  }

  bool drain(std::stop_token now) override {
    std::unique_lock lock(mutex_);
    core_.drain();
    return changed_.wait(lock, std::move(now), [this] { return core_.idle(); });
  }

 private:
  Instant now() { return clock_.at(instant()); }

  // Runs a function of the user's.
  struct Drafter {
    std::thread thread;
    bool done = false;
  };

  template <class Call>
  void with(Call call) {
    std::lock_guard lock(mutex_);
    call();
    act();
    changed_.notify_all();
  }

  // Under the lock, so that what is sent is in the order it was decided in. Events that come before the
  // plane is here wait for it.
  void act() {
    if (!open_) return;
    auto effects = core_.take();
    for (const Sent& sent : effects.messages) {
      if (auto ok = line_.say(sent.to, sent.message); !ok) core_.unsaid(sent, ok.error(), now());
    }
    for (PeerId peer : effects.drops) line_.drop(peer);
    for (auto& draft : effects.drafts) begin(std::move(draft));
    if (!effects.empty()) act();
  }

  void begin(CoordinatorCore::Draft draft) {
    Drafter& drafter = drafters_.emplace_back();
    drafter.thread = std::thread([this, &drafter, draft = std::move(draft)] {
      auto blueprint = draft_(draft.work);
      with([&] {
        core_.drafted(draft.job, std::move(blueprint), now());
        drafter.done = true;
      });
    });
  }

  void reap() {
    std::lock_guard lock(mutex_);
    drafters_.remove_if([](Drafter& drafter) {
      if (drafter.done) drafter.thread.join();
      return drafter.done;
    });
  }

  Drafting draft_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  ListeningClock clock_;
  CoordinatorCore core_;
  Endpoint endpoint_;
  bool open_ = false;
  std::list<Drafter> drafters_;
  Line line_;
};

}  // namespace

Result<std::unique_ptr<Coordinator>> open_coordinator(Coordinator::Options options, const Transport& transport) {
  auto coordinator = std::make_unique<PlaneCoordinator>(options);
  if (auto ok = coordinator->open(options, transport); !ok) return std::move(ok).error();
  return std::unique_ptr<Coordinator>(std::move(coordinator));
}

}  // namespace leat
