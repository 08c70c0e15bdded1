// logs: the last lines that a process has logged; of a cluster's job, those of its nodes and of the coordinator.
#include <leat/app/asking.hpp>
#include <leat/app/looked_at.hpp>
#include <leat/app/show_jobs.hpp>

#include <map>
#include <set>

namespace leat {
namespace {

// Between two looks at a log that is followed.
constexpr std::chrono::milliseconds kBetweenLines{250};

// Shows what has not been shown before.
class Lines {
 public:
  explicit Lines(const VerbCall& call) : call_(call) {}

  inspect::Question question() const {
    inspect::Question question{"logs"};
    for (const auto& [node, next] : next_) question.options["from " + node] = std::to_string(next);
    return question;
  }

  // Returns the exit status so far.
  int show(const std::vector<LookedAt::Heard>& heard) {
    std::vector<NodeLines> lines;
    std::string silences;
    for (const LookedAt::Heard& one : heard) {
      if (!one.heard && silent_.insert(one.node).second) silences += silent_text(one.node, call_.request.json);
      if (!one.heard) continue;
      silent_.erase(one.node);
      next_[one.node] = line_after(one.answer, next_[one.node]);
      lines.push_back({one.node, one.answer});
    }
    std::string all = call_.request.access.cluster ? merged(lines) : lines.empty() ? "" : lines.front().answer;
    std::string text = all.empty() ? "" : call_.request.json ? log_json(all) : log_text(all);
    return call_.console.text(text + silences, "the log");
  }

 private:
  const VerbCall& call_;
  std::map<std::string, std::uint64_t> next_;  // by node
  std::set<std::string> silent_;               // of which it has been said
};

bool has_ended(LookedAt& job) {
  auto about = job.described();
  return !about && has_ended(about.error());
}

// A job that has ended is asked once more: of a cluster's, the coordinator has seen the end.
int logs(const VerbCall& call) {
  auto job = looked_back_at(call);
  if (!job) return call.console.error(job.error(), true);
  Lines lines(call);
  for (bool first = true;; first = false) {
    bool last = !call.request.asked.follow || has_ended(**job);
    auto heard = (*job)->ask(lines.question());
    if (!heard && !first && has_ended(heard.error())) return kDone;
    if (!heard) return call.console.error(heard.error(), true);
    int status = lines.show(*heard);
    if (status != kDone || last) return status;
    (*job)->gone_within(kBetweenLines);
  }
}

void add_logs(CLI::App& command, ParsedCommand& parsed) {
  add_job(command, parsed);
  command.add_flag("--follow", parsed.request.asked.follow, "go on with what comes, until the job ends");
  add_json(command, parsed);
  add_cluster(command, parsed, "a job of the coordinator there, of all its nodes; by number also one that has ended");
  add_service(command, parsed, "a job of the service there");
}

}  // namespace

extern const Verb kLogsVerb;
const Verb kLogsVerb{"", "logs", "show the last lines of a job's log", false, add_logs, logs};

}  // namespace leat
