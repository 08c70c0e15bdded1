// trace: some seconds of a job, as a file for Perfetto or Chrome.
#include <leat/app/asking.hpp>
#include <leat/app/looked_at.hpp>
#include <leat/inspect/trace_json.hpp>

#include <fstream>

namespace leat {
namespace {

constexpr std::chrono::milliseconds kBetweenAnswers{50};

Result<std::vector<JobSnapshot>> sampled(LookedAt& job, const Asked& asked) {
  std::vector<JobSnapshot> samples;
  auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(static_cast<int>(asked.over * 1000));
  while (true) {
    auto snapshot = job.snapshot();
    // One that has ended has a trace up to its end.
    if (!snapshot && samples.empty()) return std::move(snapshot).error();
    if (!snapshot) return samples;
    samples.push_back(std::move(*snapshot));
    if (std::chrono::steady_clock::now() >= until || job.gone_within(kBetweenAnswers)) return samples;
  }
}

int trace(const VerbCall& call) {
  auto job = looked_at(call);
  if (!job) return call.console.error(job.error(), true);
  auto samples = sampled(**job, call.request.asked);
  if (!samples) return call.console.error(samples.error(), true);
  std::string text = inspect::trace_json(*samples) + "\n";
  const auto& out = call.request.asked.out;
  if (out.empty()) return call.console.text(text, "the trace");
  std::ofstream file(out);
  file << text;
  file.close();
  return file ? kDone : call.console.error(failed(out.string() + ": the trace cannot be written there"), true);
}

void add_trace(CLI::App& command, ParsedCommand& parsed) {
  add_job(command, parsed);
  add_over(command, parsed, "look for so long [seconds] (1)");
  command.add_option("--out", parsed.request.asked.out, "file to write (standard output)")->type_name("file");
  add_cluster(command, parsed, "a job of the coordinator there, on all its nodes");
  add_service(command, parsed, "a job of the service there");
}

}  // namespace

extern const Verb kTraceVerb;
const Verb kTraceVerb{"", "trace", "write what a job's cells do to a file for Perfetto", false, add_trace, trace};

}  // namespace leat
