#include <leat/inspect/inspect_client.hpp>

#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>

namespace leat::inspect {
namespace {

using Clock = std::chrono::steady_clock;

bool ready(int descriptor, short events, Clock::time_point until) {
  while (true) {
    auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
    pollfd one{descriptor, events, 0};
    int got = ::poll(&one, 1, static_cast<int>(std::clamp<std::int64_t>(left, 0, 1 << 30)));
    if (got >= 0 || errno != EINTR) return got > 0;
  }
}

std::string name_of(JobNumber number) { return "job " + std::to_string(number); }

}  // namespace

Result<InspectClient> InspectClient::connect(const std::filesystem::path& folder, JobNumber number) {
  auto socket = connect_to_job(folder, number);
  if (!socket) return std::move(socket).error();
  InspectClient client(std::move(*socket), number);
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(client.socket_.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return client.lost();
  client.pid_ = peer.pid;
  client.process_ = Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, peer.pid, 0)));
  // Still connected: so the pid is still that of who was connected to.
  pollfd one{client.socket_.get(), 0, 0};
  if (!client.process_ || ::poll(&one, 1, 0) < 0 || (one.revents & POLLHUP) != 0) return client.lost();
  return client;
}

Result<std::string> InspectClient::ask(const Question& question, std::chrono::milliseconds within) {
  auto until = Clock::now() + within;
  if (auto said = say(question_line(question), until); !said) return std::move(said).error();
  auto line = hear(until);
  return line ? checked_answer(std::move(*line)) : line;
}

Result<void> InspectClient::say(const std::string& line, Clock::time_point until) {
  for (std::size_t done = 0; done < line.size();) {
    if (!ready(socket_.get(), POLLOUT, until)) return silent();
    auto put = ::send(socket_.get(), line.data() + done, line.size() - done, MSG_NOSIGNAL);
    if (put < 0 && errno != EAGAIN && errno != EINTR) return lost();
    if (put > 0) done += static_cast<std::size_t>(put);
  }
  return {};
}

Result<std::string> InspectClient::hear(Clock::time_point until) {
  for (std::size_t seen = 0;;) {
    if (auto end = in_.find('\n', seen); end != in_.npos) {
      std::string line = in_.substr(0, end);
      in_.erase(0, end + 1);
      return line;
    }
    seen = in_.size();
    if (seen > kMostAnswer) return corrupt(name_of(number_) + " answers more than " + std::to_string(kMostAnswer) + " bytes");
    if (!ready(socket_.get(), POLLIN, until)) return silent();
    char some[64 << 10];
    auto got = ::recv(socket_.get(), some, sizeof some, 0);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) return lost();
    if (got > 0) in_.append(some, static_cast<std::size_t>(got));
  }
}

bool InspectClient::gone_within(std::chrono::milliseconds time) const {
  return ready(process_.get(), POLLIN, Clock::now() + time);
}

void InspectClient::kill() const { ::syscall(SYS_pidfd_send_signal, process_.get(), SIGKILL, nullptr, 0); }

Error InspectClient::silent() const {
  return overloaded(name_of(number_) + " does not answer: its process " + std::to_string(pid_) +
                    " is stopped, or this machine has no time for it");
}

Error InspectClient::lost() const { return {ErrorKind::disconnected, name_of(number_) + " ended while it was asked"}; }

}  // namespace leat::inspect
