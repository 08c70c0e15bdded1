/// A file of tables, opened: what is in it, and its chunks, from any place.
///
///   auto file = leat::tables::FileReader::open(std::move(*bytes));
///   for (leat::tables::ChunkPlace at; at.number < file->index().chunks;) {
///     auto record = file->record(at);              // what stands before it: rows, checksums, ranges
///     auto chunk = file->chunk(at, *record, pool);  // or only some of its columns
///     at = at.after(*record);
///   }
///
/// What is given has been held against its checksums and looked through once (validate.hpp). The file is read, not mapped:
/// one that becomes shorter meanwhile is an error rather than a signal.
#pragma once

#include <leat/actors/input/bytes.hpp>
#include <leat/actors/tables/copy.hpp>
#include <leat/actors/tables/file.hpp>
#include <leat/actors/tables/ranges.hpp>
#include <leat/chunk/chunk.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace leat::tables {

/// Where a chunk is.
struct ChunkPlace {
  std::uint64_t offset = kLine;  ///< of its record
  std::uint64_t number = 0;
  std::uint64_t rows = 0;        ///< before it

  ChunkPlace after(const Record& record) const { return {offset + record.extent(), number + 1, rows + record.rows}; }
};

/// Errors: corrupt (the file is damaged; of a chunk its number and place are named), failed (it cannot be read). Their
/// sentences do not say which file it is. Threads: one.
class FileReader {
 public:
  static constexpr std::size_t kMostBefore = 4096;  ///< bytes before a chunk that are read at once

  /// Reads the index. Errors besides: invalid (no regular file).
  static Result<FileReader> open(InputBytes bytes);

  const Index& index() const { return index_; }
  const InputBytes& bytes() const { return bytes_; }
  /// Where the chunks end.
  std::uint64_t end() const { return end_; }
  /// Asks the system to read on from there meanwhile.
  void read_ahead(std::uint64_t offset) { bytes_.read_ahead(offset); }

  /// What stands before the chunk at that place, which is that of record(), or of after(), or the first.
  Result<Record> record(const ChunkPlace& at);
  /// Between what the cells of the chunk whose record() was asked last lie.
  Ranges ranges(const Record& record) const;
  /// That chunk: all of it, or these columns, for which the rest is not read.
  Result<Chunk> chunk(const ChunkPlace& at, const Record& record, Pool& pool) const;
  Result<Chunk> chunk(const ChunkPlace& at, const Record& record, const std::vector<CopiedColumn>& columns,
                      Pool& pool) const;

 private:
  explicit FileReader(InputBytes bytes) : bytes_(std::move(bytes)) {}

  Result<void> read(std::byte* to, std::size_t bytes, std::uint64_t offset) const;
  Result<void> read_index();
  Result<Record> read_record(const ChunkPlace& at);
  Result<void> read_pieces(const ChunkPlace& at, const Record& record, std::byte* message, std::uint64_t first,
                           std::uint64_t end) const;
  Result<Chunk> read_all(const ChunkPlace& at, const Record& record, Pool& pool) const;
  Result<Chunk> read_some(const ChunkPlace& at, const Record& record, const std::vector<CopiedColumn>& columns,
                          Pool& pool) const;
  Result<void> as_indexed(const Record& record, const Table& table) const;
  bool ranged(const Record& record) const { return record.ranged == 0 || record.ranged == index_.fields.size(); }
  std::byte* memory_before(std::uint64_t at) { return reinterpret_cast<std::byte*>(before_.data()) + at; }
  // Checksums and ranges of the chunk in hand.
  std::span<const std::uint64_t> sums() const { return std::span(before_).subspan(kLine / 8); }

  InputBytes bytes_;
  Index index_;
  std::uint64_t end_ = 0;
  std::vector<std::uint64_t> before_;  // what stands before the chunk in hand
};

}  // namespace leat::tables
