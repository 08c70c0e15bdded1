#include <leat/app/run_nodes.hpp>

#include <leat/app/logging.hpp>
#include <leat/app/looked_at.hpp>
#include <leat/app/show_jobs.hpp>

#include <nlohmann/json.hpp>

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>

namespace leat {
namespace {

using Json = nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kDrainWithin{2000};

std::optional<LogLevel> grave_level(const std::string& name) {
  if (name == "warning") return LogLevel::warning;
  if (name == "error") return LogLevel::error;
  return std::nullopt;
}

// Of what each process has said what was not written before.
class NewLines {
 public:
  NewLines(std::uint64_t job, Log log) : job_(std::to_string(job)), log_(std::move(log)) {}

  /// What is of another job from now on.
  void of(std::uint64_t job) { job_ = std::to_string(job); }

  inspect::Question question() const {
    inspect::Question question{"logs"};
    for (const auto& [node, next] : next_) question.options["from " + node] = std::to_string(next);
    return question;
  }

  void take(const LookedAt::Heard& heard) {
    if (!heard.heard) return;
    auto [next, first] = next_.try_emplace(heard.node, 0);
    try {
      const Json said = Json::parse(heard.answer);
      for (const Json& line : said.at("lines")) write(line, heard.node, first);
      next->second = line_after(heard.answer, next->second);
    } catch (const Json::exception&) {
      write_line(log_, LogLevel::warning, "a node answers no lines of its log", {{"node", heard.node}});
    }
  }

 private:
  void write(const Json& line, const std::string& node, bool first) const {
    auto level = grave_level(line.value("level", ""));
    std::map<std::string, std::string> said = line.value("fields", std::map<std::string, std::string>());
    bool before_it = first && (said.count("job") == 0 || said.at("job") != job_);
    if (!level || before_it) return;
    std::vector<LogField> fields{{"node", node.empty() ? "coordinator" : node}};
    for (const auto& [name, value] : said) {
      bool of_node = name == "node";
      if (!of_node || node.empty()) fields.emplace_back(of_node ? std::string_view("about") : std::string_view(name), value);
    }
    write_line(log_, *level, line.value("phrase", ""), fields);
  }

  std::string job_;
  const Log log_;
  std::map<std::string, std::uint64_t> next_;  // by node
};

}  // namespace

struct RunNodes::State {
  State(SubmitOptions of, std::string graph_name, Log into) : options(std::move(of)), graph(std::move(graph_name)), log(std::move(into)) {}

  SubmitOptions options;
  const std::string graph;
  const Log log;
  std::mutex mutex;
  std::condition_variable changed;
  std::uint64_t job = 0;
  bool ends = false, last_words = false;
  bool looks = false;         // a snapshot is wanted
  std::uint64_t looked = 0;   // so many were answered
  std::optional<Result<JobSnapshot>> seen;
  bool drains = false;        // it is to be drained
  std::optional<Result<void>> drained;
};

RunNodes::RunNodes(SubmitOptions options, std::string graph, Log log)
    : state_(std::make_shared<State>(std::move(options), std::move(graph), std::move(log))),
      call_("what the nodes of a run say", Log(), [state = state_] { ask(*state); }) {
}

RunNodes::~RunNodes() { end(false); }

void RunNodes::at(std::uint64_t job) {
  std::lock_guard lock(state_->mutex);
  if (std::exchange(state_->job, job) != job) state_->changed.notify_all();
}

std::uint64_t RunNodes::job() const {
  std::lock_guard lock(state_->mutex);
  return state_->job;
}

Result<JobSnapshot> RunNodes::snapshot() {
  State& state = *state_;
  std::unique_lock lock(state.mutex);
  if (state.job == 0) return invalid("it has no cells yet: it is on its way to the cluster");
  std::uint64_t before = state.looked;
  state.looks = true;
  state.changed.notify_all();
  state.changed.wait_for(lock, kPatience, [&] { return state.looked != before || state.ends; });
  if (!state.seen) return overloaded("its nodes have not answered yet: ask again");
  return *state.seen;
}

Result<void> RunNodes::drain() {
  State& state = *state_;
  std::unique_lock lock(state.mutex);
  if (state.job == 0) return invalid("it has no sources yet: it is on its way to the cluster; ask again");
  state.drained.reset();
  state.drains = true;
  state.changed.notify_all();
  state.changed.wait_for(lock, kDrainWithin, [&] { return state.drained || state.ends; });
  if (!state.drained) return overloaded("the coordinator has not said in time that the job drains: ask again");
  return *state.drained;
}

void RunNodes::end(bool failed) {
  {
    std::lock_guard lock(state_->mutex);
    if (std::exchange(state_->ends, true)) return;
    state_->last_words = failed;
  }
  state_->changed.notify_all();
  call_.wait_until(Clock::now() + kLastWords);
}

void RunNodes::ask(State& state) {
  std::unique_lock lock(state.mutex);
  state.changed.wait(lock, [&] { return state.job > 0 || state.ends; });
  if (state.job == 0) return;
  std::uint64_t number = state.job;
  NewLines lines(number, state.log);
  std::unique_ptr<LookedAt> job;
  auto next = Clock::now() + kBetweenLogs;
  while (true) {
    state.changed.wait_until(lock, next, [&] { return state.ends || state.looks || state.drains; });
    const bool ends = state.ends, looks = std::exchange(state.looks, false), drains = std::exchange(state.drains, false);
    if (ends && !job && !state.last_words) return;
    // Of a job with checkpoints each epoch has a number of its own.
    if (std::exchange(number, state.job) != state.job) {
      job.reset();
      lines.of(number);
    }
    lock.unlock();
    std::optional<Error> away;
    if (!job) {
      auto opened = job_of_cluster(state.options, number, state.graph);
      if (opened) job = std::move(*opened);
      else away = opened.error();
    }
    std::optional<Result<JobSnapshot>> seen;
    if (looks && !ends) seen = job ? job->snapshot() : Result<JobSnapshot>(*away);
    std::optional<Result<void>> drained;
    if (drains && !ends) drained = drain_job(state.options, number);
    if (job && (ends || Clock::now() >= next)) {
      auto heard = job->ask(lines.question());
      for (const auto& one : heard ? *heard : std::vector<LookedAt::Heard>{}) lines.take(one);
    }
    if (Clock::now() >= next) next = Clock::now() + kBetweenLogs;
    lock.lock();
    if (seen) state.seen = std::move(seen), ++state.looked;
    if (drained) state.drained = std::move(drained);
    state.changed.notify_all();
    if (ends) return;
  }
}

}  // namespace leat
