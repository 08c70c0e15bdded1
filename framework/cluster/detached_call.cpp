#include <leat/cluster/detached_call.hpp>

#include <atomic>
#include <condition_variable>
#include <mutex>

namespace leat {
namespace {

std::atomic<std::size_t> behind{0};

}  // namespace

struct DetachedCall::Call {
  std::mutex mutex;
  std::condition_variable returned;
  bool done = false;
  bool left = false;

  void end() {
    std::lock_guard lock(mutex);
    done = true;
    if (left) --behind;
    returned.notify_all();
  }
};

DetachedCall::DetachedCall(std::string whose, Log log, std::function<void()> call)
    : whose_(std::move(whose)),
      log_(std::move(log)),
      call_(std::make_shared<Call>()),
      thread_([shared = call_, call = std::move(call)]() mutable {
        call();
        call = nullptr;
        shared->end();
      }) {}

DetachedCall::~DetachedCall() { wait_until(std::chrono::steady_clock::now() + kGrace); }

bool DetachedCall::done() const {
  std::lock_guard lock(call_->mutex);
  return call_->done;
}

void DetachedCall::wait_until(std::chrono::steady_clock::time_point until) {
  if (!thread_.joinable()) return;
  std::unique_lock lock(call_->mutex);
  bool done = call_->returned.wait_until(lock, until, [this] { return call_->done; });
  if (!done) {
    call_->left = true;
    ++behind;
  }
  lock.unlock();
  if (done) return thread_.join();
  thread_.detach();
  log_.warning("left behind: a function of the graph's has not returned", {{"of", whose_}});
}

std::size_t left_behind() { return behind; }

}  // namespace leat
