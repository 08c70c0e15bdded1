#include <leat/app/live_run.hpp>

#include <leat/app/chunk_rows.hpp>
#include <leat/app/console.hpp>
#include <leat/app/show.hpp>
#include <leat/cluster/cluster.hpp>
#include <leat/graph/json_text.hpp>
#include <leat/runtime/machine.hpp>

#include <nlohmann/json.hpp>

#include <unistd.h>

#include <cstring>
#include <utility>

namespace leat {
namespace {

using Json = nlohmann::ordered_json;

void say(const char* text) { [[maybe_unused]] auto written = ::write(STDERR_FILENO, text, std::strlen(text)); }

}  // namespace

LiveRun::LiveRun(const VerbCall& call, std::stop_token interrupt)
    : on_cluster_(call.request.access.cluster || call.request.access.listen),
      graph_(call.program().name),
      on_interrupt_(std::move(interrupt), [this] { stop_.request_stop(); }),
      worked_(graph_, unix_time()) {
  InspectedProcess process;
  process.kind = "run";
  process.program = call.name;
  process.build = executable_build_id();
  process.graph = graph_;
  process.state = [this] { return state(); };
  process.details = [this] { return details(); };
  process.snapshot = [this](const std::string&) { return snapshot(); };
  process.tap = [this](const std::string&, const std::string& place, std::size_t rows) { return tap(place, rows); };
  if (on_cluster_) process.tap_nodes = [this](const inspect::Question& question) { return tap_nodes(question); };
  process.curves = [this] { return curves(); };
  process.cancel = [this] { return cancel(); };
  process.drain = [this] { return drain(); };
  process.logs = logs_;
  logs_->add(LogLevel::info, "run began", {{"graph", call.program().name}});
  std::lock_guard lock(mutex_);  // who asks at once waits until all of this is there
  auto opened = Inspected::open(std::make_shared<Answers>(std::move(process)));
  if (opened) {
    inspected_ = std::move(*opened);
  } else if (!call.request.quiet) {
    print(stderr, call.name + ": warning: nobody can look at this run: " + one_line(opened.error().sentence) + "\n");
  }
}

void LiveRun::at(Job* job) {
  std::lock_guard lock(mutex_);
  if (job_ && !job) last_ = job_->snapshot();
  job_ = job;
  cells_gone_ = !job;
  logs_->add(LogLevel::info, job ? "job built" : "cells ended", {});
}

void LiveRun::on(std::shared_ptr<RunNodes> nodes) {
  std::lock_guard lock(mutex_);
  nodes_ = std::move(nodes);
}

std::shared_ptr<RunNodes> LiveRun::nodes() const {
  std::lock_guard lock(mutex_);
  return nodes_;
}

void LiveRun::progress(const Progress& progress) {
  std::lock_guard lock(mutex_);
  progress_ = progress;
  worked_.see(progress, unix_time());
  draw(false);
  waits_.clear();
}

// On a cluster its memory is that of the nodes.
void LiveRun::draw(bool last) {
  if (progress_) drawn_.see(*progress_, unix_time(), on_cluster_ ? std::nullopt : std::optional(resident_memory()), last);
}

std::vector<NamedCurve> LiveRun::curves() const {
  std::lock_guard lock(mutex_);
  return drawn_.with(progress_ ? progress_->curves : std::vector<NamedCurve>{});
}

void LiveRun::ended(const Result<Report>& report) {
  if (report) progress(report->progress);
  std::lock_guard lock(mutex_);
  draw(true);
  spans_ = worked_.take(unix_time(), report ? "" : report.error().sentence);
}

MetricFamilies LiveRun::metrics() const {
  std::lock_guard lock(mutex_);
  RunningJobs running;
  if (progress_) running.emplace_back(graph_, *progress_);
  JobSnapshots snapshots;
  if (job_) snapshots.emplace_back(graph_, job_->snapshot());
  if (last_) snapshots.emplace_back(graph_, *last_);
  return run_metrics(running, snapshots, checkpoints_ ? checkpoint_metrics(graph_, *checkpoints_, unix_time()) : MetricFamilies{}, peak_memory());
}

std::vector<TraceSpan> LiveRun::spans() const {
  std::lock_guard lock(mutex_);
  return spans_;
}

void LiveRun::waits(const std::string& what) {
  logs_->add(LogLevel::info, "waiting", {{"what", what}});
  std::lock_guard lock(mutex_);
  waits_ = what;
}

void LiveRun::stuck(const Why& why) { logs_->add(LogLevel::warning, "nothing has moved for 30 s", {{"why", why_text(why)}}); }

void LiveRun::taken(const CheckpointTaken& checkpoint) {
  if (!checkpoint.refused.empty()) {
    logs_->add(LogLevel::warning, "checkpoint given up", {{"checkpoint", std::to_string(checkpoint.n)}, {"why", one_line(checkpoint.refused)}});
  }
  std::lock_guard lock(mutex_);
  if (!checkpoints_) checkpoints_.emplace();
  checkpoints_->see(checkpoint, unix_time());
}

void LiveRun::restarts(const Error& why, std::uint64_t n) {
  logs_->add(LogLevel::warning, "begins anew", {{"checkpoint", std::to_string(n)}, {"why", one_line(why.sentence)}});
  std::lock_guard lock(mutex_);
  if (!checkpoints_) checkpoints_.emplace();
  ++checkpoints_->restarts;
}

std::string LiveRun::state() const {
  std::lock_guard lock(mutex_);
  if (cells_gone_) return "committing";
  if (stop_.stop_requested()) return "cancelling";
  if (!waits_.empty()) return "waiting";
  if (drains_) return "draining";
  return job_ || progress_ ? "running" : "building";
}

std::string LiveRun::details() const {
  std::lock_guard lock(mutex_);
  Json json = Json::object();
  if (!waits_.empty()) json["why"] = waits_;
  if (std::uint64_t number = nodes_ ? nodes_->job() : 0; number > 0) json["cluster_job"] = number;
  if (checkpoints_) json["checkpoints"] = Json::parse(checkpoints_->json(unix_time()));
  if (progress_) json["progress"] = Json::parse(progress_json(*progress_));
  return json_text(json);
}

// Whoever asks nodes waits for them, while others ask this process.
Result<JobSnapshot> LiveRun::snapshot() const {
  if (auto asked = nodes()) return asked->snapshot();
  std::lock_guard lock(mutex_);
  if (job_) return job_->snapshot();
  return no_cells();
}

Result<std::shared_ptr<Tap>> LiveRun::tap(const std::string& place, std::size_t rows) const {
  std::lock_guard lock(mutex_);
  if (job_) return job_->tap(place, rows, tapped_rows);
  return no_cells();
}

Result<std::string> LiveRun::tap_nodes(const inspect::Question& question) const {
  auto asked = nodes();
  return asked ? asked->tapped(question) : no_cells();
}

Error LiveRun::no_cells() const {
  if (on_cluster_) return invalid("it has no cells on its nodes now: ask again");
  return invalid(cells_gone_ ? "its cells have ended, and it commits" : "it has no cells yet: its graph is being built");
}

Result<void> LiveRun::cancel() {
  {
    std::lock_guard lock(mutex_);
    if (std::exchange(cancelled_, true)) return {};
    inspected_->after(kGrace, [this] { end_unless_committing(); });
  }
  logs_->add(LogLevel::warning, "cancelled", {});
  say("cancelled: sources stop, nothing is committed; the end within 10 s\n");
  stop_.request_stop();
  return {};
}

void LiveRun::end_unless_committing() {
  {
    std::lock_guard lock(mutex_);
    if (cells_gone_) return;
  }
  say(on_cluster_ ? "cancelled: the cluster has not ended the job for 10 s: this process ends, and with it the job, unless "
                    "its nodes were told to commit\n"
                  : "cancelled: a stage has not returned for 10 s: the process ends, and nothing is committed\n");
  ::_exit(kInterrupted);
}

Result<void> LiveRun::drain_nodes() {
  auto asked = nodes();
  if (!asked) return invalid("it has no sources yet, or none any more: ask again");
  {
    std::lock_guard lock(mutex_);
    if (drains_) return {};
  }
  auto done = asked->drain();
  std::lock_guard lock(mutex_);
  if (done && !std::exchange(drains_, true)) logs_->add(LogLevel::info, "drained", {});
  return done;
}

Result<void> LiveRun::drain() {
  if (on_cluster_) return drain_nodes();
  std::lock_guard lock(mutex_);
  if (cells_gone_ || drains_) return {};
  if (!job_) return invalid("it has no sources yet: its graph is being built; ask again");
  logs_->add(LogLevel::info, "drained", {});
  drains_ = true;
  job_->state().drain();
  return {};
}

}  // namespace leat
