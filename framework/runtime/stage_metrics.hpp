/// What is measured of stages, said once: where it is counted, what it is called, how it is added up.
///
/// A new metric is a counter, a member of StageProgress and a row of kStageMetrics, all here, and the place that
/// counts it. Progress, reports, --json, status, /metrics and what nodes tell each other come from the table.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace leat {

class CellActivity;

/// Only goes up. Threads: one adds at a time; any reads.
class Counter {
 public:
  /// Not an atomic addition: two threads that add at once lose counts.
  void add(std::uint64_t by) {
    value_.store(value_.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
  }
  void add(std::chrono::steady_clock::duration time) { add(static_cast<std::uint64_t>(time.count())); }
  void raise(std::uint64_t to) { add(to > read() ? to - read() : 0); }
  std::uint64_t read() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

/// What one cell does of one stage: a block for each cell that runs it, with one writer at a time. A cache line
/// of its own, or more: others write beside it.
struct alignas(64) StageCounters {
  using Time = std::chrono::steady_clock::time_point;

  Counter visits;
  Counter chunks_out;
  Counter bytes_out;
  Counter busy_ns;
  Counter queued_ns;
  Counter repeated;
  Counter restarts;
  Counter dead_letters;
  Counter work_done;
  Counter work;
  Counter touched;     ///< pages that were new, touched in its code: sampled
  Counter blocked_ns;  ///< of long visits that used hardly any CPU time
  /// Since when it rests with a chunk in hand: a step has answered Step::later. Time::max(): it does not.
  std::atomic<Time> later_since{Time::max()};

  std::uint64_t later_ns(Time now) const;
  /// The cell's, which its stages share; null: it counts beside one, or has none. JobState's mutex guards it.
  std::shared_ptr<const CellActivity> cell;
  std::uint64_t waiting_ns(Time now) const;
  std::uint64_t idle_ns(Time now) const;
};

/// What one stage has done, summed over its replicas.
struct StageProgress {
  std::string name;
  std::size_t replicas = 1;  ///< cells that run it; a node's feeder of a source is one more
  std::uint64_t visits = 0;
  /// Sent to it: what is beyond visits is on its way. Of an edge that splits by key, the chunks before they are split.
  std::uint64_t chunks_in = 0;
  std::uint64_t chunks_out = 0;
  std::uint64_t bytes_out = 0;
  double busy = 0;     ///< seconds in the stage's own code, and in splitting by key what it emits
  double waiting = 0;  ///< seconds its cells waited for credit
  double idle = 0;     ///< seconds its cells waited for input, a gate, an order, or their turn at a source
  double blocked = 0;  ///< seconds in visits of 0.1 s and more that used hardly any CPU time; 0 where it may block
  double queued = 0;   ///< seconds chunks waited on links before it, added up: over visits, the queue time
  std::uint64_t repeated = 0;
  std::uint64_t restarts = 0;
  std::uint64_t dead_letters = 0;
  std::uint64_t work_done = 0;  ///< of `work`: what Outbox::progress() says
  std::uint64_t work = 0;       ///< 0: it says nothing
  std::uint64_t read = 0;       ///< of `to_read`: what a source has given
  std::uint64_t to_read = 0;    ///< bytes that a source has, or else rows; 0: it does not know, or is none
  double later = 0;  ///< seconds since it answered Step::later and was not called again: of its cells, the longest
  std::map<std::string, std::uint64_t> counts = {};  ///< "rows", "rows dropped" ...: what the stage itself counts
};

/// One metric. Counted in whole units: nanoseconds where it is a time.
struct StageMetric {
  std::string_view name;      ///< in JSON
  std::string_view exposed;   ///< in /metrics; empty: not there
  std::string_view sentence;  ///< what it is
  std::uint64_t (*read)(const StageCounters&, StageCounters::Time now);
  /// Where StageProgress has it: a number, or else seconds.
  std::uint64_t StageProgress::*number = nullptr;
  double StageProgress::*seconds = nullptr;
  bool largest = false;         ///< over replicas and nodes it is the largest of them, not their sum
  std::string_view told = {};  ///< where it is more than 0, summaries and status say so, by this name

  /// In whole units, and as people read it.
  std::uint64_t units(const StageProgress& stage) const;
  double value(const StageProgress& stage) const;
  void add(StageProgress& to, std::uint64_t units) const;
};

inline constexpr std::array kStageMetrics = {
    StageMetric{"visits", "leat_stage_visits_total", "Chunks a stage has worked on.",
                [](const StageCounters& c, StageCounters::Time) { return c.visits.read(); }, &StageProgress::visits},
    StageMetric{.name = "chunks_in", .exposed = "leat_stage_in_chunks_total", .sentence = "Chunks sent to a stage.",
                .read = [](const StageCounters&, StageCounters::Time) -> std::uint64_t { return 0; },  // by those above
                .number = &StageProgress::chunks_in},
    StageMetric{"chunks_out", "leat_stage_out_chunks_total", "Chunks a stage has emitted.",
                [](const StageCounters& c, StageCounters::Time) { return c.chunks_out.read(); },
                &StageProgress::chunks_out},
    StageMetric{"bytes_out", "leat_stage_out_bytes_total", "Bytes a stage has emitted.",
                [](const StageCounters& c, StageCounters::Time) { return c.bytes_out.read(); },
                &StageProgress::bytes_out},
    StageMetric{"busy_s", "leat_stage_busy_seconds_total",
                "Seconds in a stage's own code, and in splitting by key what it emits.",
                [](const StageCounters& c, StageCounters::Time) { return c.busy_ns.read(); }, nullptr,
                &StageProgress::busy},
    StageMetric{"waiting_s", "leat_stage_credit_wait_seconds_total", "Seconds its cells waited for credit.",
                [](const StageCounters& c, StageCounters::Time now) { return c.waiting_ns(now); }, nullptr,
                &StageProgress::waiting},
    StageMetric{"idle_s", "leat_stage_input_wait_seconds_total", "Seconds its cells waited for input.",
                [](const StageCounters& c, StageCounters::Time now) { return c.idle_ns(now); }, nullptr,
                &StageProgress::idle},
    StageMetric{.name = "blocked_s", .exposed = "leat_stage_blocked_seconds_total",
                .sentence = "Seconds in long visits that used hardly any CPU time.",
                .read = [](const StageCounters& c, StageCounters::Time) { return c.blocked_ns.read(); },
                .seconds = &StageProgress::blocked},
    StageMetric{"queued_s", "leat_stage_queued_seconds_total", "Seconds chunks waited before a stage, added up.",
                [](const StageCounters& c, StageCounters::Time) { return c.queued_ns.read(); }, nullptr,
                &StageProgress::queued},
    StageMetric{.name = "repeated", .exposed = "leat_stage_repeated_total",
                .sentence = "Visits that went well once they were repeated.",
                .read = [](const StageCounters& c, StageCounters::Time) { return c.repeated.read(); },
                .number = &StageProgress::repeated},
    StageMetric{.name = "restarts", .exposed = "leat_stage_restarts_total",
                .sentence = "Actors made anew because they threw.",
                .read = [](const StageCounters& c, StageCounters::Time) { return c.restarts.read(); },
                .number = &StageProgress::restarts, .told = "restarts"},
    StageMetric{.name = "dead_letters", .exposed = "leat_stage_dead_letters_total",
                .sentence = "Chunks that were put aside.",
                .read = [](const StageCounters& c, StageCounters::Time) { return c.dead_letters.read(); },
                .number = &StageProgress::dead_letters, .told = "dead letters"},
    StageMetric{.name = "work_done", .exposed = "leat_stage_work_done_total",
                .sentence = "Of its own work, what a stage has done.",
                .read = [](const StageCounters& c, StageCounters::Time) { return c.work_done.read(); },
                .number = &StageProgress::work_done},
    StageMetric{.name = "work", .exposed = "leat_stage_work_total",
                .sentence = "Its own work, as far as a stage has said it.",
                .read = [](const StageCounters& c, StageCounters::Time) { return c.work.read(); },
                .number = &StageProgress::work},
    StageMetric{.name = "read", .exposed = "",
                .sentence = "Bytes, or else rows, that a source has given.",
                .read = [](const StageCounters&, StageCounters::Time) -> std::uint64_t { return 0; },  // it says so itself
                .number = &StageProgress::read},
    StageMetric{.name = "to_read", .exposed = "",
                .sentence = "Bytes, or else rows, that a source has.",
                .read = [](const StageCounters&, StageCounters::Time) -> std::uint64_t { return 0; },
                .number = &StageProgress::to_read},
    StageMetric{.name = "later_s", .exposed = "",
                .sentence = "Seconds since it answered later and was not called again.",
                .read = [](const StageCounters& c, StageCounters::Time now) { return c.later_ns(now); },
                .seconds = &StageProgress::later, .largest = true},
};

/// Adds what other replicas, or those of another node, have done of the stage.
void add(StageProgress& to, const StageProgress& from);
/// What one cell has done of the stage, by `now`.
void add(StageProgress& to, const StageCounters& from, StageCounters::Time now);

/// Books to a stage the pages that its thread has touched since it last did this for one, at `now`: so seldom that
/// it costs nothing; but a step that touches much takes long. And the visit from `since` until `now`, as blocked,
/// when it was long and the thread has hardly used its CPU meanwhile. Threads: that which writes the counters.
void book_usage(StageCounters& counters, StageCounters::Time since, StageCounters::Time now);

}  // namespace leat
