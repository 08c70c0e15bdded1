#include <leat/cluster/node_checkpoints.hpp>

#include <leat/checkpoint/cut_parts.hpp>

#include <algorithm>
#include <utility>

namespace leat {
namespace {

// Kept until the job is built.
struct RestoredParts {
  std::shared_ptr<Pool> pool = Pool::make();
  Cut cut;
};

}  // namespace

NodeCheckpoints::NodeCheckpoints(control::JobId id, std::uint32_t node, EpochStart start, std::function<void(const control::Message&)> say)
    : id_(id), node_(node), start_(std::move(start)), say_(std::move(say)) {
  for (Sealed& sealed : start_.pending) sealed.name.job = start_.job;
}

NodeCheckpoints::~NodeCheckpoints() { stop(); }

Result<void> NodeCheckpoints::prepare(Share& share) {
  share.job = start_.job;
  share.epoch = start_.epoch;
  if (start_.work != EpochWork::run) return {};
  if (auto sees = sees_store(start_.folder, start_.job, start_.epoch); !sees) return sees;
  share.cuts = &cuts_;
  if (start_.from.n == 0) return {};
  auto restored = std::make_shared<RestoredParts>();
  auto cut = read_parts(start_.folder, start_.from, *restored->pool);
  if (!cut) return std::move(cut).error();
  restored->cut = std::move(*cut);
  share.restored = std::shared_ptr<const Cut>(restored, &restored->cut);
  return {};
}

std::vector<Sealed> NodeCheckpoints::here(const Job& job) const {
  std::vector<Sealed> mine;
  std::copy_if(start_.pending.begin(), start_.pending.end(), std::back_inserter(mine), [&](const Sealed& sealed) { return job.seals(sealed); });
  return mine;
}

Result<void> NodeCheckpoints::begin(Job& job) {
  Checkpoints::Setup setup;
  setup.job = &job;
  setup.cuts = &cuts_;
  setup.start = start_;
  setup.start.pending = here(job);
  setup.publish = [this](const Cut& cut, const std::vector<Sealed>& pending) { return publish(cut, pending); };
  setup.given_up = [this](std::uint64_t n, const Error& why) { refused(n, why); };
  auto checkpoints = std::make_unique<Checkpoints>(std::move(setup));
  if (auto begun = checkpoints->begin(); !begun) return begun;
  std::lock_guard lock(mutex_);
  checkpoints_ = std::move(checkpoints);
  if (ordered_) checkpoints_->order(*ordered_);
  return {};
}

Result<void> NodeCheckpoints::settle(Job& job) const {
  EpochStart mine = start_;
  mine.pending = here(job);
  return end_epoch(job, mine);
}

void NodeCheckpoints::order(std::uint64_t n) {
  std::lock_guard lock(mutex_);
  if (closed_) return;
  if (checkpoints_) return checkpoints_->order(n);
  ordered_ = n;
}

void NodeCheckpoints::over(std::uint64_t n, const std::string& refused) {
  std::lock_guard lock(mutex_);
  over_ = n;
  refused_ = refused;
  changed_.notify_all();
}

void NodeCheckpoints::close() {
  {
    std::lock_guard lock(mutex_);
    closed_ = true;
    changed_.notify_all();
  }
  cuts_.close();
}

void NodeCheckpoints::stop() {
  close();
  if (checkpoints_) checkpoints_->stop();
}

Result<void> NodeCheckpoints::publish(const Cut& cut, const std::vector<Sealed>& pending) {
  auto part = write_part(start_.folder, cut, node_);
  if (!part) {
    refused(cut.n, part.error());
    return std::move(part).error();
  }
  say_(control::CutTaken{id_, cut.n, false, {*part}, pending, {}, {}});
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return closed_ || over_ >= cut.n; });
  if (over_ < cut.n) return overloaded("the job ends");
  if (!refused_.empty()) return failed(refused_);
  return {};
}

void NodeCheckpoints::refused(std::uint64_t n, const Error& why) const { say_(control::CutTaken{id_, n, false, {}, {}, {}, why.sentence}); }

Result<std::vector<Sealed>> NodeCheckpoints::seal() {
  if (auto sealed = checkpoints_->seal(); !sealed) return std::move(sealed).error();
  return checkpoints_->pending();
}

Result<void> NodeCheckpoints::commit() {
  stop();
  return checkpoints_->commit_all();
}

}  // namespace leat
