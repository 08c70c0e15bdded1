/// One replica of one stage while it runs: its actor, its budget, its outbox, its inbox.
#pragma once

#include <leat/actor/outbox.hpp>
#include <leat/graph/graph.hpp>
#include <leat/runtime/job_state.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace leat {

/// A chunk on its way through a chain.
struct Item {
  Chunk chunk;
  std::size_t port = 0;
  std::uint64_t position = 0;
  bool born_here = false;
};

/// First in, first out, without allocations once warm.
class Inbox {
 public:
  bool empty() const { return head_ == items_.size(); }
  void push(Item item) { items_.push_back(std::move(item)); }
  Item& front() { return items_[head_]; }
  void pop() {
    items_[head_].chunk = Chunk();
    if (++head_ == items_.size()) clear();
  }
  void clear() {
    items_.clear();
    head_ = 0;
  }

 private:
  std::vector<Item> items_;
  std::size_t head_ = 0;
};

/// Threads: one at a time, that of its cell. Whatever the actor throws comes back as an Error.
class StageRun final : public Outbox {
 public:
  struct Setup {
    std::size_t id = 0;
    std::string name;
    Needs needs;
    std::uint64_t max_chunk = 0;
    std::shared_ptr<Pool> pool;
    JobState* job = nullptr;
    std::size_t replica = 0;   ///< for errors
    std::size_t replicas = 1;
  };
  StageRun(Setup setup, std::unique_ptr<Actor> actor)
      : setup_(std::move(setup)), budget_(setup_.needs.state), actor_(std::move(actor)) {}
  /// What the actor's destructor throws is lost: see let_go().
  ~StageRun() override;

  /// An error of this stage's, said of it; one that was thrown, of the replica.
  Error named(const Error& error) const;
  std::size_t id() const { return setup_.id; }
  StageCounters& counters() { return setup_.job->counters[setup_.id]; }
  Inbox inbox;

  /// The stage below in the chain, whose inbox takes what it emits. Null: emitted() does.
  StageRun* below = nullptr;
  /// The input that the stage above in the chain feeds.
  std::size_t chained_port = 0;

  /// Before the first visit.
  Result<void> start();
  /// Steps on the items of the inbox, popped when done: one step, or, when `batch`, several as long as
  /// what they emit is small.
  Result<void> visit(bool batch);
  /// A chunk that waited so long comes to the inbox.
  void queued(std::chrono::steady_clock::duration time) { queued_ += std::max(time, {}); }
  /// One call of finish.
  Result<Step> finish(Ending ending);
  /// Runs a source's pull with this stage's outbox.
  Result<Step> pull(Source& source);
  /// Makes staged output visible.
  Result<void> commit();
  /// Destroys the actor. Errors: what its destructor throws.
  Result<void> let_go();

  /// What the lowest stage of a chain emitted, to be taken away.
  std::vector<Chunk>& emitted() { return emitted_; }

  void emit(Chunk chunk) override;
  Pool& pool() override { return *setup_.pool; }
  StateBudget& budget() override { return budget_; }
  void count(std::string_view name, std::uint64_t number) override {
    setup_.job->count(setup_.id, name, number);
  }
  void report(std::string_view name, std::string value) override {
    setup_.job->report(name, std::move(value));
  }

 private:
  bool within_limits() const {
    return !emitted_none_ && largest_ <= setup_.max_chunk && emitted_bytes_ <= setup_.needs.max_output;
  }
  Error over_limits() const;
  Result<Step> one_step();
  void begin();
  void end(std::chrono::steady_clock::time_point since);

  Setup setup_;
  StateBudget budget_;
  std::unique_ptr<Actor> actor_;
  std::vector<Chunk> emitted_;
  std::uint64_t emitted_bytes_ = 0;  // in this step
  std::uint64_t largest_ = 0;
  bool emitted_none_ = false;
  std::uint64_t batch_bytes_ = 0;  // since begin()
  std::uint64_t batch_chunks_ = 0;
  std::uint64_t batch_visits_ = 0;
  std::chrono::steady_clock::duration queued_{};  // not counted yet
};

}  // namespace leat
