/// Tables set aside on disk, in a table file (file.hpp) that nobody else sees: what a stage holds beyond its memory.
///
///   auto scratch = leat::tables::ScratchTables::open("/var/tmp", job);
///   if (auto added = scratch->add(table); !added) return added.error();    // any number of them, of one layout
///   if (auto ended = scratch->end(); !ended) return ended.error();
///   for (leat::tables::ChunkPlace at; at.number < scratch->index().chunks;) auto chunk = scratch->read(at, pool);
///
/// Contract. The file is hidden in the folder, readable by its user only, and gone with this object; what processes
/// that are gone have left there is removed by the next one (staged_file.hpp). Chunks are held against their checksums
/// as they are read. Errors: StagedFile's, with what to do; corrupt, where the file was damaged meanwhile. Memory: what
/// is read is one chunk. Threads: one. Move-only.
#pragma once

#include <optional>
#include <string>

#include <leat/actors/output/staged_file.hpp>
#include <leat/actors/tables/file_reader.hpp>

namespace leat::tables {

class ScratchTables {
 public:
  static Result<ScratchTables> open(const std::string& folder, const std::string& job);
  /// One that goes on from the first `bytes` bytes of the file at `from`, which another has written, with what it then
  /// had in it; `ended`: it had been ended. Errors besides: that file is gone.
  static Result<ScratchTables> go_on(const std::string& folder, const std::string& job, const std::string& from,
                                     std::uint64_t bytes, Index index, bool ended);

  Result<void> add(const Table& table);
  /// Nothing more is added: from now on it is read.
  Result<void> end();
  bool ended() const { return reader_.has_value(); }
  /// The chunk at that place, which then is the next one's. Only once it is ended.
  Result<Chunk> read(ChunkPlace& at, Pool& pool);

  const Index& index() const { return index_; }
  const std::string& path() const { return file_.hidden(); }
  std::uint64_t bytes() const { return file_.size(); }

 private:
  explicit ScratchTables(StagedFile file) : file_(std::move(file)) {}
  Result<void> open_reader();

  StagedFile file_;
  Index index_;
  std::optional<FileReader> reader_;
};

}  // namespace leat::tables
