#include <leat/gateway/job_history.hpp>

#include <leat/diagnosis/why.hpp>
#include <leat/gateway/job_picture.hpp>
#include <leat/inspect/snapshot_json.hpp>

#include <pthread.h>

#include <algorithm>
#include <fstream>
#include <system_error>
#include <utility>

namespace leat {
namespace {

namespace fs = std::filesystem;

// The file that is kept has a line of why, then one of curves, either of which may be empty.
fs::path kept_of(const Jobs& jobs, std::uint64_t id) { return jobs.folder_of(id) / "history"; }

// Whoever reads it sees all of it. It need not outlive the machine: it is written again soon.
void keep(const fs::path& path, const std::string& why, const std::string& curves) {
  fs::path part = path;
  part += ".part";
  std::ofstream file(part, std::ios::trunc);
  file << why << "\n" << curves << "\n";
  file.close();
  std::error_code error;
  if (file) fs::rename(part, path, error);
  else fs::remove(part, error);
}

}  // namespace

std::string last_why(const Jobs& jobs, std::uint64_t id) { return line_of(kept_of(jobs, id), 1); }

JobHistory::JobHistory(const Jobs& jobs, EventLog& events) : jobs_(jobs), events_(events), thread_([this] { run(); }) {
  bool gap = false;
  listener_ = events_.listen(events_.last(), [this](const LoggedEvent&) { changed(); }, gap);
}

JobHistory::~JobHistory() {
  events_.forget(listener_);
  {
    std::lock_guard lock(mutex_);
    ends_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void JobHistory::changed() {
  std::lock_guard lock(mutex_);
  poked_ = true;
  changed_.notify_all();
}

std::string JobHistory::ask(std::uint64_t id, const char* verb) const {
  auto client = jobs_.client(id);
  auto said = client ? client->ask({verb}, JobPicture::kPatience) : Result<std::string>(client.error());
  return said ? *said : "";
}

std::string JobHistory::curves(std::uint64_t id) {
  auto view = jobs_.find(id);
  if (!view) return "";
  std::string told = has_ended(view->record.stage) ? jobs_.drawn_by(id) : "";
  if (!told.empty()) return told;
  if (view->record.stage == JobStage::running) {
    std::unique_lock lock(mutex_);
    Asked& last = asked_[id];
    if (!last.curves.empty() && Clock::now() - last.when < kFresh) return last.curves;
    last.when = Clock::now();  // who asks meanwhile is told what was known
    lock.unlock();
    told = ask(id, "curves");
    lock.lock();
    if (!told.empty()) asked_[id] = {Clock::now(), told};
  }
  return told.empty() ? line_of(kept_of(jobs_, id), 2) : told;
}

void JobHistory::look(std::uint64_t id, Look& look) {
  std::string said = ask(id, "snapshot");
  auto snapshot = said.empty() ? Result<JobSnapshot>(corrupt("it says nothing")) : inspect::parse_snapshot_answer(said);
  // One that says nothing any more is kept as it was.
  if (!snapshot) return;
  auto view = jobs_.find(id);
  if (look.before && view) look.why = job_why_json(jobs_, view->record, why(*look.before, *snapshot));
  look.before = std::move(*snapshot);
  std::string drawn = ask(id, "curves");
  keep(kept_of(jobs_, id), look.why, drawn.empty() ? line_of(kept_of(jobs_, id), 2) : drawn);
}

// Which run is asked anew after every event.
void JobHistory::look_again() {
  auto now = Clock::now();
  std::map<std::uint64_t, Look> running;
  for (const JobView& view : jobs_.current(0).running) {
    auto known = looks_.find(view.record.id);
    // What an earlier service has seen is not lost while this one looks for the first time.
    Look first{now + kFirst, kFirst, {}, known == looks_.end() ? last_why(jobs_, view.record.id) : ""};
    running.emplace(view.record.id, known == looks_.end() ? std::move(first) : std::move(known->second));
  }
  looks_ = std::move(running);
  std::lock_guard lock(mutex_);
  std::erase_if(asked_, [this](const auto& entry) { return looks_.count(entry.first) == 0; });
}

void JobHistory::run() {
  ::pthread_setname_np(::pthread_self(), "job history");
  std::unique_lock lock(mutex_);
  while (!ends_) {
    bool poked = std::exchange(poked_, false);
    lock.unlock();
    if (poked) look_again();
    auto next = Clock::time_point::max();
    for (auto& [id, one] : looks_) {
      if (Clock::now() >= one.next) {
        look(id, one);
        one.step = std::min<Clock::duration>(2 * one.step, kEvery);
        one.next = Clock::now() + one.step;
      }
      next = std::min(next, one.next);
    }
    lock.lock();
    auto called = [this] { return ends_ || poked_; };
    if (looks_.empty()) changed_.wait(lock, called);
    else changed_.wait_until(lock, next, called);
  }
}

}  // namespace leat
