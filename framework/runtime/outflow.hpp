/// One edge's upper end in one cell: which channel a chunk goes to, and what waits for credit.
#pragma once

#include <leat/actor/fifo.hpp>
#include <leat/actor/link.hpp>
#include <leat/graph/graph.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace leat {

/// Threads: one at a time, that of its cell.
///
/// Balanced channels come and go: a chunk has no channel before it is sent, so what is staged is never
/// lost with one, and each channel gets rising sequence numbers.
class Outflow {
 public:
  struct Setup {
    Dispatch::Rule rule = Dispatch::Rule::forward;
    Splitter splitter;      ///< key
    bool numbers = false;   ///< gives each chunk the next sequence number: the region below keeps order
    std::shared_ptr<Pool> pool;
    Amount window;          ///< credit of a channel: a piece that is larger could never be sent
    std::string by = {};    ///< what the key is called, for errors
    std::uint64_t first = 0;  ///< the first of the numbers that it gives
  };
  /// The channels are called 0, 1, 2 ...
  Outflow(Setup setup, std::vector<std::unique_ptr<Sender>> channels);
  Outflow(Outflow&&) = default;

  /// One more channel to balance over, with a name no channel has had, before stage_end().
  void attach(std::size_t name, std::unique_ptr<Sender> sender);
  /// Stages an end on one balanced channel; it gets no more chunks. The last one is kept, and ends with
  /// the cell.
  void retire(std::size_t name);

  /// Stages a chunk, with the sequence number of the region it is in. `since`, `trace`: as in Frame. Errors:
  /// those of the splitter and what it throws; a piece that is empty, too large or for a replica that is not
  /// there.
  Result<void> stage(Chunk&& chunk, std::uint64_t sequence,
                     std::chrono::steady_clock::time_point since = {}, const Trace& trace = {});
  /// The same of a chunk that goes elsewhere too.
  Result<void> stage(const Chunk& chunk, std::uint64_t sequence,
                     std::chrono::steady_clock::time_point since = {}, const Trace& trace = {}) {
    return stage(Chunk(chunk), sequence, since, trace);
  }
  /// Stages a `done` on all channels, or marks the frame that is last of its sequence. Not when
  /// balancing: what a channel gets would not rise.
  void stage_done(std::uint64_t sequence);
  /// Stages a barrier on all channels; before flush() has sent it, nothing else may be staged.
  void stage_barrier(std::uint64_t n);
  /// The number that it gives next; none: it gives none.
  std::optional<std::uint64_t> next_number() const { return setup_.numbers ? std::optional(next_) : std::nullopt; }
  /// Stages the end of all channels.
  void stage_end(Ending ending);

  /// True where stage() takes time: it splits chunks up.
  bool splits() const;
  /// Sends what credit allows, on each channel as far as its own does; true when nothing is left staged.
  bool flush();
  bool empty() const { return staged_ == 0; }
  /// After a flush that left something: the channel whose credit it waits for, or the first of them; null: not known.
  ChannelMeter* waits_for() const;
  /// How many frames are staged.
  std::uint64_t waiting() const { return staged_; }
  /// When what is staged is to be sent, be it ever so little; time_point::max() where nothing is.
  std::chrono::steady_clock::time_point due() const { return due_; }
  /// What is staged, in bytes and chunks.
  Amount staged() const { return amount_; }
  void drop();

 private:
  struct Channel {
    std::size_t name = 0;
    std::unique_ptr<Sender> sender;
    Fifo<Frame> queue;
    bool retired = false;
  };

  Result<void> stage_pieces(const Chunk& chunk, std::uint64_t sequence, std::chrono::steady_clock::time_point since,
                            const Trace& trace);
  Result<void> split(const Chunk& chunk);
  Result<void> check(std::size_t replica, const Chunk& piece) const;
  Frame& push(Fifo<Frame>& queue, Chunk&& chunk, std::uint64_t sequence, std::chrono::steady_clock::time_point since,
              const Trace& trace);
  void push(Fifo<Frame>& queue, Frame frame);
  bool flush(Channel& channel);
  bool flush_balanced();
  std::size_t live() const;

  Setup setup_;
  std::vector<Channel> channels_;
  Fifo<Frame> balanced_;
  std::vector<std::pair<std::size_t, Chunk>> pieces_;
  std::uint64_t next_ = 0;
  std::size_t staged_ = 0;
  Amount amount_;
  std::chrono::steady_clock::time_point due_ = std::chrono::steady_clock::time_point::max();
};

}  // namespace leat
