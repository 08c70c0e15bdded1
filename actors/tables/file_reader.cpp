#include <leat/actors/tables/file_reader.hpp>

#include <leat/chunk/validate.hpp>

#include <algorithm>

namespace leat::tables {
namespace {

constexpr std::uint64_t kMostIndex = std::uint64_t{64} << 20;
constexpr std::uint64_t kMostMessage = std::uint64_t{1} << 30;

Error damaged(const ChunkPlace& at, const Error& error) {
  if (error.kind != ErrorKind::corrupt) return error;
  return corrupt("chunk " + std::to_string(at.number) + ", at byte " + std::to_string(at.offset) + ": " + error.sentence +
                 "; write the file again, or copy it anew");
}

Chunk blank(Pool& pool, std::uint64_t bytes) {
  Block* block = pool.allocate(bytes, 0);
  block->used = bytes;
  block->type = Message<schema::Table>::payload_type().id;
  return Chunk(block);
}

std::byte* memory_of(const Chunk& chunk) { return const_cast<std::byte*>(chunk.message().data()); }

}  // namespace

Result<FileReader> FileReader::open(InputBytes bytes) {
  if (!bytes.regular()) return invalid("is no regular file: a file of Tables is read from any place in it");
  if (bytes.size() == 0) return corrupt("the file is empty");
  FileReader file(std::move(bytes));
  if (auto read = file.read_index(); !read) return std::move(read).error();
  return file;
}

Result<Record> FileReader::record(const ChunkPlace& at) {
  auto record = read_record(at);
  return record ? std::move(record) : damaged(at, record.error());
}

Ranges FileReader::ranges(const Record& record) const {
  return Ranges(sums().subspan(pieces(record.bytes), range_words(record.ranged)));
}

Result<Chunk> FileReader::chunk(const ChunkPlace& at, const Record& record, Pool& pool) const {
  auto chunk = read_all(at, record, pool);
  return chunk ? std::move(chunk) : damaged(at, chunk.error());
}

Result<Chunk> FileReader::chunk(const ChunkPlace& at, const Record& record, const std::vector<CopiedColumn>& columns,
                               Pool& pool) const {
  auto chunk = read_some(at, record, columns, pool);
  return chunk ? std::move(chunk) : damaged(at, chunk.error());
}

Result<void> FileReader::read(std::byte* to, std::size_t bytes, std::uint64_t offset) const {
  return bytes_.read(reinterpret_cast<char*>(to), bytes, offset);
}

Result<void> FileReader::read_index() {
  std::byte head[kLine] = {};
  std::byte tail[kTail] = {};
  if (auto got = read(head, std::min<std::uint64_t>(kLine, bytes_.size()), 0); !got) return got;
  if (auto is = check_head(head); !is) return is;
  if (bytes_.size() < kLine + kTail) return Tail::of({}).error();
  std::uint64_t from = bytes_.size() - kTail;
  if (auto got = read(tail, kTail, from); !got) return got;
  auto where = Tail::of(tail);
  if (!where) return where.error();
  end_ = where->index;
  std::uint64_t bytes = from - std::min(from, end_);
  if (end_ < kLine || bytes > kMostIndex) return index_of({}, *where).error();
  std::vector<std::uint64_t> words(bytes / 8);
  auto space = std::as_writable_bytes(std::span(words));
  if (bytes % 8 != 0) return index_of({}, *where).error();
  if (auto got = read(space.data(), space.size(), end_); !got) return got;
  auto index = index_of(space, *where);
  if (!index) return std::move(index).error();
  index_ = std::move(*index);
  return index_.most_bytes <= kMostMessage ? Result<void>() : index_of({}, *where).error();
}

// With as much at once as stands before the largest chunk: of one that is left out a call is all it takes.
Result<Record> FileReader::read_record(const ChunkPlace& at) {
  if (at.offset > end_ || end_ - at.offset < kLine) return corrupt("the index is in its place");
  const Record largest{.bytes = index_.most_bytes, .ranged = static_cast<std::uint32_t>(index_.fields.size())};
  std::uint64_t first = std::min<std::uint64_t>({end_ - at.offset, kLine + largest.sums_bytes(), kMostBefore}) / 8 * 8;
  before_.resize(first / 8);
  if (auto got = read(memory_before(0), first, at.offset); !got) return got.error();
  auto record = Record::of({memory_before(0), kLine});
  if (!record) return record;
  bool sound = record->number == at.number && record->bytes > 0 && record->bytes <= index_.most_bytes &&
               record->structure > 0 && record->bytes % 8 == 0 && ranged(*record) && record->extent() <= end_ - at.offset;
  if (!sound) return corrupt("its beginning is another chunk's");
  std::uint64_t all = kLine + record->sums_bytes();
  before_.resize(all / 8);
  if (all > first) {
    if (auto got = read(memory_before(first), all - first, at.offset + first); !got) return got.error();
  }
  bool same = checksum({memory_before(kLine), record->sums_bytes()}) == record->sums;
  return same ? record : corrupt("its checksums are damaged");
}

// The pieces [first, end) of the message, into their places.
Result<void> FileReader::read_pieces(const ChunkPlace& at, const Record& record, std::byte* message, std::uint64_t first,
                                    std::uint64_t end) const {
  std::uint64_t from = first * kPiece;
  std::uint64_t to = std::min(end * kPiece, record.bytes);
  std::uint64_t begins = at.offset + kLine + record.sums_bytes();
  if (auto got = read(message + from, to - from, begins + from); !got) return got;
  for (std::uint64_t piece = first; piece < end; ++piece) {
    std::uint64_t start = piece * kPiece;
    if (checksum({message + start, std::min<std::uint64_t>(kPiece, record.bytes - start)}) != sums()[piece]) {
      return corrupt("its checksum is another: it is damaged");
    }
  }
  return {};
}

Result<Chunk> FileReader::read_all(const ChunkPlace& at, const Record& record, Pool& pool) const {
  Chunk chunk = blank(pool, record.bytes);
  if (auto got = read_pieces(at, record, memory_of(chunk), 0, pieces(record.bytes)); !got) return got.error();
  if (auto sound = validate(chunk); !sound) return sound.error();
  if (auto same = as_indexed(record, Table(chunk)); !same) return same.error();
  return chunk;
}

// Structure first, which says where the columns lie.
Result<Chunk> FileReader::read_some(const ChunkPlace& place, const Record& record, const std::vector<CopiedColumn>& columns,
                                   Pool& pool) const {
  Chunk whole = blank(pool, record.bytes);
  std::byte* message = memory_of(whole);
  std::vector<bool> there(pieces(record.bytes));
  auto fetch = [&](std::uint64_t from, std::uint64_t bytes) -> Result<void> {
    std::uint64_t end = pieces(std::min(from + bytes, record.bytes));
    for (std::uint64_t piece = from / kPiece; piece < end;) {
      if (there[piece]) {
        ++piece;
        continue;
      }
      std::uint64_t first = piece;
      while (piece < end && !there[piece]) there[piece++] = true;
      if (auto got = read_pieces(place, record, message, first, piece); !got) return got;
    }
    return {};
  };
  if (auto got = fetch(0, record.structure); !got) return got.error();
  if (auto sound = validate_message(whole.message()); !sound) return sound.error();
  Table table(whole);
  if (auto same = as_indexed(record, table); !same) return same.error();
  auto ranges = copied_ranges(table, columns);
  if (!ranges) return std::move(ranges).error();
  auto body = static_cast<std::uint64_t>(
      reinterpret_cast<const std::byte*>(whole.root<schema::Table>().getBody().begin()) - message);
  for (const BodyRange& range : *ranges) {
    if (auto got = fetch(body + range.offset, range.bytes); !got) return got.error();
  }
  std::uint64_t rounded = 0;
  auto copied = copy_columns(pool, table, columns, rounded);
  if (!copied) return std::move(copied).error();
  if (auto sound = validate(copied->chunk()); !sound) return sound.error();
  return std::move(*copied).chunk();
}

Result<void> FileReader::as_indexed(const Record& record, const Table& table) const {
  bool same = table.rows() == record.rows && table.columns() == index_.fields.size();
  for (std::size_t i = 0; same && i < index_.fields.size(); ++i) {
    same = table.name(i) == index_.fields[i].name && table.type(i) == index_.fields[i].type;
  }
  return same ? Result<void>() : corrupt("its columns are not those of the index");
}

}  // namespace leat::tables
