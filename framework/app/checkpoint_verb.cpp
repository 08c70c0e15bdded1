// checkpoint: what a folder of checkpoints has, and forgetting it.
#include <leat/app/asking.hpp>
#include <leat/app/options.hpp>
#include <leat/app/verbs.hpp>
#include <leat/checkpoint/store.hpp>
#include <leat/graph/bound.hpp>
#include <leat/graph/json_text.hpp>

#include <nlohmann/json.hpp>

namespace leat {
namespace {

using Json = nlohmann::ordered_json;
using Unfinished = CheckpointStore::Unfinished;

std::string listed(const Unfinished& job) {
  std::string text = "graph " + job.began.graph + ", begun " + std::to_string(job.began.epoch + 1) + (job.began.epoch == 0 ? " time\n" : " times\n");
  for (const Manifest& manifest : job.manifests) {
    text += "checkpoint " + std::to_string(manifest.n) + "  " + (manifest.last ? "all has ended" : byte_text(manifest.bytes())) + "\n";
  }
  return job.manifests.empty() ? text + "no checkpoint\n" : text;
}

std::string as_json(const Unfinished& job) {
  Json all = Json::array();
  for (const Manifest& manifest : job.manifests) all.push_back({{"n", manifest.n}, {"epoch", manifest.epoch}, {"bytes", manifest.bytes()}, {"last", manifest.last}});
  return json_text(Json{{"type", "checkpoints"}, {"version", 1}, {"graph", job.began.graph}, {"job", job.began.job}, {"epoch", job.began.epoch}, {"checkpoints", all}}) + "\n";
}

int checkpoint(const VerbCall& call) {
  const Request& request = call.request;
  std::error_code error;
  if (!std::filesystem::is_directory(request.checkpoints.folder / "journal", error)) {
    return call.console.error(invalid("there are no checkpoints in " + request.checkpoints.folder.string() + ": name the folder that a run was given with --checkpoints"), false);
  }
  auto store = CheckpointStore::open(request.checkpoints.folder);
  if (!store) return call.console.error(store.error(), false);
  auto job = store->unfinished();
  if (!job) return call.console.text(request.json ? "{\"type\":\"checkpoints\",\"version\":1,\"checkpoints\":[]}\n" : "no job that has not ended\n", "what there is");
  return call.console.text(request.json ? as_json(*job) : listed(*job), "what there is");
}

void add_checkpoint(CLI::App& command, ParsedCommand& parsed) {
  command.add_option("folder", parsed.request.checkpoints.folder, "the folder of checkpoints")->type_name("folder")->required();
  add_json(command, parsed);
}

}  // namespace

extern const Verb kCheckpointVerb;
const Verb kCheckpointVerb{"", "checkpoints", "list the checkpoints in a folder", false, add_checkpoint, checkpoint};

}  // namespace leat
