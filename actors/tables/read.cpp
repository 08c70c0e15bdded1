#include <leat/actors/tables/read.hpp>

#include <leat/actors/input/bytes.hpp>
#include <leat/actors/input/narrow_source.hpp>
#include <leat/actors/tables/copy.hpp>
#include <leat/actors/tables/file.hpp>
#include <leat/chunk/validate.hpp>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <optional>

namespace leat::tables {
namespace {

constexpr std::uint64_t kMostIndex = std::uint64_t{64} << 20;
constexpr std::uint64_t kMostMessage = std::uint64_t{1} << 30;
constexpr std::uint64_t kMostBefore = 4096;  // bytes before a chunk that are read at once
constexpr std::size_t kMostLeftOut = 2048;   // chunks in one pull: some 10 ms

class ReadSource final : public Source {
 public:
  explicit ReadSource(std::string path) : path_(std::move(path)) {}

  Result<Description> probe() override {
    auto opened = InputBytes::open(path_);
    if (!opened) return opened.error();
    if (!opened->regular()) return invalid(path_ + ": is no regular file: a file of Tables is read from any place in it");
    if (opened->size() == 0) return failed(path_ + ": the file is empty");
    file_ = std::move(*opened);
    if (auto read = read_index(); !read) return read.error().in(path_);
    narrowed_.reset();
    go_to({kLine, 0, 0});
    Description out;
    out.fields = index_.fields;
    out.bytes = file_.size();
    out.rows = index_.rows;
    out.max_chunk = Pool::footprint(index_.most_bytes);
    out.notes = {{"path", path_}};
    return out;
  }

  void narrow(const Fields& columns) override {
    narrowed_.emplace();
    for (std::size_t i = 0; i < index_.fields.size(); ++i) {
      if (find_field(columns, index_.fields[i].name)) narrowed_->push_back({i});
    }
    if (narrowed_->size() == index_.fields.size()) narrowed_.reset();
  }

  Result<Step> pull(Outbox& out) override {
    auto record = next_of_use(out);
    if (!record) return damaged(record.error());
    if (at_.number == index_.chunks) return Step::done;
    if (!*record) return Step::more;
    file_.read_ahead(at_.offset);
    auto chunk = narrowed_ ? read_some(**record, out.pool()) : read_all(**record, out.pool());
    if (!chunk) return damaged(chunk.error());
    out.emit(std::move(*chunk));
    go_past(**record);
    return at_.number == index_.chunks ? Step::done : Step::more;
  }

  Extent extent() const override {
    return {bytes_done_.load(std::memory_order_relaxed), rows_done_.load(std::memory_order_relaxed)};
  }

  Result<std::optional<SourcePosition>> position() const override {
    return std::optional<SourcePosition>({file_.identity(), std::to_string(at_.number) + " " + std::to_string(at_.offset) +
                                                                " " + std::to_string(at_.rows)});
  }

  Result<void> seek(const SourcePosition& to) override {
    if (to.identity != file_.identity()) {
      return invalid(path_ + ": is not the file any more that was read before (name, size, time of change: then " +
                     to.identity + ", now " + file_.identity() + "): put it back, or begin again");
    }
    std::uint64_t found[3] = {};
    const char* at = to.at.data();
    const char* end = at + to.at.size();
    bool good = true;
    for (std::uint64_t& number : found) {
      auto read = std::from_chars(at, end, number);
      good = good && read.ec == std::errc();
      at = read.ptr + (read.ptr != end);
    }
    good = good && found[0] <= index_.chunks && found[1] <= end_ && found[1] >= kLine && found[2] <= index_.rows;
    if (!good) return invalid(path_ + ": \"" + to.at + "\" is no position in it: begin again");
    go_to({found[1], found[0], found[2]});
    return {};
  }

 private:
  struct At {
    std::uint64_t offset = kLine;
    std::uint64_t number = 0;
    std::uint64_t rows = 0;
  };

  void go_to(At at) {
    at_ = at;
    bytes_done_.store(at_.number == index_.chunks ? file_.size() : at_.offset, std::memory_order_relaxed);
    rows_done_.store(at_.rows, std::memory_order_relaxed);
  }

