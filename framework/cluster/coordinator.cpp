#include <leat/actor/guard.hpp>
#include <leat/cluster/detached_call.hpp>
#include <leat/cluster/coordinator_core.hpp>
#include <leat/cluster/control_sender.hpp>
#include <leat/cluster/listening_clock.hpp>
#include <leat/cluster/transport.hpp>

#include <condition_variable>
#include <list>
#include <mutex>

namespace leat {
namespace {

// The core, between a control plane and a clock.
class PlaneCoordinator final : public Coordinator {
 public:
  explicit PlaneCoordinator(const Options& options)
      : factory_(std::make_shared<const JobGraphFactory>(job_graph_factory(options.identity))),
        log_(options.log),
        clock_(options.timeouts.lost_after),
        core_({control::identity_of(options.identity), options.timeouts, fresh_token, options.log, options.answer}) {
    reporting_->coordinator = this;
  }

  ~PlaneCoordinator() override {
    {
      std::lock_guard lock(mutex_);
      core_.close("the coordinator was stopped");
      act();
    }
    {
      std::lock_guard lock(reporting_->mutex);
      reporting_->coordinator = nullptr;
    }
    sender_.detach();
    auto until = std::chrono::steady_clock::now() + DetachedCall::kGrace;
    for (DetachedCall& call : calls_) call.wait_until(until);
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
    sender_.attach(std::move(*plane));
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

  // Whom the user's functions report to, for as long as it is there.
  struct Reporting {
    std::mutex mutex;
    PlaneCoordinator* coordinator = nullptr;

    template <class Call>
    void tell(Call call) {
      std::lock_guard lock(mutex);
      if (coordinator) coordinator->with([&] { call(coordinator->core_, coordinator->now()); });
    }
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
      if (auto ok = sender_.say(sent.to, sent.message); !ok) core_.unsaid(sent, ok.error(), now());
    }
    for (PeerId peer : effects.drops) sender_.drop(peer);
    for (auto& build : effects.builds) begin(std::move(build));
    for (auto& placing : effects.placings) begin(std::move(placing));
    for (auto& job_graph : effects.retired) begin(std::move(job_graph));
    if (!effects.empty()) act();
  }

  void begin(CoordinatorCore::GraphBuild build) {
    calls_.emplace_back(job_name(build.job), log_, [reporting = reporting_, make = factory_, build] {
      auto job_graph = guarded([&] { return (*make)(build.work); });
      reporting->tell([&](CoordinatorCore& core, Instant now) { core.graph_built(build.job, std::move(job_graph), now); });
    });
  }

  void begin(Placing placing) {
    std::string name = job_name(placing.job);
    calls_.emplace_back(std::move(name), log_, [reporting = reporting_, placing = std::move(placing)] {
      auto placed = place(placing);
      reporting->tell([&](CoordinatorCore& core, Instant now) { core.placed(placing.job, std::move(placed), now); });
    });
  }

  void begin(std::shared_ptr<const JobGraph> job_graph) {
    calls_.emplace_back("a job that has ended", log_, [reporting = reporting_, job_graph = std::move(job_graph)]() mutable {
      job_graph.reset();
      reporting->tell([](CoordinatorCore& core, Instant) { core.retired(); });
    });
  }

  static std::string job_name(control::JobId job) { return "job " + std::to_string(job); }

  void reap() {
    std::lock_guard lock(mutex_);
    calls_.remove_if([](const DetachedCall& call) { return call.done(); });
  }

  std::shared_ptr<const JobGraphFactory> factory_;
  std::shared_ptr<Reporting> reporting_ = std::make_shared<Reporting>();
  Log log_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  ListeningClock clock_;
  CoordinatorCore core_;
  Endpoint endpoint_;
  bool open_ = false;
  std::list<DetachedCall> calls_;
  ControlSender sender_;
};

}  // namespace

Result<std::unique_ptr<Coordinator>> open_coordinator(Coordinator::Options options, const Transport& transport) {
  auto coordinator = std::make_unique<PlaneCoordinator>(options);
  if (auto ok = coordinator->open(options, transport); !ok) return std::move(ok).error();
  return std::unique_ptr<Coordinator>(std::move(coordinator));
}

}  // namespace leat
