/// The data plane's one thread, and what may be asked of it from others.
#pragma once

#include <leat/net/asio.hpp>

#include <future>
#include <mutex>
#include <thread>

namespace leat::wire {

/// Runs an io_context on a thread of its own until stop(). Connections hold it, so that sockets never
/// outlive what serves them.
class Reactor {
 public:
  Reactor() : work_(asio::make_work_guard(io_)), thread_([this] { io_.run(); }) {}
  ~Reactor() { stop(); }
  Reactor(const Reactor&) = delete;
  Reactor& operator=(const Reactor&) = delete;

  asio::io_context& io() { return io_; }
  bool here() const { return std::this_thread::get_id() == id_; }

  /// Runs `what` on the thread, later. After stop() it is dropped. Threads: any.
  template <class F>
  void post(F what) {
    std::lock_guard lock(mutex_);
    if (!stopped_) asio::post(io_, std::move(what));
  }

  /// Runs `what` on the thread and waits for that; at once when this is that thread, or when it is gone.
  template <class F>
  void run(F what) {
    std::promise<void> done;
    {
      std::unique_lock lock(mutex_);
      if (stopped_ || here()) {
        lock.unlock();
        return what();
      }
      asio::post(io_, [&] {
        what();
        done.set_value();
      });
    }
    done.get_future().wait();
  }

  /// Lets what is under way end, and joins the thread. All sockets and timers must be cancelled, or about
  /// to be. Not from the thread itself.
  void stop() {
    {
      std::lock_guard lock(mutex_);
      if (std::exchange(stopped_, true)) return;
    }
    work_.reset();
    thread_.join();
  }

 private:
  std::mutex mutex_;
  bool stopped_ = false;
  asio::io_context io_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  std::thread thread_;
  std::thread::id id_ = thread_.get_id();
};

}  // namespace leat::wire
