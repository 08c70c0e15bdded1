/// A recording outbox: tests an actor without a runtime.
///
///   auto pool = leat::Pool::make();
///   leat::RecordingOutbox out(*pool);
///   auto ran = leat::feed(actor, {chunk}, out);   // start, visits, finish
///   out.emitted  // what it emitted
#pragma once

#include <leat/actor/actor.hpp>
#include <leat/actor/source.hpp>

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <semaphore>
#include <string>
#include <utility>
#include <vector>

namespace leat {

/// Keeps all an actor says. Threads: one.
class RecordingOutbox final : public Outbox {
 public:
  /// `state`: bytes of state budget.
  explicit RecordingOutbox(Pool& pool, std::uint64_t state = std::uint64_t{1} << 30)
      : pool_(pool), budget_(state) {}

  void emit(Chunk chunk) override { emitted.push_back(std::move(chunk)); }
  Pool& pool() override { return pool_; }
  StateBudget& budget() override { return budget_; }
  void count(std::string_view name, std::uint64_t number) override {
    counts[std::string(name)] += number;
  }
  void report(std::string_view name, std::string value) override {
    reports.emplace_back(name, std::move(value));
  }
  void sample(std::string_view name, double x, double y) override { samples[std::string(name)].emplace_back(x, y); }
  void progress(std::uint64_t done, std::uint64_t of) override { progressed = {done, of}; }
  void cut_off(Cutoff said) override { cut = std::make_shared<const Cutoff>(std::move(said)); }
  std::shared_ptr<const Cutoff> cutoff() const override { return cut; }
  Wake waker() override {
    has_waker_ = true;
    return [woken = woken_] { woken->release(); };
  }
  void call_at(std::chrono::steady_clock::time_point when) override {
    call_at_ = std::min(call_at_, when);
  }

  /// After a step that has answered Step::later: waits until what it asked for has come. Errors: it has asked
  /// for nothing; nothing has come within `most`.
  Result<void> wait(std::chrono::milliseconds most = std::chrono::seconds(10));

  std::vector<Chunk> emitted;
  std::map<std::string, std::uint64_t> counts;
  std::vector<std::pair<std::string, std::string>> reports;
  std::map<std::string, std::vector<std::pair<double, double>>> samples;
  std::pair<std::uint64_t, std::uint64_t> progressed;  ///< done, of: as it was said last
  std::shared_ptr<const Cutoff> cut;                   ///< as it was said last; a source is told it

 private:
  using Clock = std::chrono::steady_clock;

  Pool& pool_;
  StateBudget budget_;
  std::shared_ptr<std::counting_semaphore<>> woken_ = std::make_shared<std::counting_semaphore<>>(0);
  bool has_waker_ = false;  // whoever has it keeps it
  Clock::time_point call_at_ = Clock::time_point::max();
};

/// Visits one chunk on one port, all its steps; between those that answer Step::later it waits.
Result<void> feed_one(Actor& actor, const Chunk& chunk, Outbox& out, std::size_t port = 0);

/// Finishes, all its steps.
Result<void> finish(Actor& actor, Outbox& out, Ending ending = Ending::complete);

/// A whole life: start, every chunk on port 0, finish.
Result<void> feed(Actor& actor, const std::vector<Chunk>& chunks, Outbox& out,
                  Ending ending = Ending::complete);

/// Pulls a probed source to its end.
Result<void> drain(Source& source, Outbox& out);

}  // namespace leat
