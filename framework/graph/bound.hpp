/// The memory bound: what a laid out graph can hold at most, known before it starts. Pure.
#pragma once

#include <leat/graph/layout.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace leat {

/// One term, in bytes.
struct BoundTerm {
  /// What takes the memory. Numbers travel: new ones go to the end.
  enum class What : std::uint8_t {
    process_base,    ///< the program before the graph runs
    runtime,         ///< scheduler and allocator
    stacks,          ///< of all threads
    magazines,       ///< small blocks that threads keep
    credit,          ///< chunks on the way over an edge
    chunk_in_hand,   ///< what a cell has taken
    output,          ///< what a stage has emitted and not sent
    state,           ///< what a stage holds between visits
    slices,          ///< what connections stage, and compressed slices before they are unpacked
    socket_buffers,  ///< what the system holds of connections
    snapshots,       ///< states that are on their way to a checkpoint
  };
  What what = What::process_base;
  std::string where;  ///< the edge or stage
  std::uint64_t bytes = 0;
};
constexpr std::size_t kBoundTerms = static_cast<std::size_t>(BoundTerm::What::snapshots) + 1;

/// "chunk in hand": for people.
const char* term_name(BoundTerm::What what);

struct Bound {
  std::vector<BoundTerm> terms;
  /// Never wraps: stops at kBoundless, the largest number there is.
  std::uint64_t total() const;
  /// The terms of one sort.
  std::uint64_t of(BoundTerm::What what) const;
  /// The terms that are chunks: what the pool may hold.
  std::uint64_t chunks() const;
};

/// `process_base`: resident bytes of this program before the graph runs.
Bound memory_bound(const Checked& checked, const Layout& layout, std::uint64_t process_base);

/// Adds what the states take while they are kept for checkpoints: each once more.
void add_snapshots(const Checked& checked, const Layout& layout, Bound& bound);

/// True when the bound is over `limit`; one that is boundless is over any.
bool exceeds(const Bound& bound, std::uint64_t limit);

/// Refuses a bound over `limit` with a sentence that names the largest terms.
Result<void> fits(const Bound& bound, std::uint64_t limit);

/// "credit of read to parse 3.00 MiB, state of fit 1.00 MiB, ...": the three largest, largest first.
std::string largest_terms(const Bound& bound);

/// "1.50 MiB": three digits. "16 EiB or more" where the sum stopped.
std::string byte_text(std::uint64_t bytes);

}  // namespace leat
