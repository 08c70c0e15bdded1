// dump, logs: what a process says of its inside, whatever it is stuck in.
#include <leat/app/asking.hpp>
#include <leat/app/show_jobs.hpp>

#include <nlohmann/json.hpp>

namespace leat {
namespace {

using Json = nlohmann::ordered_json;

// Between two looks at a log that is followed.
constexpr std::chrono::milliseconds kBetween{250};

int dump(const VerbCall& call) {
  auto client = asked_job(call.request);
  if (!client) return call.console.error(client.error(), true);
  auto answer = client->ask({"dump", {{"job", call.request.asked.share}}});
  if (!answer) return call.console.error(answer.error(), true);
  Json json = Json::parse(*answer);
  json["number"] = client->number();
  json["type"] = "dump";
  std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  return call.console.text(call.request.json ? text + "\n" : dump_text(text), "the dump");
}

int logs(const VerbCall& call) {
  auto client = asked_job(call.request);
  if (!client) return call.console.error(client.error(), true);
  for (std::uint64_t from = 0;;) {
    auto answer = client->ask({"logs", {{"from", std::to_string(from)}}});
    bool over = !answer && answer.error().kind == ErrorKind::disconnected && from > 0;
    if (over) return kDone;
    if (!answer) return call.console.error(answer.error(), true);
    from = line_after(*answer, from);
    int status = call.console.text(call.request.json ? log_json(*answer) : log_text(*answer), "the log");
    if (status != kDone || !call.request.asked.follow) return status;
    client->gone_within(kBetween);
  }
}

void add_dump(CLI::App& command, ParsedCommand& parsed) {
  add_job(command, parsed);
  add_json(command, parsed);
}

void add_logs(CLI::App& command, ParsedCommand& parsed) {
  add_job(command, parsed);
  command.add_flag("--follow", parsed.request.asked.follow, "go on with what comes, until the job ends");
  add_json(command, parsed);
}

}  // namespace

extern const Verb kDumpVerb, kLogsVerb;
const Verb kDumpVerb{"", "dump", "show what every cell and thread of a job does now", false, add_dump, dump};
const Verb kLogsVerb{"", "logs", "show the last lines of a job's log", false, add_logs, logs};

}  // namespace leat
