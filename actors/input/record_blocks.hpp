/// Blocks of whole records, of one file after the other: what sources of text have in common.
///
///   leat::RecordBlocks blocks(paths, {.block_bytes = 256 * 1024, .max_record = 1024 * 1024});
///   auto opened = blocks.open([](InputFile& file, std::size_t) -> Result<RecordBlocks::Start> { ... });  // at probe
///   return blocks.pull(out, cut);                                                                        // at pull
///
/// A source has one, and says where records end (CutText) and where the first one of a file begins (Look). Blocks are
/// CsvBlocks: rows are counted on from file to file, lines and offsets are of the file. Files may be packed
/// (input/file.hpp); blocks of a pipe end where it has nothing more for some ms, those of a file that is still coming
/// where nothing more is there, and pull() answers later until there is. Threads: one; extent() any.
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <leat/actor/source.hpp>
#include <leat/actors/input/file.hpp>
#include <leat/graph/input_paths.hpp>

namespace leat {

class RecordBlocks {
 public:
  struct Sizes {
    std::size_t block_bytes = 256 * 1024;  ///< memory of one block
    std::size_t max_record = 1024 * 1024;  ///< longest record; at least block_bytes
    std::uint64_t max_window = kMostWindow;
  };
  /// The first record of a file.
  struct Start {
    std::uint64_t offset = 0;
    std::uint64_t line = 1;
  };
  /// Text of a file, at `line`, from the start of a record on.
  struct Piece {
    const InputFile& file;
    std::string_view text;
    std::uint64_t line;
    bool last;     ///< nothing comes after it
    bool longest;  ///< a record that does not end in it is too long
  };
  /// What of it is whole records.
  struct Cut {
    std::size_t bytes = 0;
    std::uint64_t rows = 0;   ///< blank lines are none
    std::uint64_t lines = 0;  ///< line ends; one more where the last record has none
  };
  /// Looks at a file, which is at its beginning, and says where to start. What it reads of it, it gives back.
  using Look = std::function<Result<Start>(InputFile& file, std::size_t number)>;
  /// Cuts a piece: all of it where it is the last. No bytes: no record ends in it, and it is not `longest`.
  using CutText = std::function<Result<Cut>(const Piece& piece)>;

  RecordBlocks(InputPaths paths, Sizes sizes);

  /// Finds the files, opens each and has a look at it, in order. Errors: those of files_of() and InputFile, and of
  /// `look`.
  Result<void> open(const Look& look);
  /// Emits the next block.
  Result<Step> pull(Outbox& out, const CutText& cut);
  /// None of a pipe.
  std::optional<SourcePosition> position() const;
  /// Errors: a file that is not what it was, and no position.
  Result<void> seek(const SourcePosition& to);
  Extent extent() const;

  /// Once open: the paths as they were given, for people.
  std::string paths() const;
  std::size_t files() const { return files_.size(); }
  /// All files' bytes as they lie there; 0 when unknown.
  std::uint64_t bytes() const { return bytes_; }
  std::uint64_t max_chunk() const { return max_chunk_; }
  /// Heap held between blocks, at most.
  std::uint64_t state() const { return state_; }

 private:
  struct File {
    std::string path;
    std::string identity = {}, lasting_identity = {};
    Start start = {};
    std::uint64_t lies = 0;
    bool regular = true;
    bool plain = true;
    bool coming = false;  // its time of change says nothing
    std::optional<InputFile> open = {};  // one that cannot be opened again, and the one that is being read
  };

  struct Made {
    std::size_t bytes = 0;  // read
    std::optional<Chunk> block = {};
  };

  // A line end of two bytes comes on top of the longest record.
  std::size_t most_room() const { return sizes_.max_record + 2; }
  std::size_t first_room() const;
  Result<void> be_open();
  Result<Made> cut_block(Pool& pool, std::size_t room, const CutText& cut);
  void begin_file();
  void next_file();
  void publish();
  std::string identity(std::size_t file, bool lasting) const;

  InputPaths given_;
  Sizes sizes_;
  std::vector<File> files_;
  std::uint64_t bytes_ = 0;
  std::uint64_t max_chunk_ = 0;
  std::uint64_t state_ = 0;
  // Where the next block starts: all there is to a source's state.
  std::size_t file_ = 0;
  std::uint64_t offset_ = 0;
  std::uint64_t row_ = 0;
  std::uint64_t line_ = 1;
  std::uint64_t before_ = 0;  // bytes of the files before, as they lie there
  std::atomic<std::uint64_t> bytes_done_{0};
  std::atomic<std::uint64_t> rows_done_{0};
};

}  // namespace leat
