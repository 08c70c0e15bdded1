#include <leat/actors/json/block_parser.hpp>

#include <leat/actor/saturating.hpp>

#include <algorithm>

namespace leat::json {
namespace {

// Where a step on a block begins: records done in the low half, bytes done in the high half.
struct Position {
  std::uint64_t record;
  std::uint64_t byte;

  static Position of(std::uint64_t packed) { return {packed & 0xffffffff, packed >> 32}; }
  std::uint64_t packed() const { return byte << 32 | record; }
};

// The largest table: full of cells, or of the text of the longest line.
std::uint64_t largest_table(const ObjectLayout& layout, std::size_t text) {
  bool numbered = layout.bad != BadCells::fail;
  TableRoom cells{layout.most_rows(0) + 1, 0, numbered};
  TableRoom heap{layout.most_rows(text), layout.heaps * text, numbered};
  return std::max(TableBuilder::footprint(layout.output, cells), TableBuilder::footprint(layout.output, heap));
}

}  // namespace

Result<Step> BlockParser::step(const Chunk& chunk, std::uint64_t& packed, Outbox& out) {
  auto block = chunk.root<schema::CsvBlock>();
  auto data = block.getText();
  Position position = Position::of(packed);
  auto begin = reinterpret_cast<const char*>(data.begin());
  Text text{begin, begin + position.byte, begin + data.size(), block.getFirstLine()};
  std::size_t left = block.getRows() - position.record;
  std::size_t most = std::min(left, layout_->most_rows(data.size()));

  auto made = make_table(out.pool(), text, block.getPath().cStr(), most, block.getFirstRow() + position.record);
  if (!made) return made.error();
  auto& [table, filled] = *made;
  count(filled, out);
  if (filled.rows) out.emit(std::move(table).chunk());
  position.record += filled.records;
  position.byte = static_cast<std::uint64_t>(text.at - text.begin);
  packed = position.packed();
  return filled.records < left && text.at != text.end ? Step::more : Step::done;
}

void BlockParser::count(const Filled& filled, Outbox& out) {
  out.count("rows", filled.rows);
  if (filled.dropped > 0) out.count("rows dropped", filled.dropped);
  if (reader_.others() > 0) out.count("fields left out", reader_.others());
  if (filled.nulls == 0) return;
  out.count("cells null", filled.nulls);
  const auto& by_column = reader_.nulls();
  for (std::size_t i = 0; i < by_column.size() && i < csv::kCountedColumns; ++i) {
    if (by_column[i] > 0) out.count("null in " + layout_->output[i].name, by_column[i]);
  }
}

// Row numbers cost eight bytes a row: they are taken only once a row has had to be dropped, at the price of reading the
// rows before it again.
Result<std::pair<Table, Filled>> BlockParser::make_table(Pool& pool, Text& text, const std::string& file,
                                                         std::size_t records, std::uint64_t first) {
  std::size_t heap = layout_->heaps * static_cast<std::size_t>(text.end - text.at);
  {
    TableBuilder builder(pool, layout_->output, TableRoom{records, heap});
    auto filled = reader_.fill(builder, text, file, records, first, nullptr);
    if (!filled) return filled.error();
    if (!filled->dropped) return std::pair(std::move(builder).finish(filled->rows, first), *filled);
  }
  TableBuilder builder(pool, layout_->output, TableRoom{records, heap, true});
  auto filled = reader_.fill(builder, text, file, records, first, builder.row_numbers());
  if (!filled) return filled.error();
  return std::pair(std::move(builder).finish(filled->rows, first), *filled);
}

Result<Described> describe_parsed(const Description& input, const ParseOptions& options, const ColumnNames& wanted) {
  auto layout = layout_of(input, options, wanted);
  if (!layout) return layout.error();
  Described out;
  out.output = input;
  out.output.fields = layout->output;
  out.output.notes.erase("json fields");
  out.output.max_chunk = largest_table(*layout, input.max_chunk);
  out.needs.max_output = out.output.max_chunk;
  out.needs.state = ObjectReader::memory(input.max_chunk);
  return out;
}

Choices<ColumnType> column_types() {
  Choices<ColumnType> all;
  for (auto type : {ColumnType::F64, ColumnType::F32, ColumnType::F16, ColumnType::I64, ColumnType::I32,
                    ColumnType::BOOL, ColumnType::TEXT, ColumnType::BYTES, ColumnType::TIMESTAMP}) {
    all.emplace_back(type_name(type), type);
  }
  return all;
}

Choices<BadCells> bad_cells() {
  return {{"fail", BadCells::fail}, {"null", BadCells::null}, {"drop", BadCells::drop}};
}

}  // namespace leat::json
