#include <leat/app/inspected.hpp>

#include <leat/inspect/process_threads.hpp>
#include <leat/inspect/snapshot_json.hpp>
#include <leat/runtime/machine.hpp>

#include <nlohmann/json.hpp>

#include <unistd.h>

#include <charconv>

namespace leat {
namespace {

using Json = nlohmann::ordered_json;
using inspect::Question;

std::string option(const Question& question, const std::string& name) {
  auto found = question.options.find(name);
  return found == question.options.end() ? "" : found->second;
}

std::string text_of(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

// The object's text with a member more.
std::string with_member(std::string object, const std::string& name, const std::string& json) {
  object.pop_back();
  return object + ",\"" + name + "\":" + json + "}";
}

std::string threads_json() {
  Json threads = Json::array();
  for (const inspect::ThreadStatus& one : inspect::process_threads()) {
    threads.push_back({{"id", one.id}, {"name", one.name}, {"state", std::string(1, one.state)}, {"cpu_s", one.cpu},
                       {"waits_in", one.waits_in}});
  }
  return text_of(threads);
}

}  // namespace

Result<std::unique_ptr<Inspected>> Inspected::open(InspectedProcess process) {
  std::unique_ptr<Inspected> inspected(new Inspected(std::move(process)));
  auto opened = inspect::InspectServer::open(inspect::jobs_folder(), [&self = *inspected](const Question& question) {
    return self.answer(question);
  });
  if (!opened) return std::move(opened).error();
  inspected->server_ = std::move(*opened);
  return inspected;
}

Result<std::string> Inspected::answer(const Question& question) {
  const std::string& verb = question.verb;
  auto done = [&](const Result<void>& ok) -> Result<std::string> { return ok ? Result<std::string>(described()) : ok.error(); };
  if (verb == "describe") return described();
  if (verb == "snapshot") {
    auto snapshot = process_.snapshot(option(question, "job"));
    if (!snapshot) return std::move(snapshot).error();
    return with_member(text_of({{"type", "snapshot"}, {"version", inspect::kVersion}}), "snapshot",
                       inspect::snapshot_json(*snapshot));
  }
  if (verb == "dump") return dumped(option(question, "job"));
  if (verb == "logs") {
    std::string from = option(question, "from");
    std::uint64_t number = 0;
    std::from_chars(from.data(), from.data() + from.size(), number);
    return with_member(text_of({{"type", "logs"}, {"version", inspect::kVersion}}), "lines", process_.logs->json(number));
  }
  if (verb == "cancel") return done(process_.cancel());
  if (verb == "drain") return done(process_.drain());
  return invalid("this " + process_.kind + " knows no question " + verb + ": ask with the program that it was started with");
}

std::string Inspected::described() const {
  Json json = {{"type", "job"},
               {"version", inspect::kVersion},
               {"kind", process_.kind},
               {"program", process_.program},
               {"build", process_.build},
               {"graph", process_.graph},
               {"state", process_.state()},
               {"pid", ::getpid()},
               {"began", inspect::process_began()},
               {"memory", resident_memory()}};
  if (!process_.details) return text_of(json);
  Json more = Json::parse(process_.details(), nullptr, false);
  for (auto& [name, value] : more.items()) json[name] = std::move(value);
  return text_of(json);
}

// The threads come first: they are what is there when all else is stuck.
Result<std::string> Inspected::dumped(const std::string& job) const {
  std::string text = with_member(described(), "threads", threads_json());
  auto snapshot = process_.snapshot(job);
  if (snapshot) return with_member(std::move(text), "snapshot", inspect::snapshot_json(*snapshot));
  return job.empty() ? Result<std::string>(std::move(text)) : std::move(snapshot).error();
}

}  // namespace leat
