#include <leat/actors/text/lines.hpp>

#include <leat/actors/csv/complaint.hpp>
#include <leat/actors/input/block_tables.hpp>
#include <leat/actors/text/line_scan.hpp>
#include <leat/chunk/table_builder.hpp>
#include <leat/schemas/csv.capnp.h>

#include <simdjson.h>

#include <algorithm>
#include <cstring>

namespace leat::text {
namespace {

constexpr std::size_t kMostBytes = 256 * 1024 * 1024;
constexpr double kMostWindowBytes = 2147483648;  // what zstd has at most
constexpr std::size_t kBody = 512 * 1024;
constexpr std::size_t kFewRows = 8;
constexpr std::string_view kMark = "\xEF\xBB\xBF";

// As many as fit 512 KiB with their text.
std::size_t most_rows(std::size_t bytes) {
  return std::max(kFewRows, (kBody - std::min(bytes, kBody / 2)) / sizeof(Span));
}

Result<RecordBlocks::Start> past_mark(InputFile& file, std::size_t) {
  char first[kMark.size()];
  auto got = file.read_whole(first, sizeof first);
  if (!got) return got.error();
  std::string_view read(first, *got);
  file.begin_again(read);
  return RecordBlocks::Start{read == kMark ? kMark.size() : 0, 1};
}

class LineSource final : public BlockTables {
 public:
  LineSource(InputPaths paths, const LineOptions& options)
      : BlockTables(std::move(paths), {.block_bytes = options.block_bytes,
                                        .max_record = options.max_line,
                                        .max_window = options.max_window},
                    [most = std::max(options.max_line, options.block_bytes)](const RecordBlocks::Piece& piece) {
                      return cut_lines(piece, most);
                    }),
        fields_{{options.column, options.type}} {}

  Result<Description> probe() override {
    if (auto opened = blocks_.open(past_mark); !opened) return opened.error();
    Description out;
    out.fields = fields_;
    out.bytes = blocks_.bytes();
    out.state = state();
    out.max_chunk = std::max(TableBuilder::footprint(fields_, {.rows = most_rows(0)}),
                             TableBuilder::footprint(fields_, {.rows = most_rows(kBody / 2), .heap = blocks_.max_chunk()}));
    out.notes = {{"path", blocks_.paths()}};
    return out;
  }

 private:
  Result<Step> make(const Chunk& chunk, std::uint64_t& position, Outbox& out) override {
    auto block = chunk.root<schema::CsvBlock>();
    auto data = block.getText();
    std::string_view text(reinterpret_cast<const char*>(data.begin()), data.size());
    // Lines done in the low half, bytes done in the high half.
    std::uint64_t row = position & 0xffffffff;
    std::string_view rest = text.substr(static_cast<std::size_t>(position >> 32));
    std::string_view some = rest.substr(0, split_lines(rest, most_rows(text.size()), lines_));
    if (auto ok = is_text(some, {block.getPath().cStr(), block.getFirstLine() + row}); !ok) return ok.error();
    TableBuilder builder(out.pool(), fields_, {.rows = lines_.size(), .heap = some.size()});
    builder.put_all(0, some, lines_);
    out.count("rows", lines_.size());
    out.emit(std::move(builder).finish(lines_.size(), block.getFirstRow() + row).chunk());
    row += lines_.size();
    position = (position + (std::uint64_t{some.size()} << 32)) >> 32 << 32 | row;
    return some.size() < rest.size() ? Step::more : Step::done;
  }

  Result<void> is_text(std::string_view text, const std::pair<std::string, std::uint64_t>& at) const;

  Fields fields_;
  std::vector<Span> lines_;
};

Result<void> LineSource::is_text(std::string_view text, const std::pair<std::string, std::uint64_t>& at) const {
  if (fields_[0].type != ColumnType::TEXT) return {};
  bool nul = std::memchr(text.data(), '\0', text.size()) != nullptr;
  if (!nul && simdjson::validate_utf8(text.data(), text.size())) return {};
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    std::string_view line = text.substr(lines_[i].offset, lines_[i].length);
    bool has_nul = line.find('\0') != line.npos;
    if (!has_nul && simdjson::validate_utf8(line.data(), line.size())) continue;
    std::string why = has_nul ? "has a NUL byte in it: the file is no text, or is damaged; mend it"
                              : csv::shown(line) + " is not UTF-8; save the file as UTF-8";
    return corrupt(at.first + ":" + std::to_string(at.second + i) + ": the line " + why +
                   ", or read its lines as bytes (option type: bytes)")
        .about({.file = at.first, .line = static_cast<std::size_t>(at.second + i)});
  }
  return {};
}

struct LineReading : LineOptions {
  std::vector<std::string> paths;
};

OptionsOf<LineReading> options() {
  return OptionsOf<LineReading>()
      .needs(&LineReading::paths, {.name = "path", .type = OptionType::paths, .sentence = "the files, plain, gzip or zstd; names, patterns such as data/*.log, or - for standard input"})
      .takes(&LineReading::column, {.name = "column", .sentence = "what the column of lines is called"})
      .takes(&LineReading::type, {.name = "type", .sentence = "what a line is; of bytes anything is one"},
             Choices<ColumnType>{{"text", ColumnType::TEXT}, {"bytes", ColumnType::BYTES}})
      .takes(&LineReading::block_bytes,
             {.name = "block_bytes",
              .type = OptionType::bytes,
              .sentence = "what is read at once",
              .unit = "bytes",
              .least = 64,
              .most = kMostBytes})
      .takes(&LineReading::max_line, {.name = "max_line",
                                      .type = OptionType::bytes,
                                      .sentence = "longest line",
                                      .unit = "bytes",
                                      .least = 64,
                                      .most = kMostBytes})
      .takes(&LineReading::max_window, {.name = "max_window",
                                        .type = OptionType::bytes,
                                        .sentence = "largest window of a zstd file",
                                        .unit = "bytes",
                                        .least = 1024,
                                        .most = kMostWindowBytes});
}

Kind<Table> lines(LineReading reading) {
  auto kind = stage_kind<Table>("text.lines", options().of(reading));
  kind.reads_from = reading.paths;
  kind.source = [reading = std::move(reading)] { return std::make_unique<LineSource>(reading.paths, reading); };
  return kind;
}

}  // namespace

Kind<Table> lines(InputPaths paths, LineOptions options) {
  return lines(LineReading{std::move(options), std::move(paths.given)});
}

DeclaredKind declared_lines() {
  return declared_kind("Reads the lines of text files as tables of one column.", options(),
                       [](LineReading reading) { return lines(std::move(reading)); });
}

}  // namespace leat::text
