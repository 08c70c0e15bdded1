#include <algorithm>
#include <charconv>
#include <chrono>

#include <xxhash.h>

#include <leat/actor/saturating.hpp>
#include <leat/actors/input/record_blocks.hpp>
#include <leat/chunk/chunk.hpp>
#include <leat/schemas/csv.capnp.h>

namespace leat {
namespace {

// Root pointer and struct of a CsvBlock, before the path and the text.
constexpr std::size_t kStructure = 56;

std::size_t words(std::size_t bytes) { return (bytes + 7) / 8 * 8; }

// With the path as its file's complaints have it, and the end of a text.
std::size_t structure(const std::string& path) { return kStructure + words(path.size() + 1); }

}  // namespace

RecordBlocks::RecordBlocks(InputPaths paths, Sizes sizes) : given_(std::move(paths)), sizes_(sizes) {
  sizes_.max_record = std::max(sizes_.max_record, sizes_.block_bytes);
}

Result<void> RecordBlocks::open(const Look& look) {
  auto paths = files_of(given_);
  if (!paths) return paths.error();
  files_.clear();
  bytes_ = max_chunk_ = state_ = 0;
  bool known = true;
  std::uint64_t one = 0;  // at a time is open
  for (const std::string& path : *paths) {
    auto opened = InputFile::open(path, sizes_.max_window);
    if (!opened) return opened.error();
    auto start = look(*opened, files_.size());
    if (!start) return start.error();
    bool plain = opened->packing() == Packing::plain;
    File file{path, opened->identity(), opened->lasting_identity(), *start, opened->lies(), opened->regular(), plain, opened->coming(), {}};
    known = known && opened->regular();
    bytes_ += file.lies;
    std::uint64_t longest = std::min<std::uint64_t>(most_room(), opened->most_left());
    max_chunk_ = std::max(max_chunk_, Pool::footprint(plus(structure(opened->path()) + 8, longest)));
    std::uint64_t memory = opened->most_memory(most_room());
    (opened->regular() ? one : state_) = opened->regular() ? std::max(one, memory) : plus(state_, memory);
    bool stays = !opened->regular() || files_.empty();
    if (stays) file.open = std::move(*opened);
    files_.push_back(std::move(file));
  }
  state_ = plus(state_, one);
  if (!known) bytes_ = 0;
  file_ = 0;
  row_ = 0;
  before_ = 0;
  begin_file();
  publish();
  return {};
}

void RecordBlocks::begin_file() {
  offset_ = files_[file_].start.offset;
  line_ = files_[file_].start.line;
  if (files_[file_].open) files_[file_].open->seek(offset_);
}

void RecordBlocks::next_file() {
  before_ += files_[file_].open ? files_[file_].open->taken() : files_[file_].lies;
  files_[file_].open.reset();
  ++file_;
  offset_ = 0;
  if (file_ < files_.size()) begin_file();
}

// The file that is read is open, and as it was.
Result<void> RecordBlocks::be_open() {
  File& file = files_[file_];
  if (file.open) return {};
  auto opened = InputFile::open(file.path, sizes_.max_window);
  if (!opened) return opened.error();
  bool another = file.coming ? opened->lies() != file.lies : opened->identity() != file.identity;
  if (another) {
    return failed(opened->path() + ": was changed while the files before it were read (name, size, time of change: " +
                  "then " + file.identity + ", now " + opened->identity() +
                  "); run again when nobody writes to it");
  }
  file.open = std::move(*opened);
  file.open->seek(offset_);
  return {};
}

Result<Step> RecordBlocks::pull(Outbox& out, const CutText& cut) {
  std::size_t room = first_room();
  while (file_ < files_.size()) {
    if (auto opened = be_open(); !opened) return opened.error();
    InputFile& file = *files_[file_].open;
    if (file.ended()) {
      next_file();
      room = first_room();
      continue;
    }
    auto piece = cut_block(out.pool(), room, cut);
    if (!piece) return piece.error();
    if (piece->block) {
      out.emit(std::move(*piece->block));
      break;
    }
    if (file.waits()) {
      if (file.coming()) file.wake_when_more(out.waker());
      else out.call_at(std::chrono::steady_clock::now());
      publish();
      return Step::later;
    }
    if (piece->bytes == 0 && !file.ended()) {
      // On the way to an offset.
      publish();
      return Step::more;
    }
    // Not one whole record in it, or blank lines only, which cut_block has gone past.
    room = std::min(room * 4, most_room());
  }
  if (file_ < files_.size() && files_[file_].open->ended()) next_file();
  publish();
  return file_ < files_.size() ? Step::more : Step::done;
}

// Path and frame are part of block_bytes, so that a block fills its class of pooled memory.
std::size_t RecordBlocks::first_room() const {
  std::size_t frame = structure(file_ < files_.size() ? files_[file_].path : "") + 8 + sizeof(Block);
  return sizes_.block_bytes >= 8 * frame ? sizes_.block_bytes - frame : sizes_.block_bytes;
}

// The block at offset_, of at most `room` bytes of text, and moves on; none where no record ends in it.
Result<RecordBlocks::Made> RecordBlocks::cut_block(Pool& pool, std::size_t room, const CutText& cut) {
  InputFile& file = *files_[file_].open;
  auto size = static_cast<std::size_t>(std::min<std::uint64_t>(room, file.most_left()));
  std::size_t before = structure(file.path());
  Building<schema::CsvBlock> building(pool, before + 8 + size, before);
  auto block = building.root();
  block.setPath(file.path());
  auto data = building.bulk(size);
  char* text = reinterpret_cast<char*>(data.get().begin());
  auto got = file.read(text, size);
  if (!got) return got.error();
  if (*got == 0) return Made{};

  std::string_view read(text, *got);
  auto made = cut({file, read, line_, file.ended(), room == most_room() && *got == size});
  if (!made) return made.error();
  file.give_back(read.substr(made->bytes));
  Made out{*got, {}};
  if (made->rows > 0) {
    block.setFirstRow(row_);
    block.setRows(static_cast<std::uint32_t>(made->rows));
    block.setOffset(offset_);
    block.setFirstLine(line_);
    block.setLines(static_cast<std::uint32_t>(made->lines));
    data.truncate(static_cast<capnp::uint>(made->bytes));
    block.adoptText(kj::mv(data));
    out.block = std::move(building).finish();
  }
  offset_ += made->bytes;
  row_ += made->rows;
  line_ += made->lines;
  return out;
}

void RecordBlocks::publish() {
  std::uint64_t here = file_ < files_.size() && files_[file_].open ? files_[file_].open->taken() : 0;
  bytes_done_.store(before_ + here, std::memory_order_relaxed);
  rows_done_.store(row_, std::memory_order_relaxed);
}

Extent RecordBlocks::extent() const {
  return {bytes_done_.load(std::memory_order_relaxed), rows_done_.load(std::memory_order_relaxed)};
}

std::string RecordBlocks::paths() const {
  std::string all;
  for (const std::string& path : given_.given) {
    all += (all.empty() ? "" : ", ") + (is_standard_input(path) ? std::string(kStandardInput) : path);
  }
  return all;
}

std::string RecordBlocks::identity(std::size_t file, bool lasting) const {
  auto of = [lasting](const File& one) -> const std::string& { return lasting ? one.lasting_identity : one.identity; };
  const File& read = files_[std::min(file, files_.size() - 1)];
  if (files_.size() == 1) return of(read);
  std::string all;
  for (const File& each : files_) all += of(each) + '\n';
  return of(read) + " of " + std::to_string(files_.size()) + " files " +
         std::to_string(XXH3_64bits(all.data(), all.size()));
}

std::optional<SourcePosition> RecordBlocks::position() const {
  bool regular = std::all_of(files_.begin(), files_.end(), [](const File& file) { return file.regular; });
  if (!regular) return std::nullopt;
  bool coming = std::any_of(files_.begin(), files_.end(), [](const File& file) { return file.coming; });
  return SourcePosition{identity(file_, coming), std::to_string(file_) + " " + std::to_string(offset_) + " " +
                                             std::to_string(row_) + " " + std::to_string(line_)};
}

Result<void> RecordBlocks::seek(const SourcePosition& to) {
  std::uint64_t found[4];
  const char* at = to.at.data();
  const char* end = at + to.at.size();
  for (std::uint64_t& number : found) {
    auto read = std::from_chars(at, end, number);
    if (read.ec != std::errc()) return invalid(paths() + ": \"" + to.at + "\" is no position in it: begin again");
    at = read.ptr + (read.ptr != end);
  }
  // Of one that was coming then its time of change says nothing.
  auto now = identity(static_cast<std::size_t>(found[0]), false);
  if (to.identity != now && to.identity != identity(static_cast<std::size_t>(found[0]), true)) {
    return invalid(paths() + ": is not the file any more that was read before (name, size, time of change: then " +
                   to.identity + ", now " + now + "): put it back, or begin again");
  }
  std::size_t file = static_cast<std::size_t>(found[0]);
  bool plain = file < files_.size() && files_[file].plain;
  if (file > files_.size() || (plain && found[1] > files_[file].lies)) {
    return invalid(paths() + ": the position " + to.at + " is beyond its end, " +
                   std::to_string(file < files_.size() ? files_[file].lies : bytes_) + " bytes: begin again");
  }
  if (file_ < files_.size() && file_ != file) files_[file_].open.reset();
  file_ = file;
  offset_ = found[1];
  row_ = found[2];
  line_ = found[3];
  before_ = 0;
  for (std::size_t i = 0; i < file; ++i) before_ += files_[i].lies;
  if (file < files_.size() && files_[file].open) files_[file].open->seek(offset_);
  publish();
  return {};
}

}  // namespace leat
