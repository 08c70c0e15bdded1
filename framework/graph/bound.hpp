/// The memory bound: what a laid out graph can hold at most, known before it starts. Pure.
#pragma once

#include <leat/graph/layout.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace leat {

/// One term, in bytes.
struct BoundTerm {
  std::string what;   ///< "credit", "in hand", "output", "state" ...
  std::string where;  ///< the edge or stage
  std::uint64_t bytes = 0;
};

struct Bound {
  std::vector<BoundTerm> terms;
  /// Never wraps: stops at kBoundless, the largest number there is.
  std::uint64_t total() const;
  /// The terms that are chunks: what the pool may hold.
  std::uint64_t chunks() const;
};

/// `process_base`: resident bytes of this program before the graph runs.
Bound memory_bound(const Checked& checked, const Layout& layout, std::uint64_t process_base);

/// True when the bound is over `limit`; one that is boundless is over any.
bool exceeds(const Bound& bound, std::uint64_t limit);

/// Refuses a bound over `limit` with a sentence that names the largest terms.
Result<void> fits(const Bound& bound, std::uint64_t limit);

/// "credit of read to parse 3.00 MiB, state of fit 1.00 MiB, ...": the three largest, largest first.
std::string largest_terms(const Bound& bound);

/// "1.50 MiB": three digits. "16 EiB or more" where the sum stopped.
std::string byte_text(std::uint64_t bytes);

}  // namespace leat
