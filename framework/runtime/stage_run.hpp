/// One replica of one stage while it runs: its actor, its budget, its outbox, its inbox.
#pragma once

#include <leat/actor/guard.hpp>
#include <leat/actor/outbox.hpp>
#include <leat/checkpoint/cut.hpp>
#include <leat/graph/graph.hpp>
#include <leat/graph/layout.hpp>
#include <leat/runtime/inbox.hpp>
#include <leat/runtime/job_state.hpp>
#include <leat/runtime/later.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace leat {

/// Threads: one at a time, that of its cell. Whatever the actor throws comes back as an Error.
///
/// A step that throws is undone: what it has emitted, counted and reported is taken back. Where the stage's
/// kind holds nothing between steps (`remake` is set) the actor is made anew and the step repeated, kRepeats
/// times at most; then the chunk is a dead letter, or the job fails.
class alignas(64) StageRun final : public Outbox {
 public:
  using Clock = std::chrono::steady_clock;

  struct Setup {
    std::size_t id = 0;
    std::string name;
    Needs needs;
    std::uint64_t max_chunk = 0;
    std::shared_ptr<Pool> pool;
    JobState* job = nullptr;
    std::size_t replica = 0;   ///< for errors
    std::size_t replicas = 1;
    Wake wake = {};  ///< of whoever steps it
    /// Makes an actor like the first one; null where a step cannot be repeated.
    std::function<Result<std::unique_ptr<Actor>>()> remake = {};
    std::vector<PayloadType> inputs = {};  ///< for dead letters
    bool blocking = false;  ///< it may wait: it has a thread of its own
  };
  StageRun(Setup setup, std::unique_ptr<Actor> actor)
      : setup_(std::move(setup)),
        budget_(setup_.needs.state),
        actor_(std::move(actor)),
        counters_(setup_.job->add_counters(setup_.id)),
        tapped_(setup_.job->taps().wanted(setup_.id)),
        later_(setup_.wake) {}
  /// What the actor's destructor throws is lost: see let_go().
  ~StageRun() override;

  /// An error of this stage's, said of it; one that was thrown, of the replica.
  Error named(const Error& error) const;
  std::size_t id() const { return setup_.id; }
  StageCounters& counters() { return counters_; }
  Inbox inbox;

  /// The stage below in the chain, whose inbox takes what this one emits. Without one emitted() does.
  void feeds(StageRun& below) {
    below_ = &below;
    below.above_ = this;
    // What stands above and holds something cannot make again what has been taken.
    below.may_take_ = !below.setup_.remake || setup_.remake;
  }
  /// The input that the stage above in the chain feeds.
  std::size_t chained_port = 0;

  /// Before the first visit.
  Result<void> start();
  /// Steps on the items of the inbox, popped when done: one step, or, when `batch`, several as long as
  /// what they emit and take is little. `now`: when it begins; left at when it ended.
  Result<void> visit(bool batch, Clock::time_point& now);
  /// Its steps took little of late.
  bool quick() const { return quick_; }
  /// A chunk that waited so long comes to the inbox.
  void queued(Clock::duration time) { queued_ += std::max(time, {}); }
  /// One call of finish.
  Result<Step> finish(Ending ending, Clock::time_point& now);
  /// Runs a source's pull with this stage's outbox.
  Result<Step> pull(Source& source) {
    std::size_t emitted = emitted_so_far();
    begin_step();
    Result<Step> said = guarded([&] { return source.pull(*this); });
    end_step(said, emitted);
    return said;
  }
  /// What was pulled is less than a batch.
  bool gathers() const { return batch_.within({kBatch.bytes - 1, kBatch.chunks - 1}); }
  /// What was pulled since this was asked last: emitted() has it.
  Amount pulled() { return std::exchange(batch_, {}); }

  /// Says what was counted, which visits do now and then only.
  void tell(Clock::time_point now);

  /// The last step has answered Step::later, or is to be repeated and not yet: it waits for `later()`.
  bool rests() const { return rests_; }
  const Later& later() const { return later_; }

  /// Drops the chunk whose step it is that rests.
  void skip();

  /// For a cut, once it has sealed what it wrote: its state, and what said() has. Between two visits.
  Result<StageCut> cut() const;
  /// What it has counted and reported, all of it told.
  StageCut said() const;
  /// Takes up what cut() gave; after start(), or, of one that had ended, instead of it.
  Result<void> restore(const StageCut& from);
  /// It was restored as one that has ended, or what it wrote is sealed as the last.
  bool over() const { return over_; }

  /// The actor's, after it has finished.
  Result<void> seal(OutputName name);
  Result<void> commit(OutputName name);
  Result<void> abort(OutputName name);
  /// Destroys the actor. Errors: what its destructor throws.
  Result<void> let_go();

