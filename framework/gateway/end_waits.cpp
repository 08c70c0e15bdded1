#include <leat/gateway/end_waits.hpp>

#include <leat/gateway/access.hpp>
#include <leat/gateway/job_json.hpp>

#include <algorithm>

namespace leat {
namespace {

constexpr double kMostSeconds = 60;

Result<HttpAnswer> answer_of(const Result<JobView>& job) {
  if (!job) return refusal(404, job.error().sentence);
  return json_answer(job_json(*job));
}

}  // namespace

EndWaits::EndWaits(const Jobs& jobs, EventLog& events) : jobs_(jobs), events_(events) {
  bool gap = false;
  listener_ = events_.listen(events_.last(), [this](const LoggedEvent&) {
    std::lock_guard lock(mutex_);
    looks_ = true;
    changed_.notify_all();
  }, gap);
  thread_ = std::thread([this] { run(); });
}

EndWaits::~EndWaits() {
  close();
  events_.forget(listener_);
  thread_.join();
}

void EndWaits::close() {
  std::vector<Waiting> all;
  {
    std::lock_guard lock(mutex_);
    ends_ = true;
    changed_.notify_all();
    all.swap(waiting_);
  }
  for (const Waiting& one : all) one.request.answer(answer_of(jobs_.find(one.job)));
}

Route EndWaits::route() {
  Route route{.method = "GET", .pattern = "/api/v1/jobs/{id}/end", .sentence = "Waits for a job's end, and shows it; or as it is when the time is over."};
  route.params = {{.name = "id", .type = OptionType::integer, .sentence = "the job's number", .least = 1},
                  {"within", OptionType::real, "wait no longer", "30", "seconds", 0, kMostSeconds}};
  route.gives = "Job";
  route.limits.deadline = std::chrono::seconds(2 * static_cast<int>(kMostSeconds));
  route.later = [this](PendingRequest request) { add(std::move(request)); };
  return route;
}

void EndWaits::add(PendingRequest request) {
  auto time = std::chrono::duration<double>(request.params["within"].real);
  Waiting made{static_cast<std::uint64_t>(request.params["id"].integer), Clock::now() + std::chrono::duration_cast<Clock::duration>(time), {}};
  std::unique_lock lock(mutex_);
  if (waiting_.size() >= kMost) {
    // Some may have hung up.
    lock.unlock();
    look();
    lock.lock();
  }
  bool ends = ends_;
  if (ends || waiting_.size() >= kMost) {
    lock.unlock();
    return request.answer(ends ? answer_of(jobs_.find(made.job)) : overloaded("too many wait for the end of a job: ask again"));
  }
  made.request = std::move(request);
  waiting_.push_back(std::move(made));
  looks_ = true;
  changed_.notify_all();
}

// Answers outside of the mutex: who adds an event waits for it.
void EndWaits::look() {
  std::vector<Waiting> all;
  {
    std::lock_guard lock(mutex_);
    all.swap(waiting_);
  }
  auto now = Clock::now();
  std::vector<Waiting> kept;
  for (Waiting& one : all) {
    auto job = jobs_.find(one.job);
    bool over = !job || has_ended(job->record.stage) || now >= one.until;
    if (over) one.request.answer(answer_of(job));
    else if (!one.request.left()) kept.push_back(std::move(one));
  }
  std::lock_guard lock(mutex_);
  for (Waiting& one : kept) {
    if (ends_) one.request.answer(answer_of(jobs_.find(one.job)));
    else waiting_.push_back(std::move(one));
  }
}

void EndWaits::run() {
  std::unique_lock lock(mutex_);
  while (!ends_) {
    auto first = std::min_element(waiting_.begin(), waiting_.end(), [](const Waiting& a, const Waiting& b) { return a.until < b.until; });
    auto something = [this] { return looks_ || ends_; };
    if (first == waiting_.end()) {
      changed_.wait(lock, something);
    } else {
      changed_.wait_until(lock, first->until, something);
    }
    looks_ = false;
    lock.unlock();
    look();
    lock.lock();
  }
}

}  // namespace leat
