#include <leat/app/run_nodes.hpp>

#include <leat/app/logging.hpp>
#include <leat/app/looked_at.hpp>
#include <leat/app/show_jobs.hpp>
#include <leat/graph/json_text.hpp>

#include <nlohmann/json.hpp>

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>

namespace leat {
namespace {

using Json = nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kAskWithin{2000};
constexpr std::size_t kMostAsks = 16;  // that wait at a time

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

std::string joined_rows(const std::vector<LookedAt::Heard>& heard) {
  Json json = {{"type", "tap"}, {"version", inspect::kVersion}, {"over", true}, {"rows", Json::array()}, {"nodes", Json::array()}};
  for (const auto& one : heard) {
    Json said = one.heard ? Json::parse(one.answer, nullptr, false) : Json();
    auto rows = said.is_object() ? said.value("rows", Json::array()) : Json::array();
    if (!said.is_object() || !said.value("over", false)) json["over"] = false;
    for (Json& row : rows) {
      json["rows"].push_back(std::move(row));
      json["nodes"].push_back(one.node);
    }
  }
  return json_text(json);
}

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
  std::deque<std::function<void(const Result<LookedAt*>&)>> asks;  // what others want to know of the job, or why there is none
  std::optional<Result<JobSnapshot>> seen;                         // last

  // Has it asked on the thread that does; nothing where that is not done in time.
  template <typename Answer>
  std::optional<Answer> answered(std::chrono::milliseconds patience, std::function<Answer(const Result<LookedAt*>&)> ask) {
    auto answer = std::make_shared<std::optional<Answer>>();
    std::unique_lock lock(mutex);
    if (asks.size() >= kMostAsks || ends) return std::nullopt;
    asks.push_back([this, answer, ask = std::move(ask)](const Result<LookedAt*>& of) {
      Answer said = ask(of);
      std::lock_guard held(mutex);
      *answer = std::move(said);
      changed.notify_all();
    });
    changed.notify_all();
    changed.wait_for(lock, patience, [&] { return *answer || ends; });
    return *std::move(answer);
  }
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
  if (job() == 0) return invalid("it has no cells yet: it is on its way to the cluster");
  State& state = *state_;
  auto seen = state.answered<Result<JobSnapshot>>(kPatience, [](const Result<LookedAt*>& job) {
    return job ? (*job)->snapshot() : Result<JobSnapshot>(job.error());
  });
  std::lock_guard lock(state.mutex);
  if (seen) state.seen = std::move(seen);
  if (!state.seen) return overloaded("its nodes have not answered yet: ask again");
  return *state.seen;
}

Result<std::string> RunNodes::tapped(const inspect::Question& question) {
  if (job() == 0) return invalid("it has no cells yet: it is on its way to the cluster");
  auto rows = state_->answered<Result<std::string>>(kAskWithin, [question](const Result<LookedAt*>& job) {
    auto heard = job ? (*job)->ask(question) : Result<std::vector<LookedAt::Heard>>(job.error());
    return heard ? Result<std::string>(joined_rows(*heard)) : std::move(heard).error();
  });
  if (!rows) return overloaded("its nodes have not answered in time: ask again");
  return *std::move(rows);
}

Result<void> RunNodes::drain() {
  const std::uint64_t number = job();
  if (number == 0) return invalid("it has no sources yet: it is on its way to the cluster; ask again");
  auto drained = state_->answered<Result<void>>(kAskWithin, [options = state_->options, number](const Result<LookedAt*>&) {
    return drain_job(options, number);
  });
  if (!drained) return overloaded("the coordinator has not said in time that the job drains: ask again");
  return *std::move(drained);
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
    state.changed.wait_until(lock, next, [&] { return state.ends || !state.asks.empty(); });
    const bool ends = state.ends;
    auto asks = std::exchange(state.asks, {});
    if (ends && !job && !state.last_words) return;
    // Of a job with checkpoints each epoch has a number of its own.
    if (std::exchange(number, state.job) != state.job) {
      job.reset();
      lines.of(number);
    }
    lock.unlock();
    Result<LookedAt*> looked = job.get();
    if (!job) {
      auto opened = job_of_cluster(state.options, number, state.graph);
      if (opened) job = std::move(*opened);
      looked = opened ? Result<LookedAt*>(job.get()) : opened.error();
    }
    for (const auto& one : asks) {
      if (!ends) one(looked);
    }
    if (job && (ends || Clock::now() >= next)) {
      auto heard = job->ask(lines.question());
      for (const auto& one : heard ? *heard : std::vector<LookedAt::Heard>{}) lines.take(one);
    }
    if (Clock::now() >= next) next = Clock::now() + kBetweenLogs;
    lock.lock();
    if (ends) return;
  }
}

}  // namespace leat