  void go_past(const Record& record) {
    go_to({at_.offset + record.extent(), at_.number + 1, at_.rows + record.rows});
  }

  // The next chunk's, past those that are of no use below; none at the end, and after many of them.
  Result<std::optional<Record>> next_of_use(Outbox& out) {
    auto cutoff = out.cutoff();
    auto column = cutoff ? find_field(index_.fields, cutoff->column) : std::nullopt;
    std::uint64_t left_out = 0;
    std::optional<Record> found;
    for (std::size_t looked = 0; !found && looked < kMostLeftOut && at_.number < index_.chunks; ++looked) {
      auto record = read_record();
      if (!record) return record.error();
      if (column && ranges(*record).leave_out(*cutoff, *column)) {
        left_out += record->rows;
        go_past(*record);
      } else {
        found = *record;
      }
    }
    if (left_out > 0) out.count("rows left out", left_out);
    return found;
  }

  bool ranged(const Record& record) const { return record.ranged == 0 || record.ranged == index_.fields.size(); }

  // Of the chunk in hand.
  Ranges ranges(const Record& record) const {
    return Ranges(sums().subspan(pieces(record.bytes), range_words(record.ranged)));
  }

  Error damaged(const Error& error) const {
    if (error.kind != ErrorKind::corrupt) return error;
    return corrupt(path_ + ": chunk " + std::to_string(at_.number) + ", at byte " + std::to_string(at_.offset) + ": " +
                   error.sentence + "; write the file again, or copy it anew");
  }

  Result<void> read(std::byte* to, std::size_t bytes, std::uint64_t offset) const {
    return file_.read(reinterpret_cast<char*>(to), bytes, offset);
  }

  Result<void> read_index() {
    std::byte head[kLine] = {};
    std::byte tail[kTail] = {};
    if (auto got = read(head, std::min<std::uint64_t>(kLine, file_.size()), 0); !got) return got;
    if (auto is = check_head(head); !is) return is;
    if (file_.size() < kLine + kTail) return Tail::of({}).error();
    std::uint64_t from = file_.size() - kTail;
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
  Result<Record> read_record() {
    if (at_.offset > end_ || end_ - at_.offset < kLine) return corrupt("the index is in its place");
    const Record largest{.bytes = index_.most_bytes, .ranged = static_cast<std::uint32_t>(index_.fields.size())};
    std::uint64_t first = std::min({end_ - at_.offset, kLine + largest.sums_bytes(), kMostBefore}) / 8 * 8;
    before_.resize(first / 8);
    if (auto got = read(memory_before(0), first, at_.offset); !got) return got.error();
    auto record = Record::of({memory_before(0), kLine});
    if (!record) return record;
    bool sound = record->number == at_.number && record->bytes > 0 && record->bytes <= index_.most_bytes &&
                 record->structure > 0 && record->bytes % 8 == 0 && ranged(*record) &&
                 record->extent() <= end_ - at_.offset;
    if (!sound) return corrupt("its beginning is another chunk's");
    std::uint64_t all = kLine + record->sums_bytes();
    before_.resize(all / 8);
    if (all > first) {
      if (auto got = read(memory_before(first), all - first, at_.offset + first); !got) return got.error();
    }
    bool same = checksum({memory_before(kLine), record->sums_bytes()}) == record->sums;
    return same ? record : corrupt("its checksums are damaged");
  }

  std::byte* memory_before(std::uint64_t at) { return reinterpret_cast<std::byte*>(before_.data()) + at; }
  // Checksums and ranges of the chunk in hand.
  std::span<const std::uint64_t> sums() const { return std::span(before_).subspan(kLine / 8); }

  static Chunk blank(Pool& pool, std::uint64_t bytes) {
    Block* block = pool.allocate(bytes, 0);
    block->used = bytes;
    block->type = Message<schema::Table>::payload_type().id;
    return Chunk(block);
  }

  // The pieces [first, end) of the message, into their places.
  Result<void> read_pieces(const Record& record, std::byte* message, std::uint64_t first, std::uint64_t end) const {
    std::uint64_t from = first * kPiece;
    std::uint64_t to = std::min(end * kPiece, record.bytes);
    std::uint64_t begins = at_.offset + kLine + record.sums_bytes();
    if (auto got = read(message + from, to - from, begins + from); !got) return got;
    for (std::uint64_t piece = first; piece < end; ++piece) {
      std::uint64_t at = piece * kPiece;
      if (checksum({message + at, std::min(kPiece, record.bytes - at)}) != sums()[piece]) {
        return corrupt("its checksum is another: it is damaged");
      }
    }
    return {};
  }

  Result<Chunk> read_all(const Record& record, Pool& pool) const {
    Chunk chunk = blank(pool, record.bytes);
    if (auto got = read_pieces(record, memory_of(chunk), 0, pieces(record.bytes)); !got) return got.error();
    if (auto sound = validate(chunk); !sound) return sound.error();
    if (auto same = as_indexed(record, Table(chunk)); !same) return same.error();
    return chunk;
  }

  static std::byte* memory_of(const Chunk& chunk) { return const_cast<std::byte*>(chunk.message().data()); }

  // Structure first, which says where the columns lie.
  Result<Chunk> read_some(const Record& record, Pool& pool) const {
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
        if (auto got = read_pieces(record, message, first, piece); !got) return got;
      }
      return {};
    };
    if (auto got = fetch(0, record.structure); !got) return got.error();
    if (auto sound = validate_message(whole.message()); !sound) return sound.error();
    Table table(whole);
    if (auto same = as_indexed(record, table); !same) return same.error();
    auto ranges = copied_ranges(table, *narrowed_);
    if (!ranges) return std::move(ranges).error();
    auto body = static_cast<std::uint64_t>(
        reinterpret_cast<const std::byte*>(whole.root<schema::Table>().getBody().begin()) - message);
    for (const BodyRange& range : *ranges) {
      if (auto got = fetch(body + range.offset, range.bytes); !got) return got.error();
    }
    std::uint64_t rounded = 0;
    auto copied = copy_columns(pool, table, *narrowed_, rounded);
    if (!copied) return std::move(copied).error();
    if (auto sound = validate(copied->chunk()); !sound) return sound.error();
    return std::move(*copied).chunk();
  }

