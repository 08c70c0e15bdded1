#include <algorithm>
#include <vector>

#include <leat/actors/csv/blocks.hpp>
#include <leat/actors/csv/complaint.hpp>
#include <leat/actors/csv/format.hpp>
#include <leat/actors/csv/scan.hpp>
#include <leat/actors/input/record_blocks.hpp>
#include <leat/actors/sniff/sniff.hpp>

namespace leat::csv {
namespace {

constexpr std::size_t kMostBytes = 256 * 1024 * 1024;
constexpr double kMostWindowBytes = 2147483648;  // what zstd has at most

class BlockSource final : public Source {
 public:
  BlockSource(InputPaths paths, BlockOptions options)
      : options_(options), blocks_(std::move(paths), {options.block_bytes, options.max_record, options.max_window}) {
    options_.max_record = std::max(options_.max_record, options_.block_bytes);
  }

  Result<Description> probe() override;
  Result<Step> pull(Outbox& out) override {
    return blocks_.pull(out, [this](const RecordBlocks::Piece& piece) { return cut(piece); });
  }
  Result<std::optional<SourcePosition>> position() const override { return blocks_.position(); }
  Result<void> seek(const SourcePosition& to) override { return blocks_.seek(to); }
  Extent extent() const override { return blocks_.extent(); }

 private:
  Description described(const Sniffed& sniffed) const;
  Result<RecordBlocks::Cut> cut(const RecordBlocks::Piece& piece) const;

