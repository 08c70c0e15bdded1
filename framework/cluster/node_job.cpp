#include <leat/cluster/node_job.hpp>

#include <leat/actor/guard.hpp>
#include <leat/runtime/machine.hpp>

#include <algorithm>
#include <system_error>

namespace leat {
namespace {

constexpr std::chrono::milliseconds kProgressEvery{200};

bool waited_for(const Graph& graph, StageId stage) {
  return std::any_of(graph.stages().begin(), graph.stages().end(), [&](const Stage& each) {
    return std::find(each.after.begin(), each.after.end(), stage) != each.after.end();
  });
}

PeerTraffic summed(const std::vector<PeerTraffic>& peers) {
  PeerTraffic all;
  for (const PeerTraffic& peer : peers) {
    all.bytes_out += peer.bytes_out;
    all.bytes_in += peer.bytes_in;
    all.chunks_out += peer.chunks_out;
    all.chunks_in += peer.chunks_in;
    all.reconnects += peer.reconnects;
  }
  return all;
}

}  // namespace

void NodeJob::probe(control::Probe probe) {
  std::lock_guard lock(mutex_);
  if (probe_) return;
  probe_ = std::move(probe);
  to_probe_ = true;
  changed_.notify_all();
}

void NodeJob::deploy(control::Deploy deploy) {
  std::lock_guard lock(mutex_);
  if (deploy_) return;
  deploy_ = std::move(deploy);
  to_deploy_ = true;
  changed_.notify_all();
}

void NodeJob::start() {
  std::lock_guard lock(mutex_);
  to_start_ = true;
  changed_.notify_all();
}

void NodeJob::resize(control::Resize step) {
  std::lock_guard lock(mutex_);
  if (cancelled_) return;
  resizes_.push_back(std::move(step));
  changed_.notify_all();
}

void NodeJob::commit() {
  std::lock_guard lock(mutex_);
  to_commit_ = true;
  changed_.notify_all();
}

void NodeJob::interrupt() {
  std::lock_guard lock(mutex_);
  interrupted_ = true;
  if (running_) running_->state().interrupt();
  if (linked_) linked_->hurry();
}

void NodeJob::drain() {
  std::lock_guard lock(mutex_);
  drained_ = true;
  if (running_) running_->state().drain();
}

void NodeJob::gate_ended(StageId stage) {
  std::lock_guard lock(mutex_);
  if (running_ && waited_for(running_->plan().checked.graph, stage)) running_->gate_ended(stage);
}

void NodeJob::cancel(const std::string& why) {
  std::lock_guard lock(mutex_);
  if (ended_ || committing_) return;
  if (!cancelled_) cancelled_at_ = std::chrono::steady_clock::now();
  cancelled_ = true;
  cancelled_why_ = why;
  if (running_) running_->state().fail(leat::failed(why));
  changed_.notify_all();
}

void NodeJob::say(const control::Message& message) {
  if (auto ok = setup_.say(message); !ok) drop(ok.error());
}

// A connection to another node is lost, or the coordinator cannot be told: without it the job cannot end well,
// unless it already has.
void NodeJob::drop(Error error) {
  std::lock_guard lock(mutex_);
  if (ended_ || committing_ || cancelled_ || failure_) return;
  if (running_) running_->state().fail(error);
  failure_ = std::move(error);
  changed_.notify_all();
}

bool NodeJob::ended() const {
  std::lock_guard lock(mutex_);
  return ended_;
}

bool NodeJob::failed() const {
  std::lock_guard lock(mutex_);
  return failure_.has_value() || (cancelled_ && !finished_);
}

std::string NodeJob::name() const {
  std::lock_guard lock(mutex_);
  const control::Work* work = deploy_ ? &deploy_->work : probe_ ? &probe_->work : nullptr;
  return (work ? work->program : "job") + " " + std::to_string(setup_.id);
}

bool NodeJob::committing() const {
  std::lock_guard lock(mutex_);
  return committing_ && !ended_;
}

Progress NodeJob::progress() const {
  std::lock_guard lock(mutex_);
  return running_ ? progress_ : Progress{};
}

std::optional<JobSnapshot> NodeJob::snapshot() const {
  std::lock_guard lock(mutex_);
  return running_ ? std::optional(running_->snapshot()) : std::nullopt;
}

Result<std::shared_ptr<Tap>> NodeJob::tap(const std::string& place, std::size_t rows, Tap::Reader reader) const {
  std::lock_guard lock(mutex_);
  if (running_) return running_->tap(place, rows, std::move(reader));
  return invalid("nothing of it runs on this node now");
}

// Asks sources how far they are: on the job's own thread.
const Progress& NodeJob::look() {
  Progress progress = job_->progress();
  std::lock_guard lock(mutex_);
  progress_ = std::move(progress);
  return progress_;
}

PeerTraffic NodeJob::traffic() const {
  std::lock_guard lock(mutex_);
  return linked_ ? summed(linked_->traffic()) : final_traffic_;
}

// True when `flag` is up, false when the job is to be dropped instead.
bool NodeJob::await(bool& flag) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return flag || cancelled_ || failure_; });
  return flag && !cancelled_ && !failure_;
}

