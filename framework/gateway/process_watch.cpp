#include <leat/gateway/process.hpp>

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <list>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace leat {
namespace {

using inspect::Descriptor;
using Clock = std::chrono::steady_clock;

// Of a child that is gone; of another's child nobody but its parent is told.
ProcessEnd end_of(pid_t pid) {
  int status = 0;
  ProcessEnd end;
  rusage used{};
  if (::wait4(pid, &status, WNOHANG, &used) != pid) return end;
  auto seconds = [](const timeval& time) { return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec); };
  end.cpu = seconds(used.ru_utime) + seconds(used.ru_stime);
  if (WIFSIGNALED(status)) {
    end.signal = WTERMSIG(status);
  } else {
    end.status = WEXITSTATUS(status);
  }
  return end;
}

// Milliseconds until a process is looked at again of which no descriptor could be had.
constexpr int kAgain = 100;

// None: the process is gone, another has got its number, or there are no descriptors.
Descriptor descriptor_of(const ProcessIdentity& process) {
  if (process.pid <= 0) return Descriptor();
  Descriptor descriptor(static_cast<int>(::syscall(SYS_pidfd_open, process.pid, 0)));
  return lives(process) ? std::move(descriptor) : Descriptor();
}

class Watch final : public ProcessWatch {
 public:
  explicit Watch(Descriptor wake) : wake_(std::move(wake)), thread_([this] { run(); }) {}
  ~Watch() override {
    {
      std::lock_guard lock(mutex_);
      ends_ = true;
    }
    wake();
    thread_.join();
  }

  void watch(const ProcessIdentity& process, std::function<void(ProcessEnd)> ended) override {
    Watched one{process, descriptor_of(process), std::move(ended)};
    std::lock_guard lock(mutex_);
    watched_.push_back(std::move(one));
    wake();
  }

  void after(std::chrono::milliseconds time, std::function<void()> call) override {
    std::lock_guard lock(mutex_);
    timers_.push_back({Clock::now() + time, std::move(call)});
    wake();
  }

 private:
  struct Watched {
    ProcessIdentity process;
    Descriptor descriptor;
    std::function<void(ProcessEnd)> ended;
  };
  struct Timer {
    Clock::time_point when;
    std::function<void()> call;
  };

  void wake() { ::eventfd_write(wake_.get(), 1); }

  void run() {
    ::pthread_setname_np(::pthread_self(), "processes");
    std::unique_lock lock(mutex_);
    while (!ends_) {
      std::list<Watched> gone = take_gone();
      std::list<Timer> due = take_due();
      if (gone.empty() && due.empty()) {
        wait(lock);
        continue;
      }
      lock.unlock();
      for (const Watched& one : gone) one.ended(end_of(one.process.pid));
      for (const Timer& one : due) one.call();
      lock.lock();
    }
  }

  std::list<Watched> take_gone() {
    std::list<Watched> gone;
    for (auto at = watched_.begin(); at != watched_.end();) {
      auto one = at++;
      if (!one->descriptor) one->descriptor = descriptor_of(one->process);
      pollfd state{one->descriptor.get(), POLLIN, 0};
      bool ended = one->descriptor ? ::poll(&state, 1, 0) > 0 : !lives(one->process);
      if (ended) gone.splice(gone.end(), watched_, one);
    }
    return gone;
  }

  std::list<Timer> take_due() {
    std::list<Timer> due;
    auto now = Clock::now();
    for (auto at = timers_.begin(); at != timers_.end();) {
      auto one = at++;
      if (one->when <= now) due.splice(due.end(), timers_, one);
    }
    return due;
  }

  void wait(std::unique_lock<std::mutex>& lock) {
    std::vector<pollfd> states{{wake_.get(), POLLIN, 0}};
    int time = -1;
    for (const Watched& one : watched_) {
      if (one.descriptor) states.push_back({one.descriptor.get(), POLLIN, 0});
      if (!one.descriptor) time = kAgain;
    }
    for (const Timer& one : timers_) {
      auto left = std::chrono::ceil<std::chrono::milliseconds>(one.when - Clock::now()).count();
      int mine = static_cast<int>(std::clamp<std::int64_t>(left, 0, 1'000'000));
      time = time < 0 ? mine : std::min(time, mine);
    }
    lock.unlock();
    ::poll(states.data(), states.size(), time);
    eventfd_t count = 0;
    ::eventfd_read(wake_.get(), &count);
    lock.lock();
  }

  Descriptor wake_;
  std::mutex mutex_;
  std::list<Watched> watched_;
  std::list<Timer> timers_;
  bool ends_ = false;
  std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<ProcessWatch>> ProcessWatch::open() {
  Descriptor wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!wake) return failed("cannot watch processes: " + std::generic_category().message(errno));
  return std::unique_ptr<ProcessWatch>(std::make_unique<Watch>(std::move(wake)));
}

}  // namespace leat
