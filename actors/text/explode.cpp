#include <leat/actors/text/explode.hpp>

#include <leat/actor/saturating.hpp>
#include <leat/actors/columns/number_columns.hpp>
#include <leat/actors/text/piece_scan.hpp>
#include <leat/chunk/column_copy.hpp>

#include <algorithm>
#include <cstring>

namespace leat {
namespace {

constexpr const char* kName = "explode";
constexpr std::size_t kMostRows = std::size_t{1} << 14;
constexpr std::size_t kMostBytes = std::size_t{1} << 20;
// Of the texts of one step: where rows begin no more, once they have given so much.
constexpr std::size_t kEnough = std::size_t{128} << 10;
constexpr std::size_t kMostDelimiter = 64;

Result<std::size_t> text_column(const Fields& fields, const std::string& name) {
  auto position = only_column(kName, fields, name);
  if (!position) return position.error();
  if (fields[*position].type == ColumnType::TEXT) return *position;
  return invalid("explode takes a text apart, and column " + name + " is " +
                 std::string(type_name(fields[*position].type)) + ": name another column, or parse this one as text");
}

Fields exploded(Fields fields, std::size_t column) {
  fields[column].dictionary = fields[column].raw = false;
  return fields;
}

// What a row of the output takes apart from its texts: a number, and each cell.
std::uint64_t row_bytes(const Fields& fields) {
  std::uint64_t bytes = sizeof(std::uint64_t);
  for (const Field& field : fields) {
    bytes += cell_bytes(field.type, field.dictionary) + 1 + (field.dictionary ? sizeof(Span) : 0) +
             (field.raw ? sizeof(Span) : 0);
  }
  return bytes;
}

// Rows of one step: fewer where they are wide.
std::size_t most_of_a_step(const Fields& fields) {
  return std::clamp<std::size_t>(kMostBytes / row_bytes(fields), 1, kMostRows);
}

template <class T>
void repeat(const std::byte* cells, const std::vector<std::uint32_t>& rows, std::byte* to) {
  auto* out = reinterpret_cast<T*>(to);
  auto* in = reinterpret_cast<const T*>(cells);
  for (std::size_t i = 0; i < rows.size(); ++i) out[i] = in[rows[i]];
}

void repeat_cells(std::size_t width, const std::byte* cells, const std::vector<std::uint32_t>& rows, std::byte* to) {
  switch (width) {
    case 8: return repeat<std::uint64_t>(cells, rows, to);
    case 4: return repeat<std::uint32_t>(cells, rows, to);
    case 2: return repeat<std::uint16_t>(cells, rows, to);
    default: return repeat<std::uint8_t>(cells, rows, to);
  }
}

// Where a step begins: a row, and a place in its text.
struct Place {
  std::size_t row = 0;
  std::size_t at = 0;
  static Place of(std::uint64_t position) { return {position >> 32, position & 0xffffffff}; }
  std::uint64_t position() const { return std::uint64_t{row} << 32 | at; }
};

class Explode final : public Actor {
 public:
  explicit Explode(Exploding options) : options_(std::move(options)) {}

  Result<Step> visit(Visit& visit, Outbox& out) override {
    Table table(visit.chunk);
    Fields fields = table.fields();
    auto column = text_column(fields, options_.column);
    if (!column) return column.error();
    Place from = Place::of(visit.position);
    most_ = most_of_a_step(exploded(fields, *column));
    Place next = take(place_of(table, *column), table.rows(), from);
    if (!rows_.empty()) out.emit(made(out.pool(), table, fields, *column).chunk());
    visit.position = next.position();
    return next.row < table.rows() ? Step::more : Step::done;
  }

 private:
  // Finds the pieces of one step; gives where the next one begins.
  Place take(const ColumnPlace& column, std::size_t rows, Place from) {
    pieces_.resize(most_);
    rows_.clear();
    std::size_t bytes = 0;
    for (; from.row < rows && bytes < kEnough; from = {from.row + 1, 0}) {
      std::size_t size = rows_.size();
      if (size == most_) break;
      if (!column.valid(from.row)) {
        pieces_[size] = {0, 0};
        rows_.push_back(static_cast<std::uint32_t>(from.row));
        continue;
      }
      std::string_view text = column.text(from.row);
      PieceScan scan{text, from.at};
      std::size_t found = !options_.delimiter
                              ? scan_words(scan, pieces_.data() + size, most_ - size)
                              : scan_parts(scan, *options_.delimiter, pieces_.data() + size, most_ - size);
      // From here on they lie in the table's heap.
      auto offset = static_cast<std::uint32_t>(text.data() - column.heap);
      for (std::size_t i = size; i < size + found; ++i) pieces_[i].offset += offset;
      rows_.resize(size + found, static_cast<std::uint32_t>(from.row));
      bytes += text.size() - from.at;
      if (!scan.ended) return {from.row, scan.at};
    }
    return from;
  }

