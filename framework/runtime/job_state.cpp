#include <leat/runtime/job_state.hpp>

#include <leat/actor/guard.hpp>
#include <chrono>

namespace leat {

JobState::JobState(std::vector<StageFacts> stages, std::size_t cells)
    : none_(cells == 0), running_(cells), stages_(stages.size()), taps_(stages.size()) {
  for (std::size_t i = 0; i < stages.size(); ++i) stages_[i].facts = std::move(stages[i]);
}

StageCounters& JobState::add_counters(std::size_t stage) {
  std::lock_guard lock(mutex_);
  return stages_[stage].counters.emplace_back();
}

void JobState::counted_by(StageCounters& counters, std::shared_ptr<const CellActivity> cell) {
  std::lock_guard lock(mutex_);
  counters.cell = std::move(cell);
}

StageProgress JobState::totals(std::size_t stage) const {
  auto now = std::chrono::steady_clock::now();
  std::lock_guard lock(mutex_);
  StageProgress totals;
  for (const StageCounters& counters : stages_[stage].counters) add(totals, counters, now);
  return totals;
}

std::uint64_t JobState::touched(std::size_t stage) const {
  std::lock_guard lock(mutex_);
  std::uint64_t pages = 0;
  for (const StageCounters& counters : stages_[stage].counters) pages += counters.touched.read();
  return pages;
}

bool JobState::repeated(std::size_t stage) {
  std::uint64_t visits = totals(stage).visits;
  std::lock_guard lock(mutex_);
  return stages_[stage].repeats.add(visits);
}

bool JobState::spends_letter(std::size_t stage) {
  std::lock_guard lock(mutex_);
  StageState& state = stages_[stage];
  if (!dead_letters || state.letters == state.facts.dead_letters) return false;
  ++state.letters;
  return true;
}

Result<void> JobState::dead_letter(const DeadLetter& letter) { return dead_letters->add(letter); }

void JobState::tell_finished() {
  if (!on_finished) return;
  auto told = guarded(on_finished);
  if (!told) fail(told.error().in("the end of the job could not be told"));
}

void JobState::interrupt() {
  if (!interrupted_.exchange(true)) wake_all();
}

void JobState::drain() {
  if (!draining_.exchange(true)) wake_all();
}

void JobState::enough(std::size_t stage) {
  for (std::size_t source : stages_[stage].facts.sole_sources) stages_[source].ends.store(true, std::memory_order_relaxed);
  if (!stages_[stage].facts.sole_sources.empty()) wake_all();
}

void JobState::cut_off(std::size_t stage, const Cutoff& cutoff) {
  auto shared = std::make_shared<const Cutoff>(cutoff);
  std::lock_guard lock(mutex_);
  for (std::size_t source : stages_[stage].facts.direct_sources) {
    auto& there = stages_[source].cutoff;
    if (!there || shared->is_before(*there)) there = shared;
  }
}

std::shared_ptr<const Cutoff> JobState::cutoff(std::size_t source) const {
  std::lock_guard lock(mutex_);
  return stages_[source].cutoff;
}

bool JobState::failed_after(const Trace& trace) const {
  std::lock_guard lock(mutex_);
  return trace.source != Trace::kNoSource && trace.source == failed_at_.source && trace.number < failed_at_.number;
}

void JobState::fail(Error error, const Trace& at) {
  {
    std::lock_guard lock(mutex_);
    bool earlier = at.source != Trace::kNoSource && at.source == failed_at_.source && at.number < failed_at_.number;
    if (failure_ && !earlier) return;
    failure_ = std::move(error);
    failed_at_ = at;
  }
  failed_.store(true, std::memory_order_release);
  wake_all();
}

std::optional<Error> JobState::failure() const {
  std::lock_guard lock(mutex_);
  return failure_;
}

void JobState::add_wake(Wake wake) {
  std::lock_guard lock(waking_);
  wakes_.push_back(std::move(wake));
  if (started_ || failed()) wakes_.back()();
}

void JobState::start() {
  {
    std::lock_guard lock(waking_);
    started_ = true;
  }
  wake_all();
  // Cells may have been woken by other nodes, and be gone by now: they have said so themselves.
  if (none_) tell_finished();
}

void JobState::wake_all() {
  std::lock_guard lock(waking_);
  if (!started_ && !failed()) return;
  for (const Wake& wake : wakes_) wake();
}

bool JobState::add_cell() {
  std::lock_guard lock(mutex_);
  if (running_ == 0) return false;
  ++running_;
  return true;
}

void JobState::cell_finished() {
  bool last;
  {
    std::lock_guard lock(mutex_);
    last = --running_ == 0;
    if (last) taps_.close();
    if (last) changed_.notify_all();
  }
  if (last) tell_finished();
}

bool JobState::finished_within(int milliseconds) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::milliseconds(milliseconds),
                           [this] { return running_ == 0; });
}

void JobState::count(std::size_t stage, std::string_view name, std::uint64_t number) {
  std::lock_guard lock(mutex_);
  auto& counts = stages_[stage].counts;
  auto found = counts.find(name);
  if (found == counts.end()) found = counts.emplace(name, 0).first;
  found->second += number;
}

void JobState::report(std::string_view name, std::string value) {
  std::lock_guard lock(mutex_);
  reports_.emplace_back(name, std::move(value));
}

void JobState::sample(std::size_t stage, std::string_view name, Sample sample) {
  std::lock_guard lock(mutex_);
  auto& curves = stages_[stage].curves;
  auto found = curves.find(name);
  if (found == curves.end() && curves.size() == kMostCurves) return;
  if (found == curves.end()) found = curves.emplace(name, Curve()).first;
  found->second.add(sample);
}

std::vector<NamedCurve> JobState::curves() const {
  std::lock_guard lock(mutex_);
  std::vector<NamedCurve> all;
  for (const StageState& stage : stages_) {
    for (const auto& [name, curve] : stage.curves) all.push_back({stage.facts.name, name, curve.samples()});
  }
  return all;
}

std::vector<std::map<std::string, std::uint64_t>> JobState::counts() const {
  std::lock_guard lock(mutex_);
  std::vector<std::map<std::string, std::uint64_t>> out;
  for (const StageState& stage : stages_) out.emplace_back(stage.counts.begin(), stage.counts.end());
  return out;
}

std::vector<std::pair<std::string, std::string>> JobState::reports() const {
  std::lock_guard lock(mutex_);
  return reports_;
}

}  // namespace leat
