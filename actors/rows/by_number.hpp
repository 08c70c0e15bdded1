/// Rows by number: those whose number in the source is chosen by a hash, whatever the chunks and the replicas. What
/// split and sample share.
///
///   bool kept = leat::numbered_below(row_number, 0.1, seed);      // about one in ten
///
/// The hash is the finaliser of SplitMix64 (G. Steele, D. Lea and C. Flood, "Fast splittable pseudorandom number
/// generators", 2014; David Stafford's mix 13) of the number and the seed: it is the same on every machine. Of n rows a
/// share of n * fraction is chosen, with a deviation of sqrt(n * fraction * (1 - fraction)). Threads: no state.
#pragma once

#include <leat/chunk/table.hpp>
#include <leat/graph/kind.hpp>

#include <cstdint>
#include <string>

namespace leat {

/// Whether the hash of a row's number lies below the fraction.
bool numbered_below(std::uint64_t row_number, double fraction, std::uint64_t seed);

/// A kind that keeps rows that are numbered_below, or all others. Chunks without a row left are not passed on, chunks
/// with all rows left are passed on as they are.
Kind<Table, Table> rows_by_number(std::string name, GivenOptions options, double fraction, std::uint64_t seed,
                                  bool below);

}  // namespace leat