  // Texts lie in one piece of the heap, as a rule: that is copied, else each by itself.
  std::size_t heap_of_pieces() {
    std::uint64_t sum = 0;
    first_ = ~std::uint32_t{0};
    std::uint32_t last = 0;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (pieces_[i].length == 0) continue;
      sum += pieces_[i].length;
      first_ = std::min(first_, pieces_[i].offset);
      last = std::max(last, pieces_[i].offset + pieces_[i].length);
    }
    if (sum == 0) first_ = last = 0;
    one_piece_ = last - first_ <= 2 * sum + 64;
    return one_piece_ ? last - first_ : sum;
  }

  void write_pieces(ColumnCopy& copy, std::size_t column, const char* heap, std::size_t bytes) {
    std::uint32_t offset = 0;
    char* to = copy.take(bytes, offset);
    Span* spans = copy.spans(column);
    if (one_piece_) {
      if (bytes > 0) std::memcpy(to, heap + first_, bytes);
      for (std::size_t i = 0; i < rows_.size(); ++i) {
        Span piece = pieces_[i];
        spans[i] = {piece.length ? piece.offset - first_ + offset : 0, piece.length};
      }
      return;
    }
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      Span piece = pieces_[i];
      if (piece.length) std::memcpy(to, heap + piece.offset, piece.length);
      spans[i] = {piece.length ? offset : 0, piece.length};
      to += piece.length;
      offset += piece.length;
    }
  }

  Table made(Pool& pool, const Table& table, const Fields& all, std::size_t column) {
    Fields fields = exploded(all, column);
    std::size_t rows = rows_.size();
    std::size_t pieces = heap_of_pieces();
    const std::uint32_t* lines = table.lines();
    TableRoom room{.rows = rows, .heap = pieces, .row_numbers = true, .lines = lines != nullptr};
    std::vector<ColumnPlace> places;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      places.push_back(place_of(table, i));
      if (i != column) room.heap += others_bytes(places[i]);
    }
    TableBuilder builder(pool, fields, room);
    ColumnCopy copy(builder);
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (i == column) {
        write_pieces(copy, i, places[i].heap, pieces);
      } else {
        write_others(copy, builder, i, places[i]);
      }
      repeat_nulls(copy, i, places[i]);
    }
    const std::uint64_t* numbers = table.row_numbers();
    std::uint64_t first = table.first_row();
    for (std::size_t i = 0; i < rows; ++i) builder.row_numbers()[i] = numbers ? numbers[rows_[i]] : first + rows_[i];
    for (std::size_t i = 0; lines && i < rows; ++i) builder.lines()[i] = lines[rows_[i]];
    std::uint64_t now_first = rows ? builder_first(numbers, first) : first;
    bool moves = table.first_line() > 0 && !lines;
    return std::move(builder).finish(rows, now_first, table.first_line() + (moves ? now_first - first : 0));
  }

  std::uint64_t builder_first(const std::uint64_t* numbers, std::uint64_t first) const {
    return numbers ? numbers[rows_[0]] : first + rows_[0];
  }

  // Each text of the rows that are repeated is there once.
  std::size_t others_bytes(const ColumnPlace& place) const {
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (i > 0 && rows_[i] == rows_[i - 1]) continue;
      if (in_heap(place.type)) bytes += place.text(rows_[i]).size();
      if (place.raw) bytes += place.raw[rows_[i]].length;
    }
    return bytes;
  }

  void write_others(ColumnCopy& copy, TableBuilder& builder, std::size_t column, const ColumnPlace& place) {
    if (place.raw) repeat_spans(copy, place.heap, copy.raw(column), [&](std::uint32_t row) { return place.raw[row]; });
    if (!in_heap(place.type))
      return repeat_cells(cell_bytes(place.type), place.cells, rows_, builder.raw_cells(column));
    if (place.dictionary) return repeat_codes(copy, builder, column, place);
    auto* spans = reinterpret_cast<const Span*>(place.cells);
    repeat_spans(copy, place.heap, copy.spans(column), [&](std::uint32_t row) { return spans[row]; });
  }

  // A text is looked up once a row of the table.
  void repeat_codes(ColumnCopy& copy, TableBuilder& builder, std::size_t column, const ColumnPlace& place) {
    auto* codes = reinterpret_cast<std::int32_t*>(copy.spans(column));
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (i > 0 && rows_[i] == rows_[i - 1]) {
        codes[i] = codes[i - 1];
      } else if (!place.valid(rows_[i])) {
        builder.set_null(column, i);
      } else {
        builder.put(column, i, place.text(rows_[i]));
      }
    }
  }

  template <class Of>
  void repeat_spans(ColumnCopy& copy, const char* heap, Span* to, Of of) {
    Span last{0, 0};
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (i == 0 || rows_[i] != rows_[i - 1]) {
        Span from = of(rows_[i]);
        last.length = from.length;
        last.offset = 0;
        if (from.length) std::memcpy(copy.take(from.length, last.offset), heap + from.offset, from.length);
      }
      to[i] = last;
    }
  }

  void repeat_nulls(ColumnCopy& copy, std::size_t column, const ColumnPlace& place) {
    if (!place.validity) return;
    bits_.assign((rows_.size() + 7) / 8, 0xff);
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (!place.valid(rows_[i])) bits_[i / 8] &= static_cast<std::uint8_t>(~(1u << (i % 8)));
    }
    copy.nulls(column, bits_.data(), rows_.size());
  }

  Exploding options_;
  std::vector<Span> pieces_;          // in the table's heap
  std::vector<std::uint32_t> rows_;   // of the table, by piece
  std::vector<std::uint8_t> bits_;
  std::size_t most_ = kMostRows;      // pieces of a step
  std::uint32_t first_ = 0;
  bool one_piece_ = true;
};

