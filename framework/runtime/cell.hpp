/// The Cell: hosts one replica of a chain of stages and moves chunks through it, step by step.
///
/// A step: send what is staged; else visit the lowest stage that has a chunk; else take a chunk, from
/// the source it pulls or from a link; else finish. No input is taken while staged output waits for
/// credit, so what a cell holds is bounded by what its stages declared.
#pragma once

#include <leat/runtime/cell_activity.hpp>
#include <leat/runtime/crew.hpp>
#include <leat/runtime/cuts.hpp>
#include <leat/runtime/intake.hpp>
#include <leat/runtime/outflow.hpp>
#include <leat/runtime/pulled_source.hpp>
#include <leat/runtime/stage_run.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <variant>
#include <vector>

namespace leat {

/// What a cell may be asked to do while it runs; `intake` and `outflow` are indices into its Setup.
namespace change {
struct AttachReceiver {
  std::size_t intake = 0;
  std::unique_ptr<Receiver> receiver;
};
struct AttachSender {
  std::size_t outflow = 0;
  std::size_t name = 0;  ///< as in Outflow::attach
  std::unique_ptr<Sender> sender;
};
/// Ends one channel of a balanced outflow: a replica below ends, and with it what it feeds.
struct RetireSender {
  std::size_t outflow = 0;
  std::size_t name = 0;
};
/// Treats the source the cell pulls as ended: the replica ends, others go on.
struct EndSource {};
}  // namespace change
using Change =
    std::variant<change::AttachReceiver, change::AttachSender, change::RetireSender, change::EndSource>;

/// To grow a stage by a replica: attach its receivers below, then let it run, then attach its senders
/// above. Where a change is refused, it is too late: send an end on that channel instead.
class alignas(64) Cell final : public Steppable {
 public:
  using Clock = std::chrono::steady_clock;

  struct Setup {
    JobState* job = nullptr;
    std::vector<std::unique_ptr<StageRun>> stages;  ///< the actors, from top to bottom
    std::shared_ptr<PulledSource> source;           ///< or null
    std::vector<Intake> intakes;
    std::vector<Outflow> outflows;
    std::vector<std::shared_ptr<Gate>> gates;       ///< takes no input before all are open
    std::vector<StageId> opens;                     ///< stages others wait for
    std::function<void(StageId)> ended;             ///< called for each of these at the end
    bool keeps_order = false;
    JobCuts* cuts = nullptr;    ///< what orders cuts through the job; null: nothing does
    OutputName sealed_as = {};  ///< what a cut has sealed, but for n and the replica
    std::size_t finished = 0;   ///< stages from the top that have finished in an earlier epoch, and are not started
    std::vector<std::size_t> intake_links = {};  ///< by intake: index into Layout::links
    std::vector<std::size_t> outflow_links = {};
    Wake wake = {};  ///< wakes this cell: for the source, where it has nothing now
  };
  explicit Cell(Setup setup);

  Next step() override;
  void woken() override { activity_->woken(Clock::now()); }
  Clock::time_point wakes_at() const override { return wakes_at_; }

  /// Takes `change` to make it between two steps, and returns true: wake the cell. False, and `change` is
  /// left alone, when the cell has seen the last of that intake or of all its inputs. Threads: any.
  bool change(Change& change);

  /// Among those that take part in the job's cuts.
  std::size_t number() const { return number_; }

  /// It takes no more steps. Threads: any.
  bool ended() const { return done_.load(std::memory_order_acquire); }

  /// What it does: stays when the cell has gone.
  std::shared_ptr<const CellActivity> activity() const { return activity_; }

  /// Its stages, from top to bottom, for when it has ended: to commit them and to let go of them.
  const std::vector<std::unique_ptr<StageRun>>& stages() const { return setup_.stages; }

  /// Ends all links, so that what they refer to can go.
  void disconnect();

 private:
  // handed_over: a large chunk has gone out; let the receiver have it while it is in cache.
  enum class Did { progress, handed_over, waits, finished };
  // Waits: what for, as CellActivity::become() has it.
  struct Rest {
    Activity activity = Activity::input;
    std::uint32_t what = CellActivity::kNone;
  };
  struct InHand {
    std::size_t intake = 0;
    std::size_t channel = 0;
    Amount cost;
    bool from_link = false;
    std::uint64_t sequence = 0;
    bool of_region = true;  ///< its end is the end of its sequence number
  };

