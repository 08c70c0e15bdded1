#include <leat/actors/tables/read.hpp>

#include <leat/actors/input/narrow_source.hpp>
#include <leat/actors/tables/file_reader.hpp>

#include <atomic>
#include <charconv>
#include <optional>

namespace leat::tables {
namespace {

constexpr std::size_t kMostLeftOut = 2048;  // chunks in one pull: some 10 ms

class ReadSource final : public Source {
 public:
  explicit ReadSource(std::string path) : path_(std::move(path)) {}

  Result<Description> probe() override {
    auto bytes = InputBytes::open(path_);
    if (!bytes) return bytes.error();
    auto opened = FileReader::open(std::move(*bytes));
    if (!opened) return opened.error().in(path_);
    file_.emplace(std::move(*opened));
    narrowed_.reset();
    go_to({});
    Description out;
    out.fields = index().fields;
    out.bytes = file_->bytes().size();
    out.rows = index().rows;
    out.max_chunk = Pool::footprint(index().most_bytes);
    out.notes = {{"path", path_}};
    return out;
  }

  void narrow(const Fields& columns) override {
    narrowed_.emplace();
    for (std::size_t i = 0; i < index().fields.size(); ++i) {
      if (find_field(columns, index().fields[i].name)) narrowed_->push_back({i});
    }
    if (narrowed_->size() == index().fields.size()) narrowed_.reset();
  }

  Result<Step> pull(Outbox& out) override {
    auto record = next_of_use(out);
    if (!record) return of_file(record.error());
    if (at_.number == index().chunks) return Step::done;
    if (!*record) return Step::more;
    file_->read_ahead(at_.offset);
    auto chunk = narrowed_ ? file_->chunk(at_, **record, *narrowed_, out.pool()) : file_->chunk(at_, **record, out.pool());
    if (!chunk) return of_file(chunk.error());
    out.emit(std::move(*chunk));
    go_to(at_.after(**record));
    return at_.number == index().chunks ? Step::done : Step::more;
  }

  Extent extent() const override {
    return {bytes_done_.load(std::memory_order_relaxed), rows_done_.load(std::memory_order_relaxed)};
  }

  Result<std::optional<SourcePosition>> position() const override {
    return std::optional<SourcePosition>({file_->bytes().identity(), std::to_string(at_.number) + " " +
                                                                         std::to_string(at_.offset) + " " +
                                                                         std::to_string(at_.rows)});
  }

  Result<void> seek(const SourcePosition& to) override {
    const std::string identity = file_->bytes().identity();
    if (to.identity != identity) {
      return invalid(path_ + ": is not the file any more that was read before (name, size, time of change: then " +
                     to.identity + ", now " + identity + "): put it back, or begin again");
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
    good = good && found[0] <= index().chunks && found[1] <= file_->end() && found[1] >= kLine && found[2] <= index().rows;
    if (!good) return invalid(path_ + ": \"" + to.at + "\" is no position in it: begin again");
    go_to({found[1], found[0], found[2]});
    return {};
  }

 private:
  const Index& index() const { return file_->index(); }

  void go_to(ChunkPlace at) {
    at_ = at;
    bytes_done_.store(at_.number == index().chunks ? file_->bytes().size() : at_.offset, std::memory_order_relaxed);
    rows_done_.store(at_.rows, std::memory_order_relaxed);
  }

  // The next chunk's, past those that are of no use below; none at the end, and after many of them.
  Result<std::optional<Record>> next_of_use(Outbox& out) {
    auto cutoff = out.cutoff();
    auto column = cutoff ? find_field(index().fields, cutoff->column) : std::nullopt;
    std::uint64_t left_out = 0;
    std::optional<Record> found;
    for (std::size_t looked = 0; !found && looked < kMostLeftOut && at_.number < index().chunks; ++looked) {
      auto record = file_->record(at_);
      if (!record) return record.error();
      if (column && file_->ranges(*record).leave_out(*cutoff, *column)) {
        left_out += record->rows;
        go_to(at_.after(*record));
      } else {
        found = *record;
      }
    }
    if (left_out > 0) out.count("rows left out", left_out);
    return found;
  }

  // What is said of reading itself names the file already.
  Error of_file(const Error& error) const { return error.kind == ErrorKind::corrupt ? error.in(path_) : error; }

  std::string path_;
  std::optional<FileReader> file_;
  std::optional<std::vector<CopiedColumn>> narrowed_;
  ChunkPlace at_;
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