OptionsOf<Exploding> options() {
  return OptionsOf<Exploding>()
      .needs(&Exploding::column, {.name = "column", .sentence = "a column of text"})
      .takes(
          &Exploding::delimiter,
          {.name = "delimiter", .sentence = "what stands between pieces", .fallback = "none: the words of the text"});
}

Result<Described> describe(const Description& rows, const std::string& column) {
  Described made{rows, {}};
  if (auto ok = none_twice(kName, rows, {column}); !ok) return ok.error();
  // The texts of a step are those of a chunk at most, each once, and a piece of its heap with what lies around.
  std::uint64_t texts = times(2, rows.max_chunk);
  std::uint64_t cells = kMostBytes;
  if (rows.fields_known) {
    auto position = text_column(rows.fields, column);
    if (!position) return position.error();
    made.output.fields = exploded(rows.fields, *position);
    cells = most_of_a_step(made.output.fields) * row_bytes(made.output.fields) + 512 * made.output.fields.size();
  } else {
    texts = times(2, texts);
  }
  made.output.rows = 0;
  made.output.max_chunk = made.needs.max_output = Pool::footprint(plus(plus(texts, cells), 4096));
  made.needs.state = kMostRows * (sizeof(Span) + sizeof(std::uint32_t) + 1);
  return made;
}

}  // namespace

Kind<Table, Table> explode(Exploding exploding) {
  if (exploding.delimiter == "") exploding.delimiter.reset();
  GivenOptions given = options().of(exploding);
  if (exploding.delimiter && exploding.delimiter->size() > kMostDelimiter) {
    given.wrong =
        invalid("delimiter: it has " + std::to_string(exploding.delimiter->size()) + " bytes, and 64 are the most");
  }
  auto kind = stage_kind<Table, Table>(kName, std::move(given));
  std::string column = exploding.column;
  kind.sharing = Sharing::stateless;
  kind.holds = Holds::nothing;
  kind.pure = true;
  kind.describe = [column](const std::vector<Description>& inputs) { return describe(inputs[0], column); };
  kind.reads = [column](const std::vector<Description>&, ColumnNames wanted) {
    wanted.add(ColumnNames::changed({column}));
    return std::vector{wanted};
  };
  kind.actor = [exploding](const Making&) { return std::make_unique<Explode>(exploding); };
  return kind;
}

DeclaredKind declared_explode() {
  return declared_kind("A row for each piece of a text.", options(),
                       [](Exploding of) { return explode(std::move(of)); });
}

}  // namespace leat
