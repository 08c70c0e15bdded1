#include <leat/gateway/jobs.hpp>

#include <leat/chunk/fields.hpp>
#include <leat/chunk/one_line.hpp>
#include <leat/inspect/inspect_client.hpp>
#include <leat/net/private_folder.hpp>

#include <signal.h>

#include <algorithm>
#include <future>
#include <system_error>

namespace leat {
namespace {

namespace fs = std::filesystem;

Error no_job(std::uint64_t id) { return invalid("there is no job " + std::to_string(id) + ": it was never here, or is forgotten"); }

// The connection to the process, wherever its socket is among those of this user; `known`: where it was found before.
Result<inspect::InspectClient> client_of(const ProcessIdentity& process, inspect::JobNumber known) {
  auto at = [&](inspect::JobNumber number) -> std::optional<inspect::InspectClient> {
    auto client = inspect::InspectClient::connect(inspect::jobs_folder(), number);
    return client && client->pid() == process.pid ? std::optional(std::move(*client)) : std::nullopt;
  };
  if (auto client = known > 0 ? at(known) : std::nullopt) return std::move(*client);
  auto numbers = inspect::living_jobs(inspect::jobs_folder());
  if (!numbers) return std::move(numbers).error();
  for (inspect::JobNumber number : *numbers) {
    if (auto client = at(number)) return std::move(*client);
  }
  return invalid("its process cannot be asked yet: ask again");
}

}  // namespace

Result<std::unique_ptr<Jobs>> Jobs::open(Options options) {
  if (auto made = make_private_folder(options.folder); !made) return std::move(made).error();
  std::unique_ptr<Jobs> jobs(new Jobs(std::move(options)));
  std::error_code error;
  jobs->options_.folder = fs::canonical(jobs->options_.folder, error);
  if (error) return failed("cannot look at the folder of jobs: " + error.message());
  auto store = JobStore::open(jobs->options_.folder / "jobs.db");
  if (!store) return std::move(store).error();
  jobs->store_ = std::move(*store);
  auto watch = ProcessWatch::open();
  if (!watch) return std::move(watch).error();
  jobs->watch_ = std::move(*watch);
  if (auto loaded = jobs->load(); !loaded) return std::move(loaded).error();
  jobs->begin_cluster();
  return jobs;
}

Jobs::~Jobs() {
  end();
  if (cluster_thread_.joinable()) cluster_thread_.join();
  // Who ends a job on the watch's thread saves it; who has saved one starts nothing any more.
  watch_.reset();
  store_.reset();
}

void Jobs::end() {
  {
    std::lock_guard lock(mutex_);
    ends_ = true;
  }
  changed_.notify_all();
  cluster_changed_.notify_all();
}

Result<JobView> Jobs::submit(const JobRequest& request) {
  {
    std::lock_guard lock(mutex_);
    if (queue_.waiting() + cluster_queue_.waiting() >= kMostQueued) return overloaded(std::to_string(kMostQueued) + " jobs wait already: submit it later");
    if (auto room = has_room(request.tenant); !room) return std::move(room).error();
  }
  auto made = planned(request);
  if (!made) return std::move(made).error();
  std::unique_lock lock(mutex_);
  // Others of its tenant may have come while it was planned.
  if (auto room = has_room(request.tenant); !room) {
    lock.unlock();
    std::error_code ignored;
    fs::remove_all(folder_of(made->id), ignored);
    return std::move(room).error();
  }
  JobRecord& job = jobs_.emplace(made->id, *made).first->second;
  std::uint64_t id = job.id;
  if (auto kept = saved(job, lock); !kept) {
    jobs_.erase(id);
    fs::remove_all(folder_of(id));
    return std::move(kept).error();
  }
  // Meanwhile it may have been cancelled, changed or removed.
  auto now = known(id);
  if (!now) return std::move(now).error();
  JobRecord& kept_job = **now;
  if (kept_job.stage != JobStage::queued) return view(kept_job);
  tell(kept_job);
  [[maybe_unused]] auto added = enqueue(kept_job);
  start_next();
  return seen(id);
}

Result<JobView> Jobs::seen(std::uint64_t id) const {
  auto found = jobs_.find(id);
  if (found == jobs_.end()) return no_job(id);
  return view(found->second);
}

Result<JobView> Jobs::find(std::uint64_t id) const {
  std::lock_guard lock(mutex_);
  return seen(id);
}

std::vector<JobView> Jobs::list(std::optional<JobStage> stage, std::uint64_t before, std::size_t most) const {
  std::lock_guard lock(mutex_);
  std::map<std::uint64_t, std::size_t> positions;
  for (auto [id, position] : places(~std::size_t{0})) positions.emplace(id, position);
  std::vector<JobView> views;
  auto at = before == 0 ? jobs_.end() : jobs_.lower_bound(before);
  while (at != jobs_.begin() && views.size() < most) {
    const JobRecord& job = (--at)->second;
    if (stage && job.stage != *stage) continue;
    auto place = positions.find(job.id);
    views.push_back(place == positions.end() ? JobView{job, 0, {}} : waiting(job, place->second));
  }
  return views;
}

Result<JobView> Jobs::cancel(std::uint64_t id) {
  std::unique_lock lock(mutex_);
  auto found = known(id);
  if (!found) return std::move(found).error();
  JobRecord& job = **found;
  if (has_ended(job.stage) || job.cancelling) return view(job);
  job.cancelling = true;
  if (job.stage == JobStage::queued) {
    dequeue(id);
    job.stage = JobStage::cancelled;
    job.sentence = "cancelled before it began";
    job.ended = now_utc();
    tell(job);
    start_next();
    if (auto kept = saved(job, lock); !kept) return std::move(kept).error();
    return seen(id);
  }
  if (job.process.pid > 0) end_process(job);
  tell(job);
  if (auto kept = saved(job, lock); !kept) return std::move(kept).error();
  return seen(id);
}

Result<inspect::InspectClient> Jobs::client(std::uint64_t id) const {
  auto found = find(id);
  if (!found) return std::move(found).error();
  const JobRecord& job = found->record;
  if (job.stage != JobStage::running || job.process.pid == 0) {
    return invalid("job " + std::to_string(id) + (has_ended(job.stage) ? " has ended" : " has not begun") + ": only one that runs can be asked");
  }
  inspect::JobNumber known = 0;
  {
    std::lock_guard lock(mutex_);
    if (auto socket = sockets_.find(id); socket != sockets_.end()) known = socket->second;
  }
  auto client = client_of(job.process, known);
  if (!client || client->number() == known) return client;
  std::lock_guard lock(mutex_);
  if (running_.count(id) > 0) sockets_[id] = client->number();
  return client;
}

Result<std::string> Jobs::ask(std::uint64_t id, const inspect::Question& question) const {
  auto connected = client(id);
  return connected ? connected->ask(question) : Result<std::string>(std::move(connected).error());
}

Result<JobView> Jobs::drain(std::uint64_t id) {
  auto before = find(id);
  if (!before) return before;
  if (before->record.stage == JobStage::queued) return invalid("job " + std::to_string(id) + " has not begun: cancel it instead");
  if (has_ended(before->record.stage)) return before;
  auto answer = ask(id, {"drain"});
  if (!answer) return std::move(answer).error();
  std::unique_lock lock(mutex_);
  auto found = known(id);
  if (!found) return std::move(found).error();
  (*found)->draining = true;
  tell(**found);
  if (auto kept = saved(**found, lock); !kept) return std::move(kept).error();
  return seen(id);
}

Result<JobView> Jobs::change(std::uint64_t id, std::optional<int> priority, std::optional<bool> pinned) {
  std::unique_lock lock(mutex_);
  auto found = known(id);
  if (!found) return std::move(found).error();
  JobRecord& job = **found;
  if (pinned) job.pinned = *pinned;
  if (priority && job.stage != JobStage::queued) return invalid("job " + std::to_string(id) + " does not wait: its priority says nothing any more");
  if (priority) {
    job.priority = *priority;
    // One that is not on disk yet is not queued yet.
    if (queue_.has(id) || cluster_queue_.has(id)) {
      dequeue(id);
      [[maybe_unused]] auto added = enqueue(job);
      start_next();
    }
  }
  tell(job);
  if (auto kept = saved(job, lock); !kept) return std::move(kept).error();
  return seen(id);
}

Result<void> Jobs::remove(std::uint64_t id) {
  std::unique_lock lock(mutex_);
  auto found = known(id);
  if (!found) return std::move(found).error();
  if (!has_ended((*found)->stage)) return invalid("job " + std::to_string(id) + " has not ended: cancel it first");
  if (!removing_.insert(id).second) return no_job(id);
  lock.unlock();
  std::promise<Result<void>> written;
  store_->remove(id, [&](Result<void> done) { written.set_value(std::move(done)); });
  auto done = written.get_future().get();
  lock.lock();
  removing_.erase(id);
  if (!done) return done;
  auto gone = jobs_.find(id);
  if (gone == jobs_.end()) return {};
  if (gone->second.cpu > 0) spent_.push_back({gone->second.tenant, gone->second.ended, gone->second.cpu});
  jobs_.erase(gone);
  options_.events.add("job_removed", id);
  lock.unlock();
  std::error_code error;
  fs::remove_all(folder_of(id), error);
  return {};
}

std::string Jobs::report_of(std::uint64_t id) const { return line_of(folder_of(id) / "outcome.json", 1); }

std::string Jobs::drawn_by(std::uint64_t id) const { return line_of(folder_of(id) / "outcome.json", 2); }

std::string Jobs::plan_of(std::uint64_t id) const { return line_of(folder_of(id) / "plan.json", 1); }

bool Jobs::gone_within(std::uint64_t id, std::chrono::milliseconds time) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, time, [&] {
    auto found = jobs_.find(id);
    return ends_ || found == jobs_.end() || has_ended(found->second.stage);
  });
}