  /// What the lowest stage of a chain emitted, to be taken away; `input`: as Item has it.
  struct Emitted {
    Chunk chunk;
    std::uint16_t input = Item::kNoInput;
  };
  std::vector<Emitted>& emitted() { return emitted_; }
  /// Where the cell's inputs in hand come from, by number; null: not known.
  const std::vector<Trace>* traces = nullptr;

  void emit(Chunk chunk) override;
  Pool& pool() override { return *setup_.pool; }
  StateBudget& budget() override { return budget_; }
  void count(std::string_view name, std::uint64_t number) override;
  void report(std::string_view name, std::string value) override {
    plain_ = false;
    reported_.emplace_back(name, std::move(value));
  }
  void sample(std::string_view name, double x, double y) override {
    plain_ = false;
    sampled_.emplace_back(name, Sample{x, y});
  }
  void progress(std::uint64_t done, std::uint64_t of) override {
    plain_ = false;
    progressed_ = {done, of};
  }
  void enough() override {
    plain_ = false;
    enough_ = true;
  }
  void cut_off(Cutoff cutoff) override {
    plain_ = false;
    cutoff_ = std::move(cutoff);
  }
  std::shared_ptr<const Cutoff> cutoff() const override { return setup_.job->cutoff(setup_.id); }
  Wake waker() override {
    plain_ = false;
    return later_.waker();
  }
  void call_at(Clock::time_point when) override {
    plain_ = false;
    later_.call_at(when);
  }

 private:
  struct Count {
    std::string name;
    std::uint64_t in_step = 0;
    std::uint64_t before = 0;  // in earlier steps, not told yet
    std::uint64_t told = 0;
  };

  [[gnu::noinline]] void hand_out(Chunk&& chunk);
  [[gnu::noinline]] void refuse(const Chunk& chunk);
  // In the step that began when so much was emitted.
  std::uint64_t emitted_since(std::size_t emitted) const;
  bool within_limits(std::size_t emitted) const {
    return !over_limits_ && (batch_.bytes <= setup_.needs.max_output || emitted_since(emitted) <= setup_.needs.max_output);
  }
  Error over_limits(std::size_t emitted) const;
  std::size_t emitted_so_far() const { return below_ ? below_->inbox.next() : emitted_.size(); }
  // Most steps emit within their limits and do nothing else: these are plain.
  void begin_step() {
    if (!plain_) begin_other();
  }
  void begin_other();
  void end_step(Result<Step>& said, std::size_t emitted) {
    if (!said || !plain_ || *said == Step::later || !within_limits(emitted)) end_other(said, emitted);
    if (tapped_.load(std::memory_order_relaxed)) [[unlikely]] show(emitted);
  }
  void end_other(Result<Step>& said, std::size_t emitted);
  void show(std::size_t emitted);
  void failed_step(Result<Step>& said, const Item& item);
  inline Result<Step> one_step();
  void keep_step();
  void take_back(std::size_t emitted);
  void end(Clock::time_point since, Clock::time_point now);

  // Repeating a step: stage_repeat.cpp.
  Result<Step> repeat(Error why, bool of_visit);
  Result<void> make_anew();
  Result<void> input_again();
  Result<Chunk> make_again(std::size_t emitted);
  Result<Step> give_up(Error why, bool of_visit);
  Result<void> went_well();
  std::string in_hand(const Item& item) const;
  Trace trace_of(const Item& item) const;

  Setup setup_;
  StateBudget budget_;
  std::unique_ptr<Actor> actor_;
  StageRun* above_ = nullptr;
  StageRun* below_ = nullptr;
  StageCounters& counters_;
  const std::atomic<bool>& tapped_;
  Later later_;
  bool rests_ = false;
  std::vector<Emitted> emitted_;
  std::uint16_t input_ = Item::kNoInput;  // that of the step
  bool plain_ = true;          // this step has only emitted
  bool may_take_ = false;      // what it is given can be made again when it has been taken
  Amount batch_;               // emitted in this visit
  bool over_limits_ = false;   // this step has emitted a chunk that it may not
  std::uint64_t largest_ = 0;  // that chunk; 0: it was empty
  std::vector<Count> counts_;
  Clock::time_point told_{};
  std::vector<std::pair<std::string, std::string>> reported_;
  ReportLines said_;   // in all steps
  bool over_ = false;
  std::vector<std::pair<std::string, Sample>> sampled_;
  std::optional<std::pair<std::uint64_t, std::uint64_t>> progressed_;
  bool enough_ = false;
  std::optional<Cutoff> cutoff_;
  std::uint64_t batch_visits_ = 0;  // in this visit
  std::uint64_t most_steps_ = 1;  // in one visit
  bool quick_ = true;
  Clock::duration queued_{};      // not counted yet
  std::size_t repeated_ = 0;      // of the step in hand
  std::optional<Error> last_error_;
};

}  // namespace leat
