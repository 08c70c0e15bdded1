// why: what a job waits for in the end.
#include <leat/app/asking.hpp>
#include <leat/app/looked_at.hpp>
#include <leat/diagnosis/why.hpp>
#include <leat/inspect/question.hpp>

#include <nlohmann/json.hpp>

namespace leat {
namespace {

using Json = nlohmann::ordered_json;

std::string why_json(const Why& why) {
  Json json = {{"type", "why"},          {"version", inspect::kVersion},
               {"cause", cause_name(why.cause)}, {"stage", why.stage},
               {"share", why.share},     {"activity", activity_name(why.activity)},
               {"lasts_s", why.lasts},   {"busy", why.busy},
               {"replicas", why.replicas}, {"stuck", why.stuck},  {"node", why.node},
               {"waits", Json::array()}};
  for (const Wait& wait : why.waits) {
    json["waits"].push_back({{"who", wait.who}, {"activity", activity_name(wait.activity)}, {"share", wait.share}, {"whom", wait.whom}});
  }
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

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
  return call.console.text(call.request.json ? why_json(said->why) + "\n" : text, "the cause");
}

void add_why(CLI::App& command, ParsedCommand& parsed) {
  add_job(command, parsed);
  add_over(command, parsed, "look for so long [seconds] (1)");
  add_json(command, parsed);
  add_cluster(command, parsed, "a job of the coordinator there, on all its nodes");
}

}  // namespace

extern const Verb kWhyVerb;
const Verb kWhyVerb{"", "why", "say what a job waits for in the end", false, add_why, show_why};

}  // namespace leat