Jobs::Counts Jobs::counts() const {
  std::lock_guard lock(mutex_);
  return counted();
}

Jobs::Counts Jobs::counted() const {
  std::size_t waiting = queue_.waiting() + cluster_queue_.waiting();
  return {waiting, queue_.running(), jobs_.size() - waiting - queue_.running()};
}

Jobs::Current Jobs::current(std::size_t most) const {
  std::lock_guard lock(mutex_);
  Current all;
  all.counts = counted();
  for (std::uint64_t id : running_) all.running.push_back({jobs_.at(id), 0, {}});
  for (auto [id, position] : places(most)) all.queued.push_back(waiting(jobs_.at(id), position));
  return all;
}

JobView Jobs::view(const JobRecord& job) const {
  if (job.stage != JobStage::queued) return {job, 0, {}};
  const JobQueue& queue = job.on_cluster ? cluster_queue_ : queue_;
  auto order = queue.order();
  auto at = std::find(order.begin(), order.end(), job.id);
  if (at == order.end()) return {job, 0, {}};
  return waiting(job, static_cast<std::size_t>(at - order.begin()) + 1);
}

Result<JobRecord*> Jobs::known(std::uint64_t id) {
  auto found = jobs_.find(id);
  if (found == jobs_.end()) return no_job(id);
  return &found->second;
}

void Jobs::tell(const JobRecord& job) {
  std::string members = std::string("\"stage\":\"") + stage_name(job.stage) + "\"";
  if (job.cancelling && !has_ended(job.stage)) members += ",\"cancelling\":true";
  options_.events.add("job", job.id, members);
  changed_.notify_all();
}

// Waits without the lock until the record is on disk.
Result<void> Jobs::saved(const JobRecord& job, std::unique_lock<std::mutex>& lock) {
  std::promise<Result<void>> written;
  store_->save(job, [&](Result<void> done) { written.set_value(std::move(done)); });
  lock.unlock();
  auto done = written.get_future().get();
  lock.lock();
  return done;
}

void Jobs::save(const JobRecord& job) {
  store_->save(job, [log = options_.log, id = job.id](Result<void> done) {
    if (!done) log.error("job not saved", {{"job", std::to_string(id)}, {"why", done.error().sentence}});
  });
}

}  // namespace leat
