#include <algorithm>
#include <atomic>
#include <charconv>
#include <cstring>
#include <vector>

#include <leat/actor/saturating.hpp>
#include <leat/actors/csv_blocks.hpp>
#include <leat/actors/csv_complaint.hpp>
#include <leat/actors/csv_file.hpp>
#include <leat/actors/csv_format.hpp>
#include <leat/actors/csv_scan.hpp>
#include <leat/actors/csv_sniff.hpp>

namespace leat::csv {
namespace {

constexpr std::size_t kMostBytes = 256 * 1024 * 1024;
// Root pointer and struct of a CsvBlock, before its text; and a word of padding after it.
constexpr std::size_t kStructure = 48;
constexpr std::size_t kFrame = kStructure + 8;

class BlockSource final : public Source {
 public:
  BlockSource(std::string path, BlockOptions options) : path_(std::move(path)), options_(options) {
    options_.max_record = std::max(options_.max_record, options_.block_bytes);
    // Header and frame are part of block_bytes, so that a block fills its class of pooled memory.
    std::size_t frame = kFrame + sizeof(Block);
    room_ = options_.block_bytes >= 8 * frame ? options_.block_bytes - frame : options_.block_bytes;
  }

  Result<Description> probe() override;
  Result<Step> pull(Outbox& out) override;
  Result<std::optional<SourcePosition>> position() const override {
    return std::optional<SourcePosition>({file_.identity(), std::to_string(offset_) + " " + std::to_string(row_) +
                                                                " " + std::to_string(line_)});
  }
  Result<void> seek(const SourcePosition& to) override;
  Extent extent() const override {
    return {bytes_done_.load(std::memory_order_relaxed),
            rows_done_.load(std::memory_order_relaxed)};
  }

 private:
  // A line end of two bytes comes on top of the longest record.
  std::size_t most_room() const { return options_.max_record + 2; }

  Description described(const Sniffed& sniffed) const;
  Result<Chunk> cut_block(Pool& pool, std::size_t room);
  Result<std::size_t> cut_text(std::string_view text, Scan& found) const;

