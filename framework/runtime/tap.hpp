/// Taps: copies of the rows that a stage emits, as text, for who looks on. No chunk is kept for them.
#pragma once

#include <leat/chunk/chunk.hpp>
#include <leat/chunk/result.hpp>
#include <leat/graph/graph.hpp>

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace leat {

/// The first rows that a stage emits from now on. Whoever lets go of it ends it. Threads: any.
class Tap {
 public:
  /// At most so many rows, and so many bytes of their text.
  static constexpr std::size_t kMostRows = 100;
  static constexpr std::size_t kMostBytes = std::size_t{1} << 20;

  /// A chunk's first rows as texts, at most `most`. Called on a cell's thread, after a step of it. Errors: invalid (the
  /// chunk has no rows that could be shown).
  using Reader = std::function<Result<std::vector<std::string>>(const Chunk&, std::size_t most)>;

  /// `rows`: so many are wanted, kMostRows at most. `of`: whose they are, for errors.
  Tap(std::size_t rows, std::string of, Reader reader);

  struct Seen {
    std::vector<std::string> rows;
    bool over = false;  ///< no more will come
  };
  /// What it has copied so far. Errors: the reader's, and whatever that throws, where there is nothing else to tell.
  Result<Seen> seen() const;
  bool over() const;

  /// Copies what the chunk has of the rows that are wanted yet.
  void see(const Chunk& chunk);
  /// No more will come.
  void close();

 private:
  mutable std::mutex mutex_;
  const std::size_t most_;
  const std::string of_;
  const Reader reader_;
  std::vector<std::string> rows_;
  std::size_t bytes_ = 0;
  bool over_ = false;
  Result<void> went_;
};

/// Those of a job's stages. Closes them when it is destroyed. Threads: any.
class Taps {
 public:
  explicit Taps(std::size_t stages) : wanted_(stages), taps_(stages) {}
  ~Taps() { close(); }

  /// Whether what the stage emits is to be shown to see(): all that it costs a stage that nobody taps is to look at this.
  const std::atomic<bool>& wanted(std::size_t stage) const { return wanted_[stage]; }
  void add(std::size_t stage, const std::shared_ptr<Tap>& tap);
  void see(std::size_t stage, const Chunk& chunk);
  /// The job's cells have left.
  void close();

 private:
  std::mutex mutex_;
  std::vector<std::atomic<bool>> wanted_;  // read by every step, and seldom written
  std::vector<std::vector<std::weak_ptr<Tap>>> taps_;  // by stage
  bool closed_ = false;
};

/// The stage that is meant by "parse", or by an edge from it, "parse>train": all that it emits goes down each of its
/// edges. Errors: invalid (there is none, and the near name; a sink, which emits nothing).
Result<StageId> tapped_stage(const Graph& graph, const std::string& place);

}  // namespace leat
