/// The Cell: hosts one replica of a chain of stages and moves chunks through it, step by step.
///
/// A step: send what is staged; else visit the lowest stage that has a chunk; else take a chunk, from
/// the source it pulls or from a link; else finish. No input is taken while staged output waits for
/// credit, so what a cell holds is bounded by what its stages declared.
#pragma once

#include <leat/runtime/crew.hpp>
#include <leat/runtime/intake.hpp>
#include <leat/runtime/outflow.hpp>
#include <leat/runtime/pulled_source.hpp>
#include <leat/runtime/stage_run.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

namespace leat {

class Cell final : public Steppable {
 public:
  struct Setup {
    JobState* job = nullptr;
    std::vector<std::unique_ptr<StageRun>> stages;  ///< the actors, from top to bottom
    std::vector<std::size_t> members;               ///< ids of all stages, a source included
    std::shared_ptr<PulledSource> source;           ///< or null
    std::vector<Intake> intakes;
    std::vector<Outflow> outflows;
    std::vector<std::shared_ptr<Gate>> gates;       ///< takes no input before all are open
    std::vector<StageId> opens;                     ///< stages others wait for
    std::function<void(StageId)> ended;             ///< called for each of these at the end
    bool keeps_order = false;
  };
  explicit Cell(Setup setup);

  Next step() override;

  /// After all cells have finished and none has failed: makes staged output visible.
  Result<void> commit();

  /// Ends all links, so that what they refer to can go.
  void disconnect();

 private:
  // handed_over: a large chunk has gone out; let the receiver have it while it is in cache.
  enum class Did { progress, handed_over, waits_for_credit, waits_for_input, finished };
  struct InHand {
    std::size_t intake = 0;
    std::size_t channel = 0;
    Amount cost;
    bool from_link = false;
    std::uint64_t sequence = 0;
    bool of_region = true;  ///< its end is the end of its sequence number
  };

  Next run_until(std::chrono::steady_clock::time_point deadline);
  Did advance();
  Did visit(std::size_t index);
  Did take();
  bool take_frames(bool whole_first);
  bool take_from(std::size_t index);
  Did take_from_source();
  bool whole_first_pending() const;
  bool inputs_ended() const;
  bool more_at_hand();
  Did finish();
  Did leave();
  void close_in_hand();
  Result<void> send_out();
  bool flush();
  bool batch_full() const;
  void settle(bool idle);
  void account(Did rest);
  Did fail(const StageRun* stage, Error error);

  Setup setup_;
  std::vector<InHand> in_hand_;  // one in an ordered region, up to a batch elsewhere
  std::uint64_t sequence_ = 0;   // that of what is emitted now
  std::vector<Chunk> pulled_;
  std::size_t pulled_head_ = 0;
  std::uint64_t pulled_sequence_ = 0;
  bool source_ended_ = false;
  Ending ending_ = Ending::complete;
  std::size_t finishing_ = 0;
  bool ends_staged_ = false;
  bool done_ = false;
  std::size_t turn_ = 0;
  const StageRun* current_ = nullptr;
  std::chrono::steady_clock::time_point rested_{};
  Did rest_ = Did::waits_for_input;
};

}  // namespace leat
