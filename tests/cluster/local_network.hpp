/// A control plane within one process: messages are delivered by one thread in the order they were sent,
/// and connections can be made mute or cut.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include <leat/cluster/transport.hpp>

namespace leat::testing {

class LocalNetwork {
 public:
  LocalNetwork() : thread_([this] { deliver(); }) {}
  ~LocalNetwork() {
    {
      std::lock_guard lock(mutex_);
      closing_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

  Transport transport() {
    return {[this](ControlOptions options, ControlEvents events) { return listen(std::move(options), std::move(events)); },
            [this](ControlOptions options, ControlEvents events) { return connect(std::move(options), std::move(events)); }};
  }

  /// The connections made so far, in order: 1, 2, 3 ...
  PeerId last() {
    std::lock_guard lock(mutex_);
    return last_;
  }
  /// Nothing passes any more, and neither end is told.
  void mute(PeerId peer) {
    std::lock_guard lock(mutex_);
    muted_[peer] = true;
  }
  /// Both ends are told that the other is gone.
  void cut(PeerId peer) {
    auto end = [&]() -> std::shared_ptr<End> {
      std::lock_guard lock(mutex_);
      return clients_[peer].lock();
    }();
    leave(peer, "connection reset");
    if (end) post(end, [](End& e) { e.events.gone(kCoordinator, "connection reset"); });
  }

 private:
  // One end: its events come one at a time, and not after it was closed.
  struct End {
    std::mutex mutex;
    bool closed = false;
    ControlEvents events;
    Endpoint at;
    std::chrono::milliseconds tick_every{0};
    std::chrono::steady_clock::time_point ticked{};
    PeerId peer = kCoordinator;  // of a client: what the listener calls it
  };

  class Plane final : public ControlPlane {
   public:
    Plane(LocalNetwork& network, std::shared_ptr<End> end) : network_(network), end_(std::move(end)) {}
    ~Plane() override {
      {
        std::lock_guard lock(end_->mutex);
        end_->closed = true;
      }
      if (end_->peer != kCoordinator) network_.leave(end_->peer, "closed");
      if (end_->peer == kCoordinator) network_.stop_listening(end_);
    }
    void send(PeerId to, ControlBytes bytes) override { network_.send(*end_, to, std::move(bytes)); }
    void drop(PeerId peer) override { network_.drop(peer); }
    Endpoint endpoint() const override { return end_->at; }

   private:
    LocalNetwork& network_;
    std::shared_ptr<End> end_;
  };

  Result<std::unique_ptr<ControlPlane>> listen(ControlOptions options, ControlEvents events) {
    auto end = make_end(options, std::move(events));
    {
      std::lock_guard lock(mutex_);
      if (listeners_[options.at.port].lock()) return failed("port in use");
      listeners_[options.at.port] = end;
    }
    return std::unique_ptr<ControlPlane>(std::make_unique<Plane>(*this, std::move(end)));
  }

  Result<std::unique_ptr<ControlPlane>> connect(ControlOptions options, ControlEvents events) {
    auto end = make_end(options, std::move(events));
    std::shared_ptr<End> listener;
    {
      std::lock_guard lock(mutex_);
      listener = listeners_[options.at.port].lock();
      if (!listener) return Error{ErrorKind::disconnected, "nothing there"};
      end->peer = ++last_;
      clients_[end->peer] = end;
      servers_[end->peer] = listener;
    }
    post(listener, [peer = end->peer](End& e) { e.events.joined(peer); });
    return std::unique_ptr<ControlPlane>(std::make_unique<Plane>(*this, std::move(end)));
  }

  std::shared_ptr<End> make_end(const ControlOptions& options, ControlEvents events) {
    auto end = std::make_shared<End>();
    end->events = std::move(events);
    end->at = options.at;
    end->tick_every = std::chrono::milliseconds(20);
    std::lock_guard lock(mutex_);
    ends_.push_back(end);
    return end;
  }

  void send(const End& from, PeerId to, ControlBytes bytes) {
    bool up = from.peer != kCoordinator;
    PeerId peer = up ? from.peer : to;
    std::shared_ptr<End> target;
    {
      std::lock_guard lock(mutex_);
      if (muted_[peer]) return;
      target = up ? servers_[peer].lock() : clients_[peer].lock();
    }
    PeerId as = up ? peer : kCoordinator;
    if (target) post(target, [as, bytes = std::move(bytes)](End& e) { e.events.message(as, bytes); });
  }

  void leave(PeerId peer, const std::string& why) {
    std::shared_ptr<End> server;
    {
      std::lock_guard lock(mutex_);
      if (muted_[peer]) return;
      server = servers_[peer].lock();
      servers_.erase(peer);
      clients_.erase(peer);
    }
    if (server) post(server, [peer, why](End& e) { e.events.gone(peer, why); });
  }

  void drop(PeerId peer) {
    std::lock_guard lock(mutex_);
    servers_.erase(peer);
  }

  void stop_listening(const std::shared_ptr<End>& end) {
    std::vector<std::shared_ptr<End>> left;
    {
      std::lock_guard lock(mutex_);
      for (auto& [peer, server] : servers_) {
        if (server.lock() == end) {
          if (auto client = clients_[peer].lock()) left.push_back(client);
        }
      }
      listeners_.erase(end->at.port);
    }
    for (auto& client : left) post(client, [](End& e) { e.events.gone(kCoordinator, "closed"); });
  }

  void post(std::shared_ptr<End> end, std::function<void(End&)> what) {
    {
      std::lock_guard lock(mutex_);
      queue_.push_back({std::move(end), std::move(what)});
    }
    changed_.notify_all();
  }

  void deliver() {
    std::unique_lock lock(mutex_);
    while (!closing_) {
      if (queue_.empty()) changed_.wait_for(lock, std::chrono::milliseconds(10));
      auto now = std::chrono::steady_clock::now();
      std::vector<std::shared_ptr<End>> due;
      std::erase_if(ends_, [&](auto& weak) {
        auto end = weak.lock();
        if (end && now - end->ticked >= end->tick_every) due.push_back(end);
        return !end;
      });
      std::deque<std::pair<std::shared_ptr<End>, std::function<void(End&)>>> ready;
      ready.swap(queue_);
      lock.unlock();
      for (auto& [end, what] : ready) run(*end, what);
      for (auto& end : due) {
        end->ticked = now;
        run(*end, [](End& e) { e.events.tick(); });
      }
      ready.clear();
      due.clear();
      lock.lock();
    }
  }

  static void run(End& end, const std::function<void(End&)>& what) {
    std::lock_guard lock(end.mutex);
    if (!end.closed) what(end);
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::pair<std::shared_ptr<End>, std::function<void(End&)>>> queue_;
  std::vector<std::weak_ptr<End>> ends_;
  std::map<std::uint16_t, std::weak_ptr<End>> listeners_;
  std::map<PeerId, std::weak_ptr<End>> clients_;
  std::map<PeerId, std::weak_ptr<End>> servers_;
  std::map<PeerId, bool> muted_;
  PeerId last_ = 0;
  bool closing_ = false;
  std::thread thread_;
};

}  // namespace leat::testing