  BlockOptions options_;
  RecordBlocks blocks_;
  char delimiter_ = ',';
};

Result<Description> BlockSource::probe() {
  if (auto checked = check_options(options_, blocks_.paths()); !checked) return checked.error();
  Sniffed first;
  std::string first_path;
  auto look = [&](InputFile& file, std::size_t number) -> Result<RecordBlocks::Start> {
    auto sniffed = number == 0 ? sniff_file(file, options_) : sniff_next(file, options_, first_path, first);
    if (!sniffed) return sniffed.error();
    RecordBlocks::Start start{sniffed->rows_at, sniffed->first_line};
    if (number == 0) {
      first = std::move(*sniffed);
      first_path = file.path();
    }
    return start;
  };
  if (auto opened = blocks_.open(look); !opened) return opened.error();
  delimiter_ = first.delimiter;
  return described(first);
}

std::string lines_of(const std::vector<std::string>& words) {
  std::string lines;
  for (const std::string& word : words) lines += word + "\n";
  return lines;
}

// The header as csv.write writes it.
std::string header_line(const Sniffed& sniffed) {
  std::string line;
  for (const Field& field : sniffed.fields) {
    if (!line.empty() || &field != &sniffed.fields.front()) line += sniffed.delimiter;
    append_text(line, field.name, sniffed.delimiter);
  }
  return line;
}

Description BlockSource::described(const Sniffed& sniffed) const {
  Description out;
  out.fields = sniffed.fields;
  out.bytes = blocks_.bytes();
  out.max_chunk = blocks_.max_chunk();
  out.state = blocks_.state();
  out.notes = {{"path", blocks_.paths()},
               {"delimiter", std::string(1, sniffed.delimiter)},
               {"decimal", std::string(1, options_.decimal)},
               {"nulls", lines_of(options_.nulls)},
               {"header", sniffed.header ? "true" : "false"},
               {"types", "inferred"},
               {"line end", sniffed.line_end}};
  if (sniffed.skipped_lines > 0) out.notes["skipped lines"] = std::to_string(sniffed.skipped_lines);
  if (!sniffed.renamed.empty()) out.notes["renamed"] = sniffed.renamed;
  if (sniffed.header && sniffed.names != header_line(sniffed)) out.notes["names"] = sniffed.names;
  for (const auto& [name, places] : sniffed.twice) {
    out.notes["twice " + name] = std::to_string(places.first + 1) + " and " + std::to_string(places.second + 1);
  }
  return out;
}

// Of the file's last record, where its end is missing.
std::uint64_t lines_left(std::string_view record) { return record.empty() ? 0 : count_line_ends(record) + 1; }

Result<RecordBlocks::Cut> BlockSource::cut(const RecordBlocks::Piece& piece) const {
  std::string_view text = piece.text;
  const std::string& path = piece.file.path();
  // A CR at the end may be half of a CRLF.
  bool halved = !piece.last && text.back() == '\r';
  Scan found = scan(text.substr(0, text.size() - halved), delimiter_);
  if (found.nul) {
    auto before = text.substr(0, text.find('\0'));
    return nul_byte({path, piece.line + count_line_ends(before)});
  }
  if (!piece.last) {
    if (found.end == 0 && piece.longest) return record_too_long({path, piece.line}, text, options_, delimiter_);
    return RecordBlocks::Cut{found.end, found.rows, found.lines};
  }
  // Who reads it as it grows cannot tell a record from its first half.
  if (text.back() != '\n' && text.back() != '\r' && piece.file.grown()) return piece.file.grows();
  if (found.quoted) {
    auto rest = text.substr(found.end);
    return open_quote({path, line_of_open_quote(rest, delimiter_, piece.line + found.lines)});
  }
  return RecordBlocks::Cut{text.size(), found.rows + (found.end < text.size()),
                           found.lines + lines_left(text.substr(found.end))};
}

struct BlockReading : BlockOptions {
  std::vector<std::string> paths;
};

OptionsOf<BlockReading> options() {
  return OptionsOf<BlockReading>()
      .needs(&BlockReading::paths,
             {.name = "path",
              .type = OptionType::paths,
              .sentence = "files, plain, gzip or zstd: names, patterns such as data/*.csv, - for standard input"})
      .takes(&BlockReading::block_bytes,
             {.name = "block_bytes",
              .type = OptionType::bytes,
              .sentence = "memory of one block",
              .unit = "bytes",
              .least = 64,
              .most = kMostBytes})
      .takes(&BlockReading::max_record,
             {.name = "max_record",
              .type = OptionType::bytes,
              .sentence = "longest record",
              .unit = "bytes",
              .least = 64,
              .most = kMostBytes})
      .takes(&BlockReading::max_window,
             {.name = "max_window",
              .type = OptionType::bytes,
              .sentence = "largest window of a zstd file",
              .unit = "bytes",
              .least = 1024,
              .most = kMostWindowBytes})
      .takes(&BlockReading::delimiter,
             {.name = "delimiter", .sentence = "what stands between cells", .fallback = "detected"})
      .takes(&BlockReading::header,
             {.name = "header", .sentence = "the first record names the columns", .fallback = "detected"})
      .takes(&BlockReading::nulls, {.name = "nulls", .sentence = "what unquoted cells without a value say", .empty_parts = true})
      .takes(&BlockReading::decimal, {.name = "decimal", .sentence = "before the fraction of a number: . or ,"});
}

Kind<Message<schema::CsvBlock>> blocks(BlockReading reading) {
  auto kind = stage_kind<Message<schema::CsvBlock>>("csv.blocks", options().of(reading));
  kind.reads_from = reading.paths;
  kind.source = [reading = std::move(reading)] {
    return std::make_unique<BlockSource>(reading.paths, reading);
  };
  return kind;
}

}  // namespace

Result<void> check_options(const BlockOptions& options, const std::string& path) {
  if (auto ok = check_delimiter(options.delimiter); !ok) return invalid(path + ": " + ok.error().sentence);
  if (options.decimal != '.' && options.decimal != ',') {
    return invalid(path + ": numbers have a point or a comma before their fraction: give decimal as one of them");
  }
  for (const std::string& word : options.nulls) {
    if (word.find_first_of("\r\n") == word.npos) continue;
    return invalid(path + ": what says null is one cell, without a line end: mend nulls");
  }
  if (options.delimiter == options.decimal) {
    return invalid(path + ": a comma cannot both end cells and stand in numbers: give another delimiter or decimal");
  }
  return {};
}

Result<void> check_delimiter(std::optional<char> given) {
  auto delimiter = static_cast<unsigned char>(given.value_or(','));
  constexpr std::string_view kNever("\"\n\r.+-:\0", 8);
  bool alphanumeric = (delimiter >= '0' && delimiter <= '9') || ((delimiter | 0x20) >= 'a' && (delimiter | 0x20) <= 'z');
  bool allowed = delimiter < 0x80 && !alphanumeric && kNever.find(static_cast<char>(delimiter)) == kNever.npos;
  if (allowed) return {};
  return invalid("the delimiter must be one ASCII character that is no quote, line end or NUL and no part of numbers, "
                 "dates or words; choose another");
}

Kind<Message<schema::CsvBlock>> blocks(InputPaths paths, BlockOptions options) {
  return blocks(BlockReading{options, std::move(paths.given)});
}

DeclaredKind declared_blocks() {
  return declared_kind("Reads CSV files and cuts them between records.", options(),
                       [](BlockReading reading) { return blocks(std::move(reading)); });
}

}  // namespace leat::csv
