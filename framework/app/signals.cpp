#include <leat/app/signals.hpp>

#include <leat/app/exit_status.hpp>

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cstdint>
#include <string_view>

namespace leat {
namespace {

sigset_t both() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

}  // namespace

Signals::Signals(std::string words, bool second_ends)
    : words_("\n" + std::move(words) + "\n"), second_ends_(second_ends) {
  sigset_t set = both();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  signals_ = ::signalfd(-1, &set, SFD_CLOEXEC);
  quit_ = ::eventfd(0, EFD_CLOEXEC);
  thread_ = std::thread([this] { listen(); });
}

Signals::~Signals() {
  std::uint64_t one = 1;
  [[maybe_unused]] auto written = ::write(quit_, &one, sizeof one);
  thread_.join();
  ::close(signals_);
  ::close(quit_);
  sigset_t set = both();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

void Signals::listen() {
  while (true) {
    pollfd ready[] = {{signals_, POLLIN, 0}, {quit_, POLLIN, 0}};
    if (::poll(ready, 2, -1) < 0) continue;
    if (ready[1].revents) return;
    signalfd_siginfo info;
    if (::read(signals_, &info, sizeof info) != sizeof info) continue;
    if (stop_.stop_requested()) {
      // Nothing is seen half-written; what is hidden the next run removes.
      if (second_ends_) ::_exit(kInterrupted);
      again_.request_stop();
      continue;
    }
    std::string_view said = words_;
    // The line end is for the terminal's own line, with a bar on it and ^C.
    if (!::isatty(STDERR_FILENO)) said.remove_prefix(1);
    [[maybe_unused]] auto written = ::write(STDERR_FILENO, said.data(), said.size());
    stop_.request_stop();
  }
}

}  // namespace leat
