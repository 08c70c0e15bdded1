/// Threads for what a route does: few, so that what is slow keeps others waiting rather than the machine busy.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace leat {

/// Threads: any. Work is taken up in the order it came.
class WorkPool {
 public:
  /// `most`: so much may wait.
  WorkPool(std::size_t threads, std::size_t most);
  /// What has begun ends; what waits is dropped.
  ~WorkPool();
  WorkPool(const WorkPool&) = delete;
  WorkPool& operator=(const WorkPool&) = delete;

  /// False when too much waits already: it is not done then. Work does not throw.
  bool add(std::function<void()> work);

 private:
  void run();

  const std::size_t most_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> waiting_;
  bool ends_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace leat
