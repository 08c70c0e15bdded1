// top: a job's stages, again and again.
#include <leat/app/asking.hpp>
#include <leat/app/looked_at.hpp>
#include <leat/diagnosis/frame.hpp>
#include <leat/diagnosis/snapshot_text.hpp>
#include <leat/graph/json_text.hpp>
#include <leat/inspect/question.hpp>
#include <leat/inspect/snapshot_json.hpp>

#include <nlohmann/json.hpp>

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

namespace leat {
namespace {

using Json = nlohmann::ordered_json;

// Twice a second at most.
constexpr std::chrono::milliseconds kBetweenPaints{500};

struct Screen {
  std::size_t columns = 80;
  std::size_t rows = 24;
};

std::size_t told(const char* variable, std::size_t fallback) {
  const char* text = std::getenv(variable);
  long number = text ? std::strtol(text, nullptr, 10) : 0;
  return number > 0 ? static_cast<std::size_t>(number) : fallback;
}

Screen screen() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0) return {size.ws_col, size.ws_row};
  return {told("COLUMNS", 80), told("LINES", 24)};
}

std::string title_of(const std::string& job, const JobSnapshot& snapshot) {
  Json json = Json::parse(job);
  std::string graph = json.value("graph", "").empty() ? json.value("node", "") : json.value("graph", "");
  std::string title = json["number"].dump() + " " + graph + " " + json.value("state", "") + " " +
                      duration_text(static_cast<std::uint64_t>(snapshot.seconds * 1e9));
  if (json.contains("progress") && json["progress"].contains("done")) {
    title += " " + std::to_string(static_cast<int>(json["progress"]["done"].get<double>() * 100)) + "%";
  }
  return title + silent_nodes(snapshot);
}

std::string window_json(const std::string& job, const JobSnapshot& window) {
  Json json = {{"type", "top"}, {"version", inspect::kVersion}, {"job", Json::parse(job)},
               {"snapshot", Json::parse(inspect::snapshot_json(window))}};
  return json_text(json) + "\n";
}

// One picture of what has gone on since `before`, and `before` for the next.
Result<std::string> picture(const VerbCall& call, LookedAt& looked, JobSnapshot& before) {
  auto job = looked.described();
  if (!job) return job;
  auto after = looked.snapshot();
  if (!after) return std::move(after).error();
  JobSnapshot window = between(std::exchange(before, *after), *after);
  if (call.request.json) return window_json(*job, window);
  Screen at = screen();
  bool alive = ::isatty(STDOUT_FILENO) && !call.request.asked.once;
  // The last line stays free, or the terminal would scroll.
  return (alive ? "\033[H\033[J" : "") + frame(title_of(*job, window), window, at.columns, at.rows - (alive && at.rows > 1 ? 1u : 0u));
}

int top(const VerbCall& call) {
  auto looked = looked_at(call);
  if (!looked) return call.console.error(looked.error(), true);
  auto before = (*looked)->snapshot();
  if (!before) return call.console.error(before.error(), true);
  do {
    bool gone = (*looked)->gone_within(kBetweenPaints);
    auto text = gone ? Result<std::string>(Error{ErrorKind::disconnected, ""}) : picture(call, **looked, *before);
    // A job that has ended is the end of looking at it.
    if (!text && text.error().kind == ErrorKind::disconnected && !call.request.asked.once) return kDone;
    if (!text) return call.console.error(text.error(), true);
    if (int status = call.console.text(*text, "the job"); status != kDone) return status;
  } while (!call.request.asked.once);
  return kDone;
}

void add_top(CLI::App& command, ParsedCommand& parsed) {
  add_job(command, parsed);
  command.add_flag("--once", parsed.request.asked.once, "show half a second of it, and end");
  add_json(command, parsed);
  add_cluster(command, parsed, "a job of the coordinator there, on all its nodes");
  add_service(command, parsed, "a job of the service there");
}

}  // namespace

extern const Verb kTopVerb;
const Verb kTopVerb{"", "top", "watch a job's stages", false, add_top, top};

}  // namespace leat