  Result<void> as_indexed(const Record& record, const Table& table) const {
    bool same = table.rows() == record.rows && table.columns() == index_.fields.size();
    for (std::size_t i = 0; same && i < index_.fields.size(); ++i) {
      same = table.name(i) == index_.fields[i].name && table.type(i) == index_.fields[i].type;
    }
    return same ? Result<void>() : corrupt("its columns are not those of the index");
  }

  std::string path_;
  InputBytes file_;
  Index index_;
  std::uint64_t end_ = 0;  // of the chunks, where the index begins
  std::optional<std::vector<CopiedColumn>> narrowed_;
  At at_;
  std::vector<std::uint64_t> before_;  // what stands before the chunk in hand
  std::atomic<std::uint64_t> bytes_done_{0};
  std::atomic<std::uint64_t> rows_done_{0};
};

struct ReadingFrom {
  std::string path;
};

OptionsOf<ReadingFrom> options() {
  return OptionsOf<ReadingFrom>().needs(
      &ReadingFrom::path, {.name = "path", .type = OptionType::path, .sentence = "a file that tables.write wrote"});
}

}  // namespace

Kind<Table> read(std::string path) {
  auto kind = stage_kind<Table>("tables.read", options().of({path}));
  kind.reads_from = {path};
  kind.narrow = [](const std::vector<Description>& inputs, const ColumnNames& wanted) -> Result<Described> {
    auto made = narrow_source(inputs[0], wanted);
    // The chunk that columns are taken from.
    made.needs.state = inputs[0].max_chunk;
    return made;
  };
  kind.source = [path] { return std::make_unique<ReadSource>(path); };
  return kind;
}

DeclaredKind declared_read() {
  return declared_kind("Reads a file that tables.write wrote.", options(),
                       [](const ReadingFrom& from) { return read(from.path); });
}

}  // namespace leat::tables
