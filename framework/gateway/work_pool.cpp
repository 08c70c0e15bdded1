#include <leat/gateway/work_pool.hpp>

#include <pthread.h>

namespace leat {

WorkPool::WorkPool(std::size_t threads, std::size_t most) : most_(most) {
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

WorkPool::~WorkPool() {
  std::deque<std::function<void()>> dropped;
  {
    std::lock_guard lock(mutex_);
    ends_ = true;
    dropped.swap(waiting_);
  }
  changed_.notify_all();
  for (std::thread& one : threads_) one.join();
}

bool WorkPool::add(std::function<void()> work) {
  std::lock_guard lock(mutex_);
  if (ends_ || waiting_.size() >= most_) return false;
  waiting_.push_back(std::move(work));
  changed_.notify_one();
  return true;
}

void WorkPool::run() {
  ::pthread_setname_np(::pthread_self(), "routes");
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return ends_ || !waiting_.empty(); });
    if (ends_) return;
    {
      std::function<void()> work = std::move(waiting_.front());
      waiting_.pop_front();
      lock.unlock();
      work();
    }
    lock.lock();
  }
}

}  // namespace leat
