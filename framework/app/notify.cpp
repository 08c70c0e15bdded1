#include <leat/app/notify.hpp>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <cstring>

namespace leat {

bool notify_supervisor(const std::string& message) {
  const char* path = std::getenv("NOTIFY_SOCKET");
  sockaddr_un address{};
  if (!path || (path[0] != '/' && path[0] != '@') || std::strlen(path) >= sizeof address.sun_path) return false;
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path, std::strlen(path));
  if (path[0] == '@') address.sun_path[0] = '\0';
  int to = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (to < 0) return false;
  auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + std::strlen(path));
  ssize_t sent = ::sendto(to, message.data(), message.size(), MSG_NOSIGNAL, reinterpret_cast<sockaddr*>(&address), length);
  ::close(to);
  return sent == static_cast<ssize_t>(message.size());
}

void Supervised::ready() {
  if (!stops_) notify_supervisor("READY=1");
}

void Supervised::stopping() {
  if (!stops_.exchange(true)) notify_supervisor("STOPPING=1");
}

Watchdog::Watchdog() {
  const char* wanted = std::getenv("WATCHDOG_USEC");
  long long every = wanted ? std::atoll(wanted) / 2 : 0;
  if (every <= 0) return;
  thread_ = std::thread([this, every] {
    std::unique_lock lock(mutex_);
    while (!changed_.wait_for(lock, std::chrono::microseconds(every), [this] { return quit_; })) {
      notify_supervisor("WATCHDOG=1");
    }
  });
}

Watchdog::~Watchdog() {
  {
    std::lock_guard lock(mutex_);
    quit_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

}  // namespace leat
