#include <leat/inspect/question.hpp>

#include <leat/graph/json_text.hpp>

#include <nlohmann/json.hpp>

#include <array>
#include <utility>

namespace leat::inspect {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array kKinds = {std::pair{ErrorKind::invalid, "invalid"}, std::pair{ErrorKind::corrupt, "corrupt"},
                               std::pair{ErrorKind::overloaded, "overloaded"},
                               std::pair{ErrorKind::disconnected, "disconnected"}, std::pair{ErrorKind::failed, "failed"}};

// An object with a type and our version.
Result<Json> envelope(std::string_view line, const std::string& what) {
  auto json = Json::parse(line, nullptr, false);
  if (!json.is_object() || !json.contains("version") || !json["version"].is_number_integer() ||
      !json.contains("type") || !json["type"].is_string()) {
    return corrupt(what + " is not one: it comes from another program");
  }
  if (json["version"] != kVersion) {
    return invalid(what + " has version " + json["version"].dump() + " and this program speaks version " +
                   std::to_string(kVersion) + ": ask with the program that the job was started with");
  }
  return json;
}

}  // namespace

std::string question_line(const Question& question) {
  Json json = {{"type", "question"}, {"version", kVersion}, {"verb", question.verb}, {"options", Json::object()}};
  for (const auto& [name, value] : question.options) json["options"][name] = value;
  return json_text(json) + "\n";
}

Result<Question> parse_question(std::string_view line) {
  auto json = envelope(line, "the question");
  if (!json) return std::move(json).error();
  Error none = corrupt("the question is not one: it comes from another program");
  if ((*json)["type"] != "question" || !json->contains("verb") || !(*json)["verb"].is_string()) return none;
  Question question{(*json)["verb"].get<std::string>()};
  if (!json->contains("options")) return question;
  if (!(*json)["options"].is_object()) return none;
  for (const auto& [name, value] : (*json)["options"].items()) {
    if (!value.is_string()) return none;
    question.options[name] = value.get<std::string>();
  }
  return question;
}

std::string error_answer(const Error& error) {
  Json json = {{"type", "error"}, {"version", kVersion}, {"kind", "failed"}, {"sentence", error.sentence}};
  for (const auto& [kind, word] : kKinds) {
    if (kind == error.kind) json["kind"] = word;
  }
  return json_text(json);
}

Result<std::string> checked_answer(std::string line) {
  auto json = envelope(line, "the answer");
  if (!json) return std::move(json).error();
  if ((*json)["type"] != "error") return line;
  Error error = failed("the answer tells an error without a sentence");
  if (json->contains("sentence") && (*json)["sentence"].is_string()) error.sentence = (*json)["sentence"];
  for (const auto& [kind, word] : kKinds) {
    if (json->contains("kind") && (*json)["kind"] == word) error.kind = kind;
  }
  return error;
}

}  // namespace leat::inspect
