#include "two_processes.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <unistd.h>

namespace bench {

void Wire::tell(const Json& line) const {
  const std::string text = line.dump() + "\n";
  if (::send(socket_, text.data(), text.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(text.size()))
    throw std::runtime_error("the other process is gone");
}

Json Wire::hear() const {
  std::string text;
  for (char c = 0; ::read(socket_, &c, 1) == 1;) {
    if (c == '\n') return Json::parse(text);
    text += c;
  }
  throw std::runtime_error("the other process ended without a word");
}

OtherProcess::OtherProcess(const std::function<void(Wire)>& body) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    throw std::runtime_error("no socket pair");
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ < 0) throw std::runtime_error("cannot fork");
  socket_ = ends[0];
  if (pid_ > 0) {
    ::close(ends[1]);
    return;
  }
  ::close(ends[0]);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(1);
  int status = 0;
  try {
    body(Wire(ends[1]));
  } catch (const std::exception& error) {
    std::cerr << "error in the other process: " << error.what() << std::endl;
    status = 1;
  }
  ::_exit(status);
}

OtherProcess::~OtherProcess() {
  if (pid_ <= 0) return;
  ::close(socket_);
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void OtherProcess::stop() const {
  ::kill(pid_, SIGSTOP);
  int status = 0;
  ::waitpid(pid_, &status, WUNTRACED);
}

void OtherProcess::carry_on() const { ::kill(pid_, SIGCONT); }

double cpu_seconds() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

double rss_mb() {
  std::ifstream statm("/proc/self/statm");
  double all = 0, resident = 0;
  statm >> all >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6;
}

Json Meter::used() const {
  return {{"seconds", watch_.seconds()},
          {"cpu", cpu_seconds() - cpu_},
          {"peak_rss_mb", peak_rss_mb()}};
}

void print_transfer(const std::string& program, std::size_t chunks, std::size_t bytes,
                    const Json& sender, const Json& receiver, const Json& more) {
  const double seconds = sender.at("seconds");
  const double gb = static_cast<double>(chunks) * static_cast<double>(bytes) / 1e9;
  const double up = sender.at("cpu"), down = receiver.at("cpu");
  Json line = {{"chunk_bytes", bytes},
               {"gb_per_second", gb / seconds},
               {"cpu_per_gb", (up + down) / gb},
               {"sender_cpu_per_gb", up / gb},
               {"receiver_cpu_per_gb", down / gb},
               {"receiver_peak_rss_mb", receiver.at("peak_rss_mb")}};
  line.update(more);
  print_line(program, seconds, static_cast<double>(chunks), line);
}

void RoundTrips::print(const std::string& program, double seconds, const Json& more) {
  std::sort(all_.begin(), all_.end());
  const auto at = [&](double part) {
    const auto last = static_cast<double>(all_.size() - 1);
    return all_.empty() ? 0 : all_[static_cast<std::size_t>(part * last)] * 1e6;
  };
  Json line = {{"p50_us", at(0.5)}, {"p99_us", at(0.99)}, {"worst_us", at(1)}};
  line.update(more);
  print_line(program, seconds, static_cast<double>(all_.size()), line);
}

}  // namespace bench
