#include <leat/inspect/why_json.hpp>

#include <leat/graph/json_text.hpp>
#include <leat/inspect/question.hpp>

#include <nlohmann/json.hpp>

namespace leat::inspect {

std::string why_json(const Why& why) {
  using Json = nlohmann::ordered_json;
  Json json = {{"type", "why"},          {"version", kVersion},
               {"cause", cause_name(why.cause)}, {"stage", why.stage},
               {"share", why.share},     {"activity", activity_name(why.activity)},
               {"lasts_s", why.lasts},   {"busy", why.busy},
               {"replicas", why.replicas}, {"stuck", why.stuck},  {"node", why.node},
               {"waits", Json::array()}};
  for (const Wait& wait : why.waits) {
    json["waits"].push_back({{"who", wait.who}, {"activity", activity_name(wait.activity)}, {"share", wait.share}, {"whom", wait.whom}});
  }
  return json_text(json);
}

}  // namespace leat::inspect
