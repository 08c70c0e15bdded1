// dump: what a process says of its inside, whatever it is stuck in.
#include <leat/app/asking.hpp>
#include <leat/app/looked_at.hpp>
#include <leat/app/show_jobs.hpp>
#include <leat/graph/json_text.hpp>

#include <nlohmann/json.hpp>

namespace leat {
namespace {

using Json = nlohmann::ordered_json;

// One of the processes of a job, as a dump of its own.
Json dump_of(const LookedAt::Heard& heard, const Json& number) {
  Json json = heard.heard ? Json::parse(heard.answer) : Json{{"node", heard.node}, {"state", "silent"}};
  json["number"] = number;
  json["type"] = "dump";
  json["version"] = inspect::kVersion;
  return json;
}

// As JSON an object a process.
int dump(const VerbCall& call) {
  auto job = looked_at(call);
  if (!job) return call.console.error(job.error(), true);
  auto heard = (*job)->ask({"dump"});
  if (!heard) return call.console.error(heard.error(), true);
  auto about = (*job)->described();
  if (!about) return call.console.error(about.error(), true);
  Json number = Json::parse(*about)["number"];
  std::string text;
  for (const auto& one : *heard) {
    std::string dumped = json_text(dump_of(one, number));
    text += call.request.json ? dumped + "\n" : dump_text(dumped);
  }
  return call.console.text(text, "the dump");
}

void add_dump(CLI::App& command, ParsedCommand& parsed) {
  add_job(command, parsed);
  add_json(command, parsed);
  add_cluster(command, parsed, "a job of the coordinator there, on all its nodes");
  add_service(command, parsed, "a job of the service there");
}

}  // namespace

extern const Verb kDumpVerb;
const Verb kDumpVerb{"", "dump", "show what every cell and thread of a job does now", false, add_dump, dump};

}  // namespace leat
