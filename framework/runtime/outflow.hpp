/// One edge's upper end in one cell: which channel a chunk goes to, and what waits for credit.
#pragma once

#include <leat/actor/link.hpp>
#include <leat/graph/graph.hpp>

#include <deque>
#include <memory>
#include <vector>

namespace leat {

/// Threads: one at a time, that of its cell.
class Outflow {
 public:
  struct Setup {
    Dispatch::Rule rule = Dispatch::Rule::forward;
    Splitter splitter;      ///< key
    bool numbers = false;   ///< gives each chunk the next sequence number: the region below keeps order
    std::shared_ptr<Pool> pool;
    Amount window;          ///< credit of a channel: a piece that is larger could never be sent
  };
  Outflow(Setup setup, std::vector<std::unique_ptr<Sender>> channels);
  Outflow(Outflow&&) = default;

  /// Stages a chunk, with the sequence number of the region it is in.
  Result<void> stage(const Chunk& chunk, std::uint64_t sequence);
  /// Stages a `done` on all channels, or marks the frame that is last of its sequence.
  void stage_done(std::uint64_t sequence);
  /// Stages the end of all channels.
  void stage_end(Ending ending);

  /// Sends what credit allows; true when nothing is left staged.
  bool flush();
  bool empty() const { return staged_ == 0; }
  /// What is staged, in bytes and chunks.
  Amount staged() const { return amount_; }
  void drop();

 private:
  struct Channel {
    std::unique_ptr<Sender> sender;
    std::vector<Frame> queue;
    std::size_t head = 0;
  };

  void push(Channel& channel, Frame frame);
  bool flush(Channel& channel);
  bool flush_balanced();

  Setup setup_;
  std::vector<Channel> channels_;
  std::deque<Frame> balanced_;
  std::vector<std::pair<std::size_t, Chunk>> pieces_;
  std::uint64_t next_ = 0;
  std::size_t staged_ = 0;
  Amount amount_;
};

}  // namespace leat