  std::string path_;
  BlockOptions options_;
  std::size_t room_;
  File file_;
  char delimiter_ = ',';
  // Where the next block starts: all there is to a source's state.
  std::uint64_t offset_ = 0;
  std::uint64_t row_ = 0;
  std::uint64_t line_ = 1;
  std::atomic<std::uint64_t> bytes_done_{0};
  std::atomic<std::uint64_t> rows_done_{0};
};

Result<Description> BlockSource::probe() {
  if (auto checked = check_options(options_, path_); !checked) return checked.error();
  auto opened = File::open(path_);
  if (!opened) return opened.error();
  file_ = std::move(opened).value();
  auto sniffed = sniff_file(file_, options_);
  if (!sniffed) return sniffed.error();
  delimiter_ = sniffed->delimiter;
  line_ = sniffed->first_line;
  offset_ = sniffed->rows_at;
  row_ = 0;
  bytes_done_ = offset_;
  rows_done_ = 0;
  return described(*sniffed);
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
  out.bytes = file_.size();
  std::uint64_t longest = std::min<std::uint64_t>(most_room(), file_.size());
  out.max_chunk = Pool::footprint(plus(kFrame, longest));
  out.notes = {{"path", path_},
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

Result<Step> BlockSource::pull(Outbox& out) {
  file_.read_ahead(offset_);
  for (std::size_t room = room_; offset_ < file_.size();) {
    auto block = cut_block(out.pool(), room);
    if (!block) return block.error();
    if (*block) {
      out.emit(std::move(*block));
      break;
    }
    // Not one whole record in it, or blank lines only, which cut_block has gone past.
    room = std::min(room * 4, most_room());
  }
  bytes_done_.store(offset_, std::memory_order_relaxed);
  rows_done_.store(row_, std::memory_order_relaxed);
  return offset_ < file_.size() ? Step::more : Step::done;
}

Result<void> BlockSource::seek(const SourcePosition& to) {
  if (to.identity != file_.identity()) {
    return invalid(path_ + ": is not the file any more that was read before (name, size, time of change: then " +
                   to.identity + ", now " + file_.identity() + "): put it back, or begin again");
  }
  std::uint64_t found[3];
  const char* at = to.at.data();
  const char* end = at + to.at.size();
  for (std::uint64_t& number : found) {
    auto read = std::from_chars(at, end, number);
    if (read.ec != std::errc()) return invalid(path_ + ": \"" + to.at + "\" is no position in it: begin again");
    at = read.ptr + (read.ptr != end);
  }
  if (found[0] > file_.size()) {
    return invalid(path_ + ": the position " + to.at + " is beyond its end, " + std::to_string(file_.size()) +
                   " bytes: begin again");
  }
  offset_ = found[0];
  row_ = found[1];
  line_ = found[2];
  bytes_done_.store(offset_, std::memory_order_relaxed);
  rows_done_.store(row_, std::memory_order_relaxed);
  return {};
}

// Of the file's last record, where its end is missing.
std::uint64_t lines_left(std::string_view record) { return record.empty() ? 0 : count_line_ends(record) + 1; }

// The block at offset_, of at most `room` bytes of text, and moves on; empty where there is none.
Result<Chunk> BlockSource::cut_block(Pool& pool, std::size_t room) {
  std::size_t size = std::min<std::uint64_t>(room, file_.size() - offset_);
  Building<schema::CsvBlock> building(pool, kFrame + size, kStructure);
  auto block = building.root();
  auto data = building.bulk(size);
  char* text = reinterpret_cast<char*>(data.get().begin());
  if (auto read = file_.read(text, size, offset_); !read) return read.error();

  Scan found;
  auto cut = cut_text({text, size}, found);
  if (!cut) return cut.error();
  if (*cut == 0 && room == most_room()) return record_too_long({path_, line_}, {text, size}, options_, delimiter_);
  Chunk chunk;
  if (found.rows) {
    block.setFirstRow(row_);
    block.setRows(static_cast<std::uint32_t>(found.rows));
    block.setOffset(offset_);
    block.setFirstLine(line_);
    block.setLines(static_cast<std::uint32_t>(found.lines + lines_left({text + found.end, *cut - found.end})));
    data.truncate(static_cast<capnp::uint>(*cut));
    block.adoptText(kj::mv(data));
    chunk = std::move(building).finish();
  }
  offset_ += *cut;
  row_ += found.rows;
  line_ += found.lines;
  return chunk;
}

// Bytes of `text`, which lies at offset_, that are whole records; 0 where there is none.
Result<std::size_t> BlockSource::cut_text(std::string_view text, Scan& found) const {
  bool last = offset_ + text.size() == file_.size();
  // A CR at the end may be half of a CRLF.
  bool halved = !last && text.back() == '\r';
  found = scan(text.substr(0, text.size() - halved), delimiter_);
  if (found.nul) {
    auto before = text.substr(0, text.find('\0'));
    return nul_byte({path_, line_ + count_line_ends(before)});
  }
  if (!last) return found.end;
  // Who reads it as it grows cannot tell a record from its first half.
  if (text.back() != '\n' && text.back() != '\r' && file_.grown()) return file_.grows();
  if (found.quoted) {
    auto rest = text.substr(found.end);
    return open_quote({path_, line_of_open_quote(rest, delimiter_, line_ + found.lines)});
  }
  found.rows += found.end < text.size();
  return text.size();
}

struct BlockReading : BlockOptions {
  std::string path;
};

OptionsOf<BlockReading> options() {
  return OptionsOf<BlockReading>()
      .needs(&BlockReading::path, {.name = "path", .type = OptionType::path, .sentence = "the file"})
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
      .takes(&BlockReading::delimiter,
             {.name = "delimiter", .sentence = "what stands between cells", .fallback = "detected"})
      .takes(&BlockReading::header,
             {.name = "header", .sentence = "the first record names the columns", .fallback = "detected"})
      .takes(&BlockReading::nulls, {.name = "nulls", .sentence = "what unquoted cells without a value say"})
      .takes(&BlockReading::decimal, {.name = "decimal", .sentence = "before the fraction of a number: . or ,"});
}

Kind<Message<schema::CsvBlock>> blocks(BlockReading reading) {
  auto kind = stage_kind<Message<schema::CsvBlock>>("csv.blocks", options().of(reading));
  kind.reads_from = {reading.path};
  kind.source = [reading = std::move(reading)] {
    return std::make_unique<BlockSource>(reading.path, reading);
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

Kind<Message<schema::CsvBlock>> blocks(std::string path, BlockOptions options) {
  return blocks(BlockReading{options, std::move(path)});
}

DeclaredKind declared_blocks() {
  return declared_kind("Reads a CSV file and cuts it between records.", options(),
                       [](BlockReading reading) { return blocks(std::move(reading)); });
}

}  // namespace leat::csv
