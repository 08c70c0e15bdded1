#include <leat/actors/sqlite/read.hpp>

#include <leat/actors/input/narrow_source.hpp>
#include <leat/actors/sqlite/rows.hpp>

#include <algorithm>
#include <atomic>
#include <charconv>

#include <sys/stat.h>

namespace leat::sqlite {
namespace {

constexpr std::size_t kCells = std::size_t{192} << 10;  // of a chunk
constexpr std::size_t kHeap = std::size_t{128} << 10;
constexpr std::size_t kMostRows = 64 * 1024;

// Of a file that is not there: nothing.
std::string changed(const std::string& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0 || found.st_size == 0) return "0 0";
  return std::to_string(found.st_size) + " " +
         std::to_string(std::int64_t{found.st_mtim.tv_sec} * 1'000'000'000 + found.st_mtim.tv_nsec);
}

class ReadSource final : public Source {
 public:
  explicit ReadSource(Reading reading) : reading_(std::move(reading)) {}

  Result<Description> probe() override {
    auto rows = Rows::open(reading_);
    if (!rows) return std::move(rows).error();
    rows_.emplace(std::move(*rows));
    identity_ = reading_.path + " " + changed(reading_.path) + " " + changed(reading_.path + "-wal");
    place_ = {};
    done_ = 0;
    selected_ = false;
    size();
    Description out;
    out.fields = fields_;
    out.max_chunk = most();
    out.notes = {{"path", reading_.path}};
    return out;
  }

  void narrow(const Fields& columns) override {
    rows_->narrow(columns);
    size();
  }

  Result<Step> pull(Outbox& out) override {
    if (!selected_) {
      if (auto selected = select(); !selected) return selected.error();
    }
    auto table = gather(out.pool());
    if (!table) return std::move(table).error();
    if (*table) out.emit(std::move(*table));
    done_.store(place_.row, std::memory_order_relaxed);
    return waiting_ ? Step::more : Step::done;
  }

  Extent extent() const override { return {0, done_.load(std::memory_order_relaxed)}; }

  Result<std::optional<SourcePosition>> position() const override {
    std::string at = std::to_string(place_.row);
    if (rows_->has_rowid()) at += " " + std::to_string(place_.rowid);
    return std::optional<SourcePosition>({identity_, at});
  }

  Result<void> seek(const SourcePosition& to) override {
    if (to.identity != identity_) {
      return invalid(reading_.path + ": is not the database any more that was read before (name, size, time of change: "
                     "then " + to.identity + ", now " + identity_ + "): put it back, or begin again");
    }
    Place place;
    const char* end = to.at.data() + to.at.size();
    auto read = std::from_chars(to.at.data(), end, place.row);
    bool good = read.ec == std::errc();
    if (good && rows_->has_rowid()) {
      good = read.ptr != end;
      if (good) read = std::from_chars(read.ptr + 1, end, place.rowid);
    }
    if (!good || read.ec != std::errc() || read.ptr != end) {
      return invalid(reading_.path + ": \"" + to.at + "\" is no position in it: begin again");
    }
    place_ = place;
    selected_ = false;
    done_.store(place_.row, std::memory_order_relaxed);
    return {};
  }

 private:
  void size() {
    fields_.clear();
    for (const ReadColumn& column : rows_->columns()) fields_.push_back(column.field);
    std::size_t bytes = 1;
    has_texts_ = false;
    for (const Field& field : fields_) {
      bytes += cell_bytes(field.type);
      has_texts_ = has_texts_ || in_heap(field.type);
    }
    most_rows_ = std::clamp<std::size_t>(kCells / bytes, 1, kMostRows);
  }

  std::uint64_t most() const {
    std::size_t one = has_texts_ ? reading_.max_row : 0;
    std::uint64_t usual = TableBuilder::footprint(fields_, {.rows = most_rows_, .heap = has_texts_ ? kHeap : 0});
    return std::max<std::uint64_t>(usual, TableBuilder::footprint(fields_, {.rows = 1, .heap = one}));
  }

  Result<void> select() {
    if (auto selected = rows_->select_after(place_); !selected) return selected;
    cells_ = Cells(rows_->statement().get(), rows_->columns());
    selected_ = true;
    return go_on();
  }

