/// How Tables lie in a file: schemas/table_file.capnp. Pure: bytes in, bytes out.
///
///   std::string file = leat::tables::head() + leat::tables::before(table, 0);
///   file += message; file.resize(leat::tables::lines(file.size()));   // of table.chunk()
///   file += leat::tables::end_of(index, file.size());
///
/// Errors: corrupt, with what is wrong, to be said of a file. Threads: no state.
#pragma once

#include <leat/actors/tables/ranges.hpp>
#include <leat/chunk/result.hpp>
#include <leat/chunk/table.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace leat::tables {

inline constexpr std::uint32_t kVersion = 2;
inline constexpr std::uint32_t kOldestVersion = 1;      ///< that is read: without ranges
inline constexpr std::size_t kLine = 64;                ///< what everything but the tail begins at a multiple of
inline constexpr std::size_t kTail = 32;
inline constexpr std::size_t kPiece = std::size_t{16} << 10;  ///< of a message, with a checksum of its own

constexpr std::uint64_t lines(std::uint64_t bytes) { return (bytes + kLine - 1) / kLine * kLine; }
constexpr std::uint64_t pieces(std::uint64_t bytes) { return (bytes + kPiece - 1) / kPiece; }

std::uint64_t checksum(std::span<const std::byte> bytes);

/// What a file begins with.
std::string head();
/// Refuses what is no head, or one of a version that is not read.
Result<void> check_head(std::span<const std::byte> bytes);

/// The checksums of a message's pieces.
std::vector<std::uint64_t> sums_of(std::span<const std::byte> message);

/// Stands before a chunk.
struct Record {
  std::uint64_t number = 0;
  std::uint64_t bytes = 0;  ///< of the message
  std::uint64_t first_row = 0;
  std::uint32_t rows = 0;
  std::uint32_t structure = 0;  ///< bytes of the message, from its beginning, that say where columns lie
  std::uint64_t sums = 0;       ///< checksum of the checksums and ranges, with what fills up their line
  std::uint32_t ranged = 0;     ///< columns that have ranges: all, or none of a file of version 1

  /// Of checksums and ranges, filled up to a line.
  std::uint64_t sums_bytes() const { return lines(8 * (pieces(bytes) + range_words(ranged))); }
  /// From the record to the next.
  std::uint64_t extent() const { return kLine + sums_bytes() + lines(bytes); }
  std::string text() const;
  static Result<Record> of(std::span<const std::byte> bytes);
};

/// What stands before a table's message: its record, as the `number`th, its checksums and ranges.
std::string before(const Table& table, std::uint64_t number);

/// What stands at the end: of the whole file.
struct Index {
  Fields fields;
  std::uint64_t rows = 0;
  std::uint64_t chunks = 0;
  std::uint64_t most_bytes = 0;

  /// Takes in a chunk's table, whose columns are these.
  void add(const Table& table);
  Chunk chunk(Pool& pool) const;
  static Index of(const Chunk& chunk);
};

/// Index and tail, for a file that has `at` bytes so far.
std::string end_of(const Index& index, std::uint64_t at);

/// Where the index is.
struct Tail {
  std::uint64_t index = 0;
  std::uint64_t checksum = 0;

  static Result<Tail> of(std::span<const std::byte> bytes);
};

/// The index, from its bytes.
Result<Index> index_of(std::span<const std::byte> bytes, const Tail& tail);

}  // namespace leat::tables
