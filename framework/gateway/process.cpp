#include <leat/gateway/process.hpp>

#include <leat/chunk/one_line.hpp>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <system_error>

extern char** environ;

namespace leat {
namespace {

using inspect::Descriptor;

Error because(const std::string& what, int reason) { return failed(what + ": " + std::generic_category().message(reason)); }

// What posix_spawn() is told, freed with it.
class Spawning {
 public:
  Spawning() {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawnattr_init(&attributes_);
    ::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  }
  Spawning(const Spawning&) = delete;
  Spawning& operator=(const Spawning&) = delete;
  ~Spawning() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
  }

  void open(int descriptor, const std::string& file) {
    ::posix_spawn_file_actions_addopen(&actions_, descriptor, file.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  }
  void copy(int from, int to) { ::posix_spawn_file_actions_adddup2(&actions_, from, to); }
  void folder(const std::string& path) { ::posix_spawn_file_actions_addchdir_np(&actions_, path.c_str()); }

  Result<pid_t> start(const std::vector<std::string>& words) {
    ::posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
    sigset_t all, none;
    ::sigfillset(&all);
    ::sigemptyset(&none);
    ::posix_spawnattr_setsigdefault(&attributes_, &all);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    std::vector<char*> argv;
    for (const std::string& word : words) argv.push_back(const_cast<char*>(word.c_str()));
    argv.push_back(nullptr);
    pid_t pid = 0;
    int reason = ::posix_spawn(&pid, words.front().c_str(), &actions_, &attributes_, argv.data(), environ);
    if (reason != 0) return because("cannot start " + words.front(), reason);
    return pid;
  }

 private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

// Reads until the end, or until more than `most` has come or the time is over: then false.
bool read_until(int descriptor, std::string& into, std::size_t most, std::chrono::steady_clock::time_point until) {
  std::array<char, 16384> part;
  while (into.size() <= most) {
    auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()).count();
    pollfd wanted{descriptor, POLLIN, 0};
    int ready = left > 0 ? ::poll(&wanted, 1, static_cast<int>(left)) : 0;
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return false;
    ssize_t got = ::read(descriptor, part.data(), part.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return true;
    into.append(part.data(), static_cast<std::size_t>(got));
  }
  return false;
}

std::string stat_of(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  std::getline(file, line);
  return line;
}

// Of /proc/PID/stat (proc(5)). The name may hold anything but ends at the last parenthesis; it is field 2.
std::optional<std::uint64_t> field_of(const std::string& line, int wanted) {
  std::size_t at = line.rfind(')');
  for (int field = 2; field < wanted && at != line.npos; ++field) at = line.find(' ', at + 1);
  if (at == line.npos) return std::nullopt;
  std::uint64_t number = 0;
  std::from_chars(line.data() + at + 1, line.data() + line.size(), number);
  return number;
}

std::string last_line(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return one_line(text.substr(text.rfind('\n') + 1));
}

}  // namespace

Result<ProcessIdentity> start_process(const std::vector<std::string>& words, const std::filesystem::path& folder,
                                      const std::filesystem::path& log) {
  Spawning spawning;
  spawning.open(STDOUT_FILENO, log.string());
  spawning.copy(STDOUT_FILENO, STDERR_FILENO);
  spawning.folder(folder.string());
  auto pid = spawning.start(words);
  if (!pid) return std::move(pid).error();
  // A child that nobody has waited for is there, whatever has become of it.
  auto process = process_of(*pid);
  if (process) return *process;
  ::kill(*pid, SIGKILL);
  while (::waitpid(*pid, nullptr, 0) < 0 && errno == EINTR) continue;
  return failed("the process that was started cannot be looked at: too many files are open; submit it again");
}

Result<std::string> output_of(const std::vector<std::string>& words, std::size_t most, std::chrono::milliseconds within) {
  std::array<int, 2> out{}, errors{};
  if (::pipe2(out.data(), O_CLOEXEC) != 0) return because("cannot make a pipe", errno);
  Descriptor out_read(out[0]), out_write(out[1]);
  if (::pipe2(errors.data(), O_CLOEXEC) != 0) return because("cannot make a pipe", errno);
  Descriptor errors_read(errors[0]), errors_write(errors[1]);
  Spawning spawning;
  spawning.copy(out[1], STDOUT_FILENO);
  spawning.copy(errors[1], STDERR_FILENO);
  auto pid = spawning.start(words);
  if (!pid) return std::move(pid).error();
  out_write = Descriptor();
  errors_write = Descriptor();
  auto until = std::chrono::steady_clock::now() + within;
  std::string text, said;
  // What it says of errors is short, and fits the pipe while nobody reads it.
  bool whole = read_until(out_read.get(), text, most, until) && read_until(errors_read.get(), said, most, until);
  if (!whole) ::kill(*pid, SIGKILL);
  int status = 0;
  while (::waitpid(*pid, &status, 0) < 0 && errno == EINTR) continue;
  if (!whole) {
    return failed(words.front() + (text.size() > most || said.size() > most ? " says more than it may" : " has not ended in time") +
                  ", and was ended");
  }
  if (WIFSIGNALED(status)) return failed(words.front() + " was ended by " + ::strsignal(WTERMSIG(status)));
  if (WEXITSTATUS(status) == 0) return text;
  std::string sentence = last_line(said);
  if (sentence.empty()) sentence = words.front() + " ended with status " + std::to_string(WEXITSTATUS(status));
  return WEXITSTATUS(status) == 2 ? invalid(sentence) : corrupt(sentence);
}

std::optional<ProcessIdentity> process_of(pid_t pid) {
  auto began = field_of(stat_of(pid), 22);
  return began ? std::optional(ProcessIdentity{pid, *began}) : std::nullopt;
}

std::optional<double> cpu_seconds_of(const ProcessIdentity& process) {
  std::string line = stat_of(process.pid);
  if (process.pid <= 0 || field_of(line, 22) != process.began) return std::nullopt;
  std::uint64_t ticks = 0;
  for (int field : {14, 15, 16, 17}) ticks += field_of(line, field).value_or(0);
  return static_cast<double>(ticks) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

bool lives(const ProcessIdentity& process) {
  if (process.pid <= 0 || (::kill(process.pid, 0) != 0 && errno == ESRCH)) return false;
  auto now = process_of(process.pid);
  // Where no file can be opened it cannot be told apart from another with its number.
  return !now || *now == process;
}

void signal_process(const ProcessIdentity& process, int signal, bool all) {
  // The descriptor is of one process, whatever gets its number between the two lines.
  Descriptor descriptor(static_cast<int>(::syscall(SYS_pidfd_open, process.pid, 0)));
  if (!lives(process)) return;
  if (!descriptor || ::syscall(SYS_pidfd_send_signal, descriptor.get(), signal, nullptr, 0) != 0) ::kill(process.pid, signal);
  if (all) ::kill(-process.pid, signal);
}

}  // namespace leat