  // To the next row, and looks at its texts.
  Result<void> go_on() {
    auto more = rows_->statement().step();
    if (!more) return std::move(more).error();
    waiting_ = *more;
    if (!waiting_) return {};
    auto texts = cells_.look();
    if (!texts) return at_row(texts.error());
    texts_ = *texts;
    if (texts_ <= reading_.max_row) return {};
    return at_row(corrupt("its texts and blobs are " + std::to_string(texts_) + " bytes, more than max_row, " +
                          std::to_string(reading_.max_row) + ": raise it"));
  }

  Error at_row(const Error& error) const {
    std::string row = reading_.path + ": row " + std::to_string(place_.row + 1);
    if (rows_->has_rowid()) row += " (rowid " + std::to_string(rows_->rowid()) + ")";
    return error.in(row);
  }

  // The next chunk, where the statement is at its first row; empty at the end.
  Result<Chunk> gather(Pool& pool) {
    if (!waiting_) return Chunk();
    bool large = texts_ > kHeap;
    std::size_t heap = large ? texts_ : kHeap;
    std::size_t room = large ? 1 : most_rows_;
    TableBuilder builder(pool, fields_, {.rows = room, .heap = has_texts_ ? heap : 0});
    std::uint64_t first = place_.row;
    std::size_t rows = 0;
    for (std::size_t left = heap; waiting_ && rows < room && texts_ <= left; ++rows) {
      left -= texts_;
      if (auto put = cells_.put(builder, rows); !put) return at_row(put.error());
      place_ = {place_.row + 1, rows_->rowid()};
      if (auto next = go_on(); !next) return next.error();
    }
    return std::move(builder).finish(rows, first).chunk();
  }

  Reading reading_;
  std::string identity_;
  std::optional<Rows> rows_;
  Cells cells_;
  Fields fields_;
  bool has_texts_ = false;
  std::size_t most_rows_ = 1;
  Place place_;            // after all that was given
  bool selected_ = false;  // the statement goes on from there
  bool waiting_ = false;   // it is at a row that was not given yet
  std::size_t texts_ = 0;  // of that row, in bytes
  std::atomic<std::uint64_t> done_{0};
};

Choices<ColumnType> types() {
  Choices<ColumnType> all;
  for (ColumnType type : {ColumnType::F64, ColumnType::F32, ColumnType::F16, ColumnType::I64, ColumnType::I32,
                          ColumnType::BOOL, ColumnType::TEXT, ColumnType::BYTES, ColumnType::TIMESTAMP}) {
    all.emplace_back(type_name(type), type);
  }
  return all;
}

OptionsOf<Reading> options() {
  return OptionsOf<Reading>()
      .needs(&Reading::path, {.name = "path", .type = OptionType::path, .sentence = "the database"})
      .takes(&Reading::table, {.name = "table", .sentence = "the table or view to read", .fallback = "what query gives"})
      .takes(&Reading::query, {.name = "query", .sentence = "a SELECT, in place of a table", .fallback = "the whole table"})
      .takes(&Reading::types, {.name = "types", .sentence = "types of columns", .fallback = "as declared, else as the rows have them"}, types())
      .takes(&Reading::max_row, {.name = "max_row", .type = OptionType::bytes, .sentence = "most text and blobs in a row",
                                 .unit = "bytes", .least = 1024, .most = 256 * 1024 * 1024})
      .takes(&Reading::wait, {.name = "wait", .sentence = "how long to wait for another process's lock", .unit = "seconds",
                              .most = 1e6});
}

}  // namespace

Kind<Table> read(Reading reading) {
  auto kind = stage_kind<Table>("sqlite.read", options().of(reading));
  if (reading.table.has_value() == reading.query.has_value() && !kind.wrong_options) {
    kind.wrong_options = invalid("sqlite.read needs either a table or a query: give one of them");
  }
  kind.reads_from = {reading.path};
  kind.narrow = [](const std::vector<Description>& inputs, const ColumnNames& wanted) -> Result<Described> {
    return narrow_source(inputs[0], wanted);
  };
  kind.source = [reading = std::move(reading)] { return std::make_unique<ReadSource>(reading); };
  return kind;
}

DeclaredKind declared_read() {
  return declared_kind("Reads the rows of a SQLite table or query.", options(),
                       [](Reading reading) { return read(std::move(reading)); });
}

}  // namespace leat::sqlite
