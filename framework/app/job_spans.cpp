#include <leat/app/job_spans.hpp>

#include <leat/app/answers.hpp>
#include <leat/app/logging.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace leat {
namespace {

std::string field(const std::vector<LogField>& fields, std::string_view name) {
  auto found = std::find_if(fields.begin(), fields.end(), [&](const LogField& one) { return one.first == name; });
  return found == fields.end() ? "" : found->second;
}

TraceSpan fresh(std::string name, std::uint64_t when) {
  TraceSpan span;
  span.trace = fresh_id(16);
  span.id = fresh_id(8);
  span.name = std::move(name);
  span.began = when;
  return span;
}

TraceSpan part_of(const TraceSpan& whole, std::string name, std::uint64_t when) {
  TraceSpan span = fresh(std::move(name), when);
  span.trace = whole.trace;
  span.parent = whole.id;
  return span;
}

bool is_phase(std::string_view word) {
  return std::find(std::begin(kJobStates), std::end(kJobStates), word) != std::end(kJobStates);
}

}  // namespace

void JobSpans::see(std::string_view phrase, const std::vector<LogField>& fields, std::uint64_t when) {
  constexpr std::string_view kJob = "job ";
  std::string number = field(fields, "job");
  if (!phrase.starts_with(kJob) || number.empty()) return;
  std::string_view what = phrase.substr(kJob.size());
  std::lock_guard lock(mutex_);
  auto open = open_.find(number);
  if (open == open_.end()) {
    if (what != "submitted") return;
    TraceSpan job = fresh("job " + field(fields, "graph"), when);
    job.attributes = {{"leat.graph", field(fields, "graph")}, {"leat.job", number}};
    open_.emplace(number, Open{std::move(job), {}});
  } else if (what == "committed" || what == "interrupted" || what == "failed") {
    open->second.job.attributes.emplace_back("leat.ending", what);
    end(open->second, when, what == "failed" ? field(fields, "why") : "");
    open_.erase(open);
  } else if (is_phase(what)) {
    Open& job = open->second;
    TraceSpan next = part_of(job.job, std::string(what), when);
    TraceSpan before = std::exchange(job.phase, std::move(next));
    before.ended = when;
    if (!before.name.empty()) keep(std::move(before));
  }
}

void JobSpans::end(Open& open, std::uint64_t when, const std::string& why) {
  for (TraceSpan* span : {&open.phase, &open.job}) {
    span->ended = when;
    span->error = why;
    if (!span->name.empty()) keep(std::move(*span));
  }
}

void JobSpans::keep(TraceSpan span) {
  ended_.push_back(std::move(span));
  if (ended_.size() > kMost) ended_.erase(ended_.begin());
}

std::vector<TraceSpan> JobSpans::take() {
  std::lock_guard lock(mutex_);
  return std::exchange(ended_, {});
}

Log seen_by(const Log& log, std::shared_ptr<JobSpans> spans) {
  return Log([log, spans = std::move(spans)](LogLevel level, std::string_view phrase, const std::vector<LogField>& fields) {
    spans->see(phrase, fields, unix_time());
    write_line(log, level, phrase, fields);
  });
}

RunSpans::RunSpans(std::string graph, std::uint64_t began) : whole_(fresh("job " + graph, began)), seen_(began) {
  whole_.attributes = {{"leat.graph", std::move(graph)}};
}

// What it has done since the last look it began after that.
void RunSpans::see(const Progress& progress, std::uint64_t when) {
  for (const StageProgress& stage : progress.stages) {
    std::uint64_t done = stage.visits + stage.chunks_out;
    Worked& worked = stages_[stage.name];
    if (done == std::exchange(worked.done, done)) continue;
    if (worked.began == 0) worked.began = seen_;
    worked.ended = when;
  }
  seen_ = when;
}

std::vector<TraceSpan> RunSpans::take(std::uint64_t when, const std::string& why) const {
  std::vector<TraceSpan> all{whole_};
  all.front().ended = when;
  all.front().error = why;
  for (const auto& [name, worked] : stages_) {
    if (worked.began == 0) continue;
    TraceSpan span = part_of(whole_, "stage " + name, worked.began);
    span.ended = worked.ended;
    span.attributes = {{"leat.stage", name}};
    all.push_back(std::move(span));
  }
  return all;
}

}  // namespace leat
