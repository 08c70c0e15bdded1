#include <algorithm>

#include <leat/actors/csv/layout.hpp>
#include <leat/actors/csv/parse.hpp>
#include <leat/actors/csv/rows.hpp>

namespace leat::csv {
namespace {

// Where a step on a block begins: records done in the low half, bytes done in the high half.
struct Position {
  std::uint64_t record;
  std::uint64_t byte;

  static Position of(std::uint64_t packed) { return {packed & 0xffffffff, packed >> 32}; }
  std::uint64_t packed() const { return byte << 32 | record; }
};

class Parser final : public Actor {
 public:
  explicit Parser(std::shared_ptr<const ColumnLayout> layout)
      : layout_(std::move(layout)), rows_(*layout_) {}
  Result<Step> visit(Visit& visit, Outbox& out) override;

 private:
  // What Tables of one block have in common.
  struct Rows {
    std::size_t most;         // records of the next one
    std::uint64_t first;      // its number
    bool lines;               // theirs do not follow from their numbers
    std::uint64_t first_line;
  };
  void count_nulls(std::size_t all, Outbox& out);
  Result<std::pair<Table, Filled>> make_table(Pool& pool, Text& text, const Rows& rows);
  Result<std::pair<Table, Filled>> fill(Pool& pool, Text& text, const Rows& rows, TableRoom room);

