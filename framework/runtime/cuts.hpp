/// Cuts through a running job: one at a time is ordered, every cell takes it or has ended, and then it is whole.
///
///   cuts.order(7); state.wake_all();
///   ... cells that pull a source pass the cut before their next pull, the others when every channel has brought it
///   auto whole = cuts.wait();
///
/// Where a cell stands when all of its channels have brought the cut or ended is in what it gives (aligned barriers; Carbone
/// et al., 2015).
#pragma once

#include <leat/checkpoint/cut.hpp>
#include <leat/chunk/result.hpp>

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace leat {

/// What one cell gives for a cut.
struct CellCut {
  std::vector<StageCut> stages = {};
  std::vector<std::pair<std::size_t, std::uint64_t>> links = {};  ///< of Layout::links: the number that is next on each
};

/// A cut that all cells have taken, or one that some could not.
struct WholeCut {
  std::uint64_t n = 0;
  std::vector<CellCut> cells;       ///< of those that have taken it
  std::vector<std::size_t> ended;   ///< those that have ended instead, as add_cell() counted them
  std::vector<SourceCut> sources;
  std::optional<Error> given_up;    ///< the first reason; what was sealed all the same is in `cells`
};

/// Threads: any.
class JobCuts {
 public:
  /// One more cell takes part: its number. Before the first order.
  std::size_t add_cell();

  /// Orders the nth, where none is under way and some cell has not ended, or `even_ended`: the rest of the job has not; then
  /// wake the cells.
  bool order(std::uint64_t n, bool even_ended = false);
  /// The latest that was ordered, 0: none.
  std::uint64_t ordered() const { return ordered_.load(std::memory_order_acquire); }

  /// The cell has taken it; `given_up`: it could not, and has let it pass.
  void took(std::size_t cell, CellCut cut, std::optional<Error> given_up = {});
  /// The cell has ended, and takes no more.
  void left(std::size_t cell);
  /// A source was at this position when it came.
  void add(SourceCut source);

  /// Waits for the cut that is under way: whole, or given up; nothing once close() was called.
  std::optional<WholeCut> wait();
  /// One is ordered and wait() has not returned it.
  bool under_way() const;
  /// wait() returns.
  void close();

 private:
  struct Place {
    std::uint64_t taken = 0;  // the latest
    bool ended = false;
  };
  bool whole() const;

  std::atomic<std::uint64_t> ordered_{0};
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Place> cells_;
  std::optional<WholeCut> current_;
  bool closed_ = false;
};

}  // namespace leat
