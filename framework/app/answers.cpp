#include <leat/app/answers.hpp>

#include <leat/app/show.hpp>
#include <leat/graph/json_text.hpp>
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

std::uint64_t number_of(const Question& question, const std::string& name, std::uint64_t fallback) {
  std::string text = option(question, name);
  std::from_chars(text.data(), text.data() + text.size(), fallback);
  return fallback;
}

std::string threads_json() {
  Json threads = Json::array();
  for (const inspect::ThreadStatus& one : inspect::process_threads()) {
    threads.push_back({{"id", one.id}, {"name", one.name}, {"state", std::string(1, one.state)}, {"cpu_s", one.cpu},
                       {"waits_in", one.waits_in}});
  }
  return json_text(threads);
}

}  // namespace

Result<std::string> Answers::answer(const Question& question) {
  const std::string& verb = question.verb;
  forget_taps();
  auto done = [&](const Result<void>& ok) -> Result<std::string> { return ok ? Result<std::string>(described()) : ok.error(); };
  if (verb == "describe") return described();
  if (verb == "snapshot") {
    auto snapshot = process_.snapshot(option(question, "job"));
    if (!snapshot) return std::move(snapshot).error();
    return with_member(json_text(Json{{"type", "snapshot"}, {"version", inspect::kVersion}}), "snapshot",
                       inspect::snapshot_json(*snapshot));
  }
  if (verb == "dump") return dumped(option(question, "job"));
  if (verb == "logs") return logs_answer(*process_.logs, question, process_.node);
  if (verb == "tap") return tapped(question);
  if (verb == "curves" && process_.curves) return curves_json(process_.curves());
  if (verb == "cancel") return done(process_.cancel());
  if (verb == "drain") return done(process_.drain());
  return invalid("this " + process_.kind + " knows no question " + verb + ": ask with the program that it was started with");
}

Result<std::string> Answers::answer_to_cluster(const Question& question) {
  for (const char* verb : {"snapshot", "dump", "tap", "logs"}) {
    if (question.verb == verb) return answer(question);
  }
  return invalid("a " + process_.kind + " is not asked " + question.verb + " through its coordinator: ask on its machine");
}

void Answers::forget_taps() {
  std::lock_guard lock(mutex_);
  auto since = std::chrono::steady_clock::now() - kPatience;
  std::erase_if(taps_, [&](const auto& entry) { return entry.second.when < since; });
}

// The first question of a name begins the tap; who asks again loses nothing.
Result<std::shared_ptr<Tap>> Answers::tap_of(const Question& question) {
  // Who taps another place with the same name begins another.
  std::string name;
  for (const char* of : {"tap", "job", "place", "rows"}) name += option(question, of) + "\n";
  std::lock_guard lock(mutex_);
  auto found = taps_.find(name);
  if (found == taps_.end()) {
    if (taps_.size() >= kMostTaps) return overloaded(std::to_string(kMostTaps) + " others tap this " + process_.kind + ": ask again");
    auto tap = process_.tap(option(question, "job"), option(question, "place"), number_of(question, "rows", Tap::kMostRows));
    if (!tap) return tap;
    found = taps_.emplace(name, Asked{std::move(*tap), {}}).first;
  }
  found->second.when = std::chrono::steady_clock::now();
  return found->second.tap;
}

Result<std::string> Answers::tapped(const Question& question) {
  if (process_.tap_nodes) return process_.tap_nodes(question);
  auto tap = tap_of(question);
  if (!tap) return std::move(tap).error();
  auto seen = (*tap)->seen();
  if (!seen) return std::move(seen).error();
  return json_text(Json{{"type", "tap"}, {"version", inspect::kVersion}, {"over", seen->over}, {"rows", std::move(seen->rows)}});
}

std::string Answers::described() const {
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
  if (!process_.details) return json_text(json);
  Json more = Json::parse(process_.details(), nullptr, false);
  for (auto& [name, value] : more.items()) json[name] = std::move(value);
  return json_text(json);
}

// The threads come first: they are what is there when all else is stuck.
Result<std::string> Answers::dumped(const std::string& job) const {
  std::string text = with_member(described(), "threads", threads_json());
  auto snapshot = process_.snapshot(job);
  if (snapshot) return with_member(std::move(text), "snapshot", inspect::snapshot_json(*snapshot));
  return job.empty() ? Result<std::string>(std::move(text)) : std::move(snapshot).error();
}

}  // namespace leat
