#include <leat/app/inspected_member.hpp>

#include <leat/actor/guard.hpp>
#include <leat/app/chunk_rows.hpp>
#include <leat/app/show.hpp>
#include <leat/app/show_status.hpp>
#include <leat/graph/json_text.hpp>

#include <nlohmann/json.hpp>

#include <signal.h>
#include <unistd.h>

#include <atomic>

namespace leat {
namespace {

using Json = nlohmann::ordered_json;

InspectedProcess member(const VerbCall& call, const std::string& kind, std::function<std::string()> state) {
  InspectedProcess process;
  process.kind = kind;
  process.program = call.name;
  process.build = call.identity().build;
  process.state = std::move(state);
  process.cancel = [kind]() -> Result<void> {
    return invalid("this is a " + kind + ", not a job: cancel its jobs where they were started, or drain it");
  };
  // As the signal does. The second one would end it at once.
  process.drain = [asked = std::make_shared<std::atomic<bool>>(false)]() -> Result<void> {
    if (!asked->exchange(true)) ::kill(::getpid(), SIGTERM);
    return {};
  };
  return process;
}

}  // namespace

InspectedProcess inspected_node(const VerbCall& call, const std::string& name, std::function<std::string()> state,
                                const ClusterNode& node) {
  InspectedProcess process = member(call, "node", std::move(state));
  process.node = name;
  process.details = [name, &node] {
    Json json = {{"node", name}, {"jobs", Json::array()}};
    for (const auto& [job, progress] : node.counters().running) {
      json["jobs"].push_back({{"name", job}, {"state", "running"}, {"progress", Json::parse(progress_json(progress))}});
    }
    return json_text(json);
  };
  process.snapshot = [&node](const std::string& job) -> Result<JobSnapshot> {
    auto shares = node.snapshots();
    for (auto& [of, share] : shares) {
      if (of == job || (job.empty() && shares.size() == 1)) return std::move(share);
    }
    std::string all;
    for (const auto& [of, share] : shares) all += (all.empty() ? "" : ", ") + of;
    if (shares.empty()) return invalid("this node works for no job now");
    return invalid("this node has several jobs, or none called so: say --of one of " + all);
  };
  process.tap = [&node](const std::string& job, const std::string& place, std::size_t rows) {
    return node.tap(job, place, rows, tapped_rows);
  };
  return process;
}

InspectedProcess inspected_coordinator(const VerbCall& call, std::function<std::string()> state,
                                       const Coordinator& coordinator) {
  InspectedProcess process = member(call, "coordinator", std::move(state));
  process.details = [&coordinator] {
    Json status = Json::parse(status_json(coordinator.status()));
    return json_text(Json{{"at", to_string(coordinator.endpoint())}, {"nodes", status["nodes"]}, {"jobs", status["jobs"]}});
  };
  process.snapshot = [](const std::string&) -> Result<JobSnapshot> {
    return invalid("a coordinator runs no cells: ask a node of it, or with --cluster");
  };
  process.tap = [](const std::string&, const std::string&, std::size_t) -> Result<std::shared_ptr<Tap>> {
    return invalid("a coordinator runs no cells: tap a node of it, or with --cluster");
  };
  return process;
}

std::function<std::string(const std::string& question)> logs_of_coordinator(std::shared_ptr<const LogLines> lines) {
  return [lines = std::move(lines)](const std::string& question) {
    auto parsed = inspect::parse_question(question);
    return parsed && parsed->verb == "logs" ? logs_answer(*lines, *parsed) : std::string();
  };
}

std::unique_ptr<Inspected> inspect_process(std::shared_ptr<Answers> answers, const Log& log) {
  auto opened = Inspected::open(std::move(answers));
  if (opened) return std::move(*opened);
  log.warning("nobody can look at this process", {{"why", opened.error().sentence}});
  return nullptr;
}

void ClusterAnswers::begin(std::shared_ptr<Answers> answers) {
  std::lock_guard lock(mutex_);
  answers_ = std::move(answers);
}

std::string ClusterAnswers::answer(const std::string& question) {
  std::shared_ptr<Answers> answers;
  {
    std::lock_guard lock(mutex_);
    answers = answers_;
  }
  if (!answers) return inspect::error_answer(overloaded("this node has just begun: ask again"));
  auto parsed = inspect::parse_question(question);
  auto said = parsed ? guarded([&] { return answers->answer_to_cluster(*parsed); }) : Result<std::string>(parsed.error());
  return said ? *said : inspect::error_answer(said.error());
}

}  // namespace leat
