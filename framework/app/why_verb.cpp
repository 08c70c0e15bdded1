// why: what a job waits for in the end.
#include <leat/app/asking.hpp>
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
               {"replicas", why.replicas}, {"stuck", why.stuck},
               {"waits", Json::array()}};
  for (const Wait& wait : why.waits) {
    json["waits"].push_back({{"who", wait.who}, {"activity", activity_name(wait.activity)}, {"share", wait.share}, {"whom", wait.whom}});
  }
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<Why> found(inspect::InspectClient& client, const Asked& asked) {
  auto before = snapshot_of(client, asked.share);
  if (!before) return std::move(before).error();
  client.gone_within(std::chrono::milliseconds(static_cast<int>(asked.over * 1000)));
  auto after = snapshot_of(client, asked.share);
  if (!after) return std::move(after).error();
  return why(*before, *after);
}

int show_why(const VerbCall& call) {
  auto client = asked_job(call.request);
  if (!client) return call.console.error(client.error(), true);
  auto why = found(*client, call.request.asked);
  if (!why) return call.console.error(why.error(), true);
  return call.console.text(call.request.json ? why_json(*why) + "\n" : why_text(*why), "the cause");
}

void add_why(CLI::App& command, ParsedCommand& parsed) {
  add_job(command, parsed);
  add_over(command, parsed, "look for so long [seconds] (1)");
  add_json(command, parsed);
}

}  // namespace

extern const Verb kWhyVerb;
const Verb kWhyVerb{"", "why", "say what a job waits for in the end", false, add_why, show_why};

}  // namespace leat