  void make_changes();
  void make(Change change);
  bool closes(std::size_t intake);
  bool closes_all();
  Next run_until(Clock::time_point deadline);
  Did advance();
  Did visit(std::size_t index);
  bool rests(const StageRun& stage);
  bool gives_up();
  Did rest();
  Did waits(Activity activity, const ChannelMeter* channel);
  Did waits_for_credit();
  Did waits_for_frames(bool whole_first);
  Did waits_later(const StageRun& stage);
  std::uint32_t place_of(const StageRun& stage) const;
  Did take();
  bool take_frames(bool whole_first);
  bool take_from(std::size_t index);
  Did take_from_source();
  bool pull(Did& instead);
  bool whole_first_pending() const;
  bool inputs_ended() const;
  bool more_at_hand();
  // Cuts: cell_cut.cpp.
  std::optional<Did> pass_cut();
  bool take_barriers();
  bool at_cut() const;
  bool build_at_cut() const;
  bool pulls() const { return setup_.source && !source_passed_ && !(source_ended_ && pulled_.empty()); }
  Result<void> cut_source(std::uint64_t n);
  Did take_cut();
  Result<void> seal_stages(std::uint64_t n, CellCut& cut);
  void cut_links(CellCut& cut) const;
  Did finish();
  Did leave();
  inline Trace& take_in(StageRun& stage, std::size_t port, Chunk&& chunk, const Trace& trace);
  void take_in_all(StageRun& stage, Trace trace);
  inline void hold(std::size_t intake, std::size_t channel, const Frame& frame, bool of_region);
  void close_in_hand();
  Result<void> send_out();
  inline Result<void> stage(Chunk&& chunk, const Trace& trace);
  bool flush();
  bool batch_full() const;
  bool overdue() const;
  bool slow_next(std::size_t lowest) const;
  bool sends_some();
  static std::vector<StageId> all_stages(const Setup& setup);
  void give_counters();
  void settle(bool idle);
  void resume();
  void end_visit(const StageRun& stage);
  void book_split(StageCounters& counters);
  Did fail(const StageRun* stage, Error error);
  Trace trace_of(const StageRun& stage) const;
  Did after_failure();

  Setup setup_;
  std::shared_ptr<CellActivity> activity_;
  std::mutex changing_;
  std::vector<Change> changes_;
  std::atomic<bool> changes_wait_{false};
  std::vector<bool> closed_;  // by intake: takes no more channels
  bool all_closed_ = false;   // makes no more changes
  std::vector<InHand> in_hand_;  // one in an ordered region, elsewhere one for each channel of a batch
  std::vector<Trace> traces_;    // of each chunk in hand
  Amount taken_;                 // from links, at once
  std::uint64_t sequence_ = 0;   // that of what is emitted now
  Fifo<StageRun::Emitted> pulled_;
  std::uint64_t pulled_sequence_ = 0;  // of the first that is left
  bool source_ended_ = false;
  Ending ending_ = Ending::complete;
  std::size_t finishing_ = 0;
  std::size_t hurried_ = ~std::size_t{0};  // the stage that was told to finish as interrupted while it waited
  bool ends_staged_ = false;
  std::size_t number_ = 0;
  std::uint64_t cut_ = 0;        // the latest that it has taken
  bool source_passed_ = false;   // one that it has not taken yet
  bool barriers_staged_ = false;
  std::atomic<bool> done_{false};
  std::size_t turn_ = 0;
  const StageRun* current_ = nullptr;
  StageCounters* source_counters_ = nullptr;
  bool source_quick_ = false;
  Clock::time_point now_{};                // when the clock was read last
  Clock::time_point wakes_at_ = Clock::time_point::max();
  Clock::time_point gives_up_at_ = Clock::time_point::max();
  Rest rest_;
  ChannelMeter* starved_ = nullptr;  // the channel whose credit it has waited for
};

// On every edge down.
inline Result<void> Cell::stage(Chunk&& chunk, const Trace& trace) {
  for (std::size_t i = 0; i + 1 < setup_.outflows.size(); ++i) {
    if (auto ok = setup_.outflows[i].stage(chunk, sequence_, now_, trace); !ok) return ok;
  }
  return setup_.outflows.back().stage(std::move(chunk), sequence_, now_, trace);
}

}  // namespace leat
