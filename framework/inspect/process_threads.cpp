#include <leat/inspect/process_threads.hpp>

#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

namespace leat::inspect {
namespace {

// Fields of stat after the name, which may have blanks and brackets itself.
constexpr std::size_t kUserTicks = 11, kSystemTicks = 12, kStart = 19;

std::string whole(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::ostringstream text;
  text << in.rdbuf();
  return in ? text.str() : "";
}

std::vector<std::string> after_name(std::string_view text) {
  auto end = text.rfind(')');
  std::vector<std::string> fields;
  if (end == text.npos) return fields;
  std::istringstream rest{std::string(text.substr(end + 1))};
  for (std::string field; rest >> field;) fields.push_back(field);
  return fields;
}

std::optional<double> seconds_of(const std::string& ticks, long a_second) {
  if (ticks.empty() || ticks.find_first_not_of("0123456789") != ticks.npos || ticks.size() > 18) return std::nullopt;
  return static_cast<double>(std::stoull(ticks)) / static_cast<double>(a_second);
}

}  // namespace

std::optional<ThreadStatus> parse_thread_stat(std::string_view text, long ticks) {
  auto open = text.find('('), close = text.rfind(')');
  auto fields = after_name(text);
  if (open == text.npos || close < open || fields.size() <= kStart || fields[0].size() != 1) return std::nullopt;
  auto user = seconds_of(fields[kUserTicks], ticks), system = seconds_of(fields[kSystemTicks], ticks);
  auto id = seconds_of(std::string(text.substr(0, open > 0 ? open - 1 : 0)), 1);
  if (!user || !system || !id) return std::nullopt;
  ThreadStatus thread;
  thread.id = static_cast<pid_t>(*id);
  thread.name = text.substr(open + 1, close - open - 1);
  thread.state = fields[0][0];
  thread.cpu = *user + *system;
  return thread;
}

std::vector<ThreadStatus> process_threads() {
  std::vector<ThreadStatus> threads;
  std::error_code error;
  for (std::filesystem::directory_iterator at("/proc/self/task", error), end; !error && at != end; at.increment(error)) {
    auto thread = parse_thread_stat(whole(at->path() / "stat"), ::sysconf(_SC_CLK_TCK));
    if (!thread) continue;
    thread->waits_in = whole(at->path() / "wchan");
    if (thread->waits_in == "0") thread->waits_in.clear();
    threads.push_back(std::move(*thread));
  }
  std::sort(threads.begin(), threads.end(), [](const auto& one, const auto& other) { return one.id < other.id; });
  return threads;
}

double process_began() {
  auto fields = after_name(whole("/proc/self/stat"));
  auto since_boot = fields.size() > kStart ? seconds_of(fields[kStart], ::sysconf(_SC_CLK_TCK)) : std::nullopt;
  timespec real{}, boot{};
  ::clock_gettime(CLOCK_REALTIME, &real);
  ::clock_gettime(CLOCK_BOOTTIME, &boot);
  auto seconds = [](const timespec& of) { return static_cast<double>(of.tv_sec) + static_cast<double>(of.tv_nsec) * 1e-9; };
  return seconds(real) - seconds(boot) + since_boot.value_or(0);
}

}  // namespace leat::inspect
