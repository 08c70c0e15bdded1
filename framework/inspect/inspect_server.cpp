#include <leat/inspect/inspect_server.hpp>

#include <leat/inspect/conversation.hpp>

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <list>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace leat::inspect {
namespace {

using Clock = std::chrono::steady_clock;

bool is_same_user(int socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  return ::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.uid == ::geteuid();
}

class PollingServer final : public InspectServer {
 public:
  PollingServer(JobSocket socket, Descriptor wake, Answer answer)
      : socket_(std::move(socket)), wake_(std::move(wake)), answer_(std::move(answer)), thread_([this] { serve(); }) {}

  ~PollingServer() override {
    ended_ = true;
    wake();
    thread_.join();
  }

  JobNumber number() const override { return socket_.number(); }
  std::size_t connections() const override { return connections_; }

  void after(std::chrono::milliseconds time, std::function<void()> call) override {
    {
      std::lock_guard lock(mutex_);
      calls_.emplace_back(Clock::now() + time, std::move(call));
    }
    wake();
  }

 private:
  void wake() {
    std::uint64_t one = 1;
    [[maybe_unused]] auto written = ::write(wake_.get(), &one, sizeof one);
  }

  void serve() {
    ::pthread_setname_np(::pthread_self(), "inspect");
    std::vector<pollfd> ready;
    while (!ended_) {
      ready.assign({{socket_.descriptor(), POLLIN, 0}, {wake_.get(), POLLIN, 0}});
      for (const Conversation& one : talking_) ready.push_back({one.descriptor(), one.events(), 0});
      if (::poll(ready.data(), ready.size(), milliseconds_left()) < 0) continue;
      auto now = Clock::now();
      if (ready[1].revents) drain_wakes();
      std::size_t at = 2;
      for (auto one = talking_.begin(); one != talking_.end(); ++at) {
        bool stays = ready[at].revents == 0 ? now < one->until() : one->go_on(answer_, now);
        one = stays ? std::next(one) : talking_.erase(one);
      }
      if (ready[0].revents) admit(now);
      connections_ = talking_.size();
      call_due(now);
    }
  }

  int milliseconds_left() {
    auto next = Clock::time_point::max();
    for (const Conversation& one : talking_) next = std::min(next, one.until());
    {
      std::lock_guard lock(mutex_);
      for (const auto& [when, call] : calls_) next = std::min(next, when);
    }
    if (next == Clock::time_point::max()) return -1;
    auto left = std::chrono::ceil<std::chrono::milliseconds>(next - Clock::now()).count();
    return static_cast<int>(std::clamp<std::int64_t>(left, 0, 60'000));
  }

  void drain_wakes() {
    std::uint64_t count = 0;
    [[maybe_unused]] auto got = ::read(wake_.get(), &count, sizeof count);
  }

  void admit(Clock::time_point now) {
    Descriptor socket(::accept4(socket_.descriptor(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!socket) return;
    bool ours = is_same_user(socket.get());
    Conversation conversation(std::move(socket), now);
    if (!ours) {
      conversation.refuse(invalid("this process is another user's: ask as that user"));
      return;
    }
    if (talking_.size() >= kMostConnections) {
      auto quietest = std::min_element(talking_.begin(), talking_.end(),
                                       [](const auto& one, const auto& other) { return one.since() < other.since(); });
      quietest->refuse(overloaded("others ask this process too, and this connection was quiet the longest: ask again"));
      talking_.erase(quietest);
    }
    talking_.push_back(std::move(conversation));
  }

  void call_due(Clock::time_point now) {
    std::vector<std::function<void()>> due;
    {
      std::lock_guard lock(mutex_);
      std::erase_if(calls_, [&](auto& one) {
        if (one.first > now) return false;
        due.push_back(std::move(one.second));
        return true;
      });
    }
    for (const auto& call : due) call();
  }

  JobSocket socket_;
  Descriptor wake_;
  Answer answer_;
  std::list<Conversation> talking_;
  std::mutex mutex_;
  std::vector<std::pair<Clock::time_point, std::function<void()>>> calls_;
  std::atomic<std::size_t> connections_{0};
  std::atomic<bool> ended_{false};
  std::thread thread_;  // last: uses all of the above
};

}  // namespace

Result<std::unique_ptr<InspectServer>> InspectServer::open(const std::filesystem::path& folder, Answer answer) {
  auto socket = JobSocket::claim(folder);
  if (!socket) return std::move(socket).error();
  Descriptor wake(::eventfd(0, EFD_CLOEXEC));
  if (!wake) return failed("no more files can be opened: " + std::generic_category().message(errno));
  try {
    return std::unique_ptr<InspectServer>(
        std::make_unique<PollingServer>(std::move(*socket), std::move(wake), std::move(answer)));
  } catch (const std::system_error& error) {
    return failed(std::string("no thread can be made: ") + error.what());
  }
}

}  // namespace leat::inspect
