#include <leat/gateway/job_picture.hpp>

#include <leat/gateway/job_history.hpp>
#include <leat/gateway/job_json.hpp>
#include <leat/graph/json_text.hpp>
#include <leat/inspect/snapshot_json.hpp>
#include <leat/inspect/why_json.hpp>

#include <nlohmann/json.hpp>

namespace leat {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::chrono::seconds kWindow{1};             // that why is of
constexpr std::chrono::milliseconds kLeastWindow{50};

std::string or_null(const std::string& json) { return json.empty() ? "null" : json; }

// "": it has said nothing, as one that crashed.
std::string outcome_of(const Jobs& jobs, std::uint64_t id) {
  Json outcome = Json::parse(jobs.report_of(id), nullptr, false);
  bool said = outcome.is_object() && outcome.contains("said") && outcome["said"].is_object();
  return said ? json_text(outcome["said"]) : "";
}

}  // namespace

std::string whole_job_json(const Jobs& jobs, const JobView& view, const std::string& process) {
  std::string text = job_json(view);
  if (!process.empty()) return with_member(std::move(text), "process", process);
  std::string outcome = has_ended(view.record.stage) ? outcome_of(jobs, view.record.id) : "";
  return outcome.empty() ? text : with_member(std::move(text), "outcome", outcome);
}

std::string job_why_json(const Jobs& jobs, const JobRecord& job, const Why& why) {
  std::string text = inspect::why_json(why);
  bool waits = why.cause == Cause::read && why.activity == Activity::later;
  std::string awaited = waits ? jobs.awaited_by(job) : "";
  return awaited.empty() ? text : with_member(std::move(text), "for", json_text(Json(awaited)));
}

// What has been quiet for long its process has closed.
std::string JobPicture::ask(const char* verb) {
  for (int attempt = 0; attempt < 2; ++attempt) {
    if (!client_) {
      auto opened = jobs_.client(job_);
      if (!opened) return "";
      client_.emplace(std::move(*opened));
    }
    auto said = client_->ask({verb}, kPatience);
    if (said) return std::move(*said);
    // It is heard no further: an answer that comes late would be taken for the next one's.
    if (said.error().kind == ErrorKind::invalid) return "";
    client_.reset();
    if (said.error().kind == ErrorKind::overloaded) return "";
  }
  return "";
}

std::string JobPicture::why_now(const JobRecord& job, const std::string& text) {
  auto now = Clock::now();
  auto snapshot = inspect::parse_snapshot_answer(text);
  if (!snapshot) return "";
  while (seen_.size() > 1 && now - seen_[1].first >= kWindow) seen_.pop_front();
  bool enough = !seen_.empty() && now - seen_.front().first >= kLeastWindow;
  std::string found = enough ? job_why_json(jobs_, job, why(seen_.front().second, *snapshot)) : "";
  seen_.emplace_back(now, std::move(*snapshot));
  return found;
}

LivePicture::Made JobPicture::make() {
  std::uint64_t number = events_.last();
  auto view = jobs_.find(job_);
  bool runs = view && view->record.stage == JobStage::running;
  std::string snapshot = runs ? ask("snapshot") : "", why;
  if (snapshot.empty()) seen_.clear();
  else why = why_now(view->record, snapshot);
  if (view && has_ended(view->record.stage)) why = last_why(jobs_, job_);
  std::string job = view ? whole_job_json(jobs_, *view, runs ? ask("describe") : "") : "";
  if (!runs) client_.reset();
  return {"{\"type\":\"job\",\"number\":" + std::to_string(number) + ",\"job\":" + or_null(job) + ",\"snapshot\":" +
              or_null(snapshot) + ",\"why\":" + or_null(why) + "}",
          runs};
}

}  // namespace leat
