#include <leat/app/run_checkpoints.hpp>

#include <leat/graph/json_text.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace leat {
namespace {

double age(const RunCheckpoints& checkpoints, std::uint64_t now) { return static_cast<double>(now - std::min(now, checkpoints.when)) * 1e-9; }

}  // namespace

void RunCheckpoints::see(const CheckpointTaken& checkpoint, std::uint64_t now) {
  if (!checkpoint.refused.empty()) {
    ++given_up;
    return;
  }
  ++published;
  latest = checkpoint.n;
  bytes = checkpoint.bytes;
  took = std::chrono::duration<double>(checkpoint.took).count();
  when = now;
}

std::string RunCheckpoints::json(std::uint64_t now) const {
  nlohmann::ordered_json json = {{"published", published}, {"given_up", given_up}, {"restarts", restarts}};
  if (latest == 0) return json_text(json);
  json["latest"] = latest;
  json["bytes"] = bytes;
  json["seconds"] = took;
  json["age_s"] = age(*this, now);
  return json_text(json);
}

MetricFamilies checkpoint_metrics(const std::string& job, const RunCheckpoints& checkpoints, std::uint64_t now) {
  const MetricLabels of{{"job", job}};
  auto lone = [&of](const char* name, MetricKind kind, const char* sentence, double value) { return MetricFamily{name, kind, sentence, {{of, value}}}; };
  MetricFamily taken{"leat_checkpoints_total", MetricKind::counter, "Checkpoints that were ordered, by what has come of them.", {}};
  taken.samples = {{{{"job", job}, {"result", "published"}}, static_cast<double>(checkpoints.published)},
                   {{{"job", job}, {"result", "given_up"}}, static_cast<double>(checkpoints.given_up)}};
  MetricFamilies all{std::move(taken), lone("leat_job_restarts_total", MetricKind::counter, "Times that a job has begun anew from a checkpoint by itself.",
                                            static_cast<double>(checkpoints.restarts))};
  if (checkpoints.latest == 0) return all;
  all.push_back(lone("leat_checkpoint_age_seconds", MetricKind::gauge, "Time since the latest checkpoint was published.", age(checkpoints, now)));
  all.push_back(lone("leat_checkpoint_bytes", MetricKind::gauge, "What the latest checkpoint has on the disk.", static_cast<double>(checkpoints.bytes)));
  all.push_back(lone("leat_checkpoint_seconds", MetricKind::gauge, "Time from the order of the latest checkpoint until it was published.", checkpoints.took));
  return all;
}

}  // namespace leat
