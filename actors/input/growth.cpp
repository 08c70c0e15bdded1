#include <algorithm>
#include <array>
#include <cerrno>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <leat/actors/input/growth.hpp>

namespace leat {
namespace {

constexpr std::uint32_t kOfFile = IN_MODIFY | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF;
constexpr std::uint32_t kOfFolder = IN_DELETE | IN_MOVED_TO | IN_MOVED_FROM;

std::optional<std::uint64_t> number_in(const std::string& path) {
  std::ifstream file(path);
  std::uint64_t number = 0;
  return file >> number ? std::optional(number) : std::nullopt;
}

bool is_there(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

std::string folder_of(const std::string& path) {
  std::size_t slash = path.rfind('/');
  return slash == path.npos ? "." : path.substr(0, slash + 1);
}

class Watched final : public FileGrowth {
 public:
  Watched(std::string path, int descriptor, std::uint64_t length, int events, int ends)
      : path_(std::move(path)), descriptor_(descriptor), length_(length), events_(events), ends_(ends), thread_([this] { run(); }) {}
  ~Watched() override {
    ::eventfd_write(ends_, 1);
    thread_.join();
    ::close(events_);
    ::close(ends_);
  }

  std::uint64_t length() const override { return length_; }

  Result<std::uint64_t> there() override {
    {
      std::lock_guard lock(mutex_);
      news_ = false;
    }
    // In this order: bytes that are written while it looks are not taken for checked ones.
    auto before = size();
    std::uint64_t limit = length_;
    std::string unchecked = path_ + ".unchecked";
    if (is_there(unchecked)) limit = number_in(unchecked).value_or(there_);
    auto after = before ? size() : before;
    if (!after) return after;
    std::uint64_t now = std::min({*before, *after, limit});
    if (std::min(*before, *after) < there_) {
      return failed(path_ + ": the file became shorter while it came: " + std::to_string(*after) + " of " + std::to_string(length_) +
                    " bytes are left; bring it again, and run again");
    }
    return there_ = std::max(there_, now);
  }

  void wake_when_more(Wake wake) override {
    {
      std::lock_guard lock(mutex_);
      if (!news_) {
        wake_ = std::move(wake);
        return;
      }
    }
    wake();
  }

  void wait_for_more(std::chrono::steady_clock::time_point until) override {
    std::unique_lock lock(mutex_);
    came_.wait_until(lock, until, [this] { return news_; });
  }

 private:
  Result<std::uint64_t> size() const {
    struct stat found {};
    if (::fstat(descriptor_, &found) != 0) return failed(path_ + ": cannot look at: " + std::generic_category().message(errno));
    auto bytes = static_cast<std::uint64_t>(found.st_size);
    if (found.st_nlink > 0 || bytes >= length_) return bytes;
    return failed(path_ + ": the file was removed before all of it had come: " + std::to_string(bytes) + " of " +
                  std::to_string(length_) + " bytes were there; bring it again, and run again");
  }

  void run() {
    ::pthread_setname_np(::pthread_self(), "file growth");
    std::array<pollfd, 2> both{pollfd{events_, POLLIN, 0}, pollfd{ends_, POLLIN, 0}};
    while (true) {
      if (::poll(both.data(), both.size(), -1) < 0 && errno != EINTR) return;
      if (both[1].revents != 0) return;
      alignas(inotify_event) std::array<char, 4096> some;
      if (::read(events_, some.data(), some.size()) > 0) tell();
    }
  }

  void tell() {
    Wake wake;
    {
      std::lock_guard lock(mutex_);
      news_ = true;
      wake = std::exchange(wake_, nullptr);
    }
    came_.notify_all();
    if (wake) wake();
  }

  const std::string path_;
  const int descriptor_;
  const std::uint64_t length_;
  const int events_, ends_;
  std::uint64_t there_ = 0;
  std::mutex mutex_;
  std::condition_variable came_;
  bool news_ = false;
  Wake wake_;
  std::thread thread_;
};

}  // namespace

Result<std::shared_ptr<FileGrowth>> FileGrowth::of(const std::string& path, int descriptor) {
  auto length = number_in(path + ".growing");
  struct stat found {};
  if (!length || ::fstat(descriptor, &found) != 0) return std::shared_ptr<FileGrowth>();
  if (static_cast<std::uint64_t>(found.st_size) >= *length && !is_there(path + ".unchecked")) return std::shared_ptr<FileGrowth>();
  int events = ::inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  int ends = ::eventfd(0, EFD_CLOEXEC);
  bool watched = events >= 0 && ends >= 0 && ::inotify_add_watch(events, path.c_str(), kOfFile) >= 0 &&
                 ::inotify_add_watch(events, folder_of(path).c_str(), kOfFolder) >= 0;
  int reason = errno;
  if (watched) return std::shared_ptr<FileGrowth>(std::make_shared<Watched>(path, descriptor, *length, events, ends));
  if (events >= 0) ::close(events);
  if (ends >= 0) ::close(ends);
  return failed(path + ": is still coming, and cannot be watched: " + std::generic_category().message(reason) +
                "; run again when all of it is there");
}

}  // namespace leat