void NodeJob::run() {
  auto went = guarded([this] { return work(); });
  std::unique_lock lock(mutex_);
  if (!went && !failure_) failure_ = went.error();
  if (failure_ && !cancelled_) {
    Error why = *failure_;
    lock.unlock();
    say(control::Failed{setup_.id, why});
    lock.lock();
    // Peers read what is under way to them until all have been told.
    bool committing = std::exchange(committing_, false);
    changed_.wait(lock, [&] { return cancelled_ || committing; });
  }
  lock.unlock();
  [[maybe_unused]] auto gone = take_down();
  lock.lock();
  ended_ = true;
  lock.unlock();
  [[maybe_unused]] auto told = setup_.say(control::Gone{setup_.id});
}

void NodeJob::log_end() {
  if (std::exchange(end_logged_, true)) return;
  std::vector<LogField> fields{{"job", std::to_string(setup_.id)}};
  {
    std::lock_guard lock(mutex_);
    std::string why = failure_ ? failure_->sentence : cancelled_why_;
    if (!why.empty()) fields.emplace_back("why", std::move(why));
  }
  setup_.log.info("job ended here", std::move(fields));
}

Result<void> NodeJob::work() {
  bool probes = false;
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return to_probe_ || to_deploy_ || cancelled_; });
    if (cancelled_) return {};
    probes = to_probe_;
  }
  if (probes) {
    if (auto ok = do_probe(); !ok) return ok;
    if (!await(to_deploy_)) return {};
  }
  if (auto ok = build(); !ok) return ok;
  setup_.log.info("job built here", {{"job", std::to_string(setup_.id)}, {"graph", deploy_->work.program}});
  say(control::Built{setup_.id, std::move(files_)});
  if (runs()) {
    if (!await(to_start_)) return {};
    if (auto ok = run_cells(); !ok) return ok;
  }
  auto commits = await_commit();
  if (!commits) return std::move(commits).error();
  return *commits ? commit_cells() : Result<void>();
}

Result<void> NodeJob::run_cells() {
  links_->start();
  job_->start();
  {
    std::unique_lock lock(mutex_);
    if (interrupted_) links_->hurry();
    while (!finished_) {
      changed_.wait_for(lock, kProgressEvery,
                        [&] { return finished_ || !resizes_.empty() || (cancelled_ && growing_); });
      // Nobody tells any more what is to become of a replica that is made and not let run.
      if (cancelled_) resizes_.clear();
      if (cancelled_ && std::exchange(growing_, false)) {
        lock.unlock();
        job_->abandon();
        lock.lock();
        continue;
      }
      std::optional<control::Resize> step;
      if (!resizes_.empty()) {
        step = std::move(resizes_.front());
        resizes_.pop_front();
      }
      bool finished = finished_;
      lock.unlock();
      if (step) {
        if (auto ok = do_resize(*step); !ok) return ok;
      } else if (!finished) {
        say(control::Underway{setup_.id, look(), {}});
      }
      lock.lock();
    }
    if (cancelled_) return {};
  }
  Progress progress = look();
  if (auto failure = job_->state().failure()) return *failure;
  Ending ending = job_->state().interrupted() ? Ending::interrupted : Ending::complete;
  std::vector<Sealed> pending;
  if (ending == Ending::complete) {
    auto sealed = seal();
    if (!sealed) return std::move(sealed).error();
    pending = std::move(*sealed);
  }
  say(control::Finished{setup_.id, ending, std::move(progress), job_->state().reports(), peak_memory(),
                        job_->usage().peak, std::move(pending)});
  return {};
}

// Steps may come until the last moment: to be told that they are too late.
Result<bool> NodeJob::await_commit() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [&] { return to_commit_ || cancelled_ || failure_ || !resizes_.empty(); });
    if (cancelled_ || failure_) return false;
    if (resizes_.empty()) return true;
    auto step = std::move(resizes_.front());
    resizes_.pop_front();
    lock.unlock();
    if (auto ok = do_resize(step); !ok) return std::move(ok).error();
    lock.lock();
  }
}

Result<void> NodeJob::commit_cells() {
  {
    std::lock_guard lock(mutex_);
    committing_ = true;
  }
  if (auto ok = checkpoints_ ? commit_checkpoints() : job_->commit(); !ok) return ok;
  // Whoever hears of it may give the memory to others.
  if (auto gone = take_down(); !gone) return gone.error().and_then("; all its stages here had committed before");
  say(control::Committed{setup_.id});
  return {};
}

// Cells that were never started leave too, once their job has failed.
Result<void> NodeJob::take_down() {
  bool ran = false;
  {
    std::lock_guard lock(mutex_);
    running_ = nullptr;
    linked_ = nullptr;
    ran = finished_;
  }
  if (job_ && !ran) job_->state().fail(leat::failed("dropped"));
  if (checkpoints_) checkpoints_->close();
  crew_.reset();
  forget_checkpoints();
  if (links_) {
    PeerTraffic traffic = summed(links_->traffic());
    std::lock_guard lock(mutex_);
    final_traffic_ = traffic;
  }
  links_.reset();
  auto gone = job_ ? job_->let_go() : Result<void>();
  job_.reset();
  graph_.reset();
  log_end();
  return gone;
}

}  // namespace leat
