// why: what a job waits for in the end.
#include <leat/app/asking.hpp>
#include <leat/app/looked_at.hpp>
#include <leat/diagnosis/why.hpp>
#include <leat/inspect/why_json.hpp>

namespace leat {
namespace {

// Of two looks, and which nodes have not answered the second one.
struct Found {
  Why why;
  std::string silent;
};

Result<Found> found(LookedAt& job, double over) {
  auto before = job.snapshot();
  if (!before) return std::move(before).error();
  job.gone_within(std::chrono::milliseconds(static_cast<int>(over * 1000)));
  auto after = job.snapshot();
  if (!after) return std::move(after).error();
  return Found{why(*before, *after), silent_nodes(*after)};
}

int show_why(const VerbCall& call) {
  auto job = looked_at(call);
  if (!job) return call.console.error(job.error(), true);
  auto said = found(**job, call.request.asked.over);
  if (!said) return call.console.error(said.error(), true);
  std::string text = why_text(said->why);
  if (!said->silent.empty()) text += "not heard:" + said->silent + "\n";
  return call.console.text(call.request.json ? inspect::why_json(said->why) + "\n" : text, "the cause");
}

void add_why(CLI::App& command, ParsedCommand& parsed) {
  add_job(command, parsed);
  add_over(command, parsed, "look for so long [seconds] (1)");
  add_json(command, parsed);
  add_cluster(command, parsed, "a job of the coordinator there, on all its nodes");
  add_service(command, parsed, "a job of the service there");
}

}  // namespace

extern const Verb kWhyVerb;
const Verb kWhyVerb{"", "why", "say what a job waits for in the end", false, add_why, show_why};

}  // namespace leat