  std::shared_ptr<const ColumnLayout> layout_;
  RowReader rows_;
  std::string path_;  // of the block in hand
};

Result<Step> Parser::visit(Visit& visit, Outbox& out) {
  auto block = visit.chunk.root<schema::CsvBlock>();
  auto data = block.getText();
  Position position = Position::of(visit.position);
  path_.assign(block.getPath().begin(), block.getPath().end());
  auto begin = reinterpret_cast<const char*>(data.begin());
  Text text{begin, begin + position.byte, begin + data.size(), block.getFirstLine(), &path_};
  std::size_t left = block.getRows() - position.record;
  bool lines = block.getLines() != block.getRows();
  Rows rows{std::min(left, layout_->most_rows(data.size(), lines)), block.getFirstRow() + position.record, lines,
            block.getFirstLine() + (lines ? 0 : position.record)};
  // Who complains of a Table names all files: a line says nothing there.
  if (path_ != layout_->path) rows.lines = false, rows.first_line = 0;
  auto made = make_table(out.pool(), text, rows);
  if (!made) return made.error();
  auto& [table, filled] = *made;
  out.count("rows", filled.rows);
  if (filled.dropped) out.count("rows dropped", filled.dropped);
  count_nulls(filled.nulls, out);
  if (filled.rows) out.emit(std::move(table).chunk());
  position.record += filled.records;
  position.byte = static_cast<std::uint64_t>(text.at - text.begin);
  visit.position = position.packed();
  return filled.records < left && text.at != text.end ? Step::more : Step::done;
}

void Parser::count_nulls(std::size_t all, Outbox& out) {
  if (all == 0) return;
  out.count("cells null", all);
  const auto& by_column = rows_.nulls();
  for (std::size_t i = 0; i < by_column.size() && i < kCountedColumns; ++i) {
    if (by_column[i] > 0) out.count("null in " + layout_->output[i].name, by_column[i]);
  }
}

// Row numbers cost eight bytes a row: they are taken only once a row has had to be dropped, at the
// price of reading the rows before it again.
Result<std::pair<Table, Filled>> Parser::make_table(Pool& pool, Text& text, const Rows& rows) {
  TableRoom room{.rows = rows.most,
                 .heap = layout_->heaps * static_cast<std::size_t>(text.end - text.at),
                 .lines = rows.lines};
  Text again = text;
  auto made = fill(pool, text, rows, room);
  if (!made || made->second.dropped == 0) return made;
  text = again;
  room.row_numbers = true;
  return fill(pool, text, rows, room);
}

Result<std::pair<Table, Filled>> Parser::fill(Pool& pool, Text& text, const Rows& rows, TableRoom room) {
  TableBuilder builder(pool, layout_->output, room);
  RowPlaces places{room.row_numbers ? builder.row_numbers() : nullptr, room.lines ? builder.lines() : nullptr};
  auto filled = rows_.fill(builder, text, rows.most, rows.first, places);
  if (!filled) return filled.error();
  // Of a Table that is to be made anew.
  if (filled->dropped && !room.row_numbers) return std::pair(Table(), *filled);
  return std::pair(std::move(builder).finish(filled->rows, rows.first, rows.first_line), *filled);
}

// The largest table: full of cells, or of the text of the longest record.
std::uint64_t largest_table(const ColumnLayout& layout, std::size_t text) {
  bool numbered = layout.bad != BadCells::fail;
  std::size_t most = 0;
  for (bool lines : {false, true}) {
    TableRoom cells{layout.most_rows(0, lines) + 1, 0, numbered, lines};
    TableRoom heap{layout.most_rows(text, lines), layout.heaps * text, numbered, lines};
    most = std::max(most, TableBuilder::footprint(layout.output, cells));
    most = std::max(most, TableBuilder::footprint(layout.output, heap));
  }
  return most;
}

Result<Described> describe(const std::vector<Description>& inputs, const ParseOptions& options,
                           const ColumnNames& wanted) {
  auto layout = layout_of(inputs.at(0), options, wanted);
  if (!layout) return layout.error();
  Described out;
  out.output = inputs[0];
  out.output.fields = layout->output;
  out.output.max_chunk = largest_table(*layout, inputs[0].max_chunk);
  out.needs.max_output = out.output.max_chunk;
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

OptionsOf<ParseOptions> options_of_parse() {
  return OptionsOf<ParseOptions>()
      .takes(&ParseOptions::real, {.name = "real", .sentence = "type of columns that look like numbers"},
             Choices<ColumnType>{{"f64", ColumnType::F64}, {"f32", ColumnType::F32}})
      .takes(&ParseOptions::columns,
             {.name = "columns", .sentence = "columns of the output, in this order", .fallback = "all"})
      .takes(&ParseOptions::numbers,
             {.name = "numbers",
              .sentence = "columns to read as numbers, whatever the file's beginning looks like",
              .fallback = "none"})
      .takes(&ParseOptions::types,
             {.name = "types",
              .sentence = "types of columns, by name: they win over what the file looks like",
              .fallback = "inferred"},
             column_types())
      .takes(&ParseOptions::bad, {.name = "bad", .sentence = "what becomes of cells that cannot be read"},
             Choices<BadCells>{{"fail", BadCells::fail}, {"null", BadCells::null}, {"drop", BadCells::drop}})
      .takes(&ParseOptions::nulls,
             {.name = "nulls",
              .sentence = "what unquoted cells without a value say",
              .fallback = "as the source was told",
              .empty_parts = true});
}

}  // namespace

Kind<Table, Message<schema::CsvBlock>> parse(ParseOptions options) {
  auto kind = stage_kind<Table, Message<schema::CsvBlock>>("csv.parse", options_of_parse().of(options));
  kind.sharing = Sharing::stateless;
  kind.holds = Holds::nothing;
  kind.pure = true;
  kind.describe = [options](const std::vector<Description>& inputs) {
    return describe(inputs, options, ColumnNames::all());
  };
  kind.narrow = [options](const std::vector<Description>& inputs, const ColumnNames& wanted) {
    return describe(inputs, options, wanted);
  };
  kind.actor = [options](const Making& making) -> std::unique_ptr<Actor> {
    auto layout = layout_of(making.inputs.at(0), options, making.wanted);
    return std::make_unique<Parser>(std::make_shared<const ColumnLayout>(std::move(layout).value()));
  };
  return kind;
}

DeclaredKind declared_parse() {
  auto declared = declared_kind("Makes tables of CSV blocks.", options_of_parse(),
                                [](ParseOptions options) { return parse(std::move(options)); });
  declared.needs_source = true;
  return declared;
}

}  // namespace leat::csv
