/// A chunk that is no table, as one row for who taps it.
#pragma once

#include <leat/chunk/chunk.hpp>

#include <cstddef>
#include <string>

namespace leat {

/// The fields of its root as columns, in the form of tapped_rows(): structs as objects, lists as arrays, names for enums,
/// 64-bit integers as numbers, the number of bytes of a Data, null where there is nothing. Of a payload whose schema leat
/// does not have `bytes` and `head`: its first kMostHead bytes in hex. Bounded: of a text kMostCell bytes, of a list
/// kMostListed entries with a text that says how many more there are, of all kMostValues values, what is deeper or beyond
/// is "~". Pure.
std::string message_row(const Chunk& chunk);
inline constexpr std::size_t kMostHead = 32;
inline constexpr std::size_t kMostListed = 16;
inline constexpr std::size_t kMostValues = 1024;

}  // namespace leat
