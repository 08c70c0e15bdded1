#include <leat/chunk/gather.hpp>

#include <leat/chunk/column_place.hpp>
#include <leat/chunk/result.hpp>

#include <algorithm>
#include <cstring>
#include <numeric>
#include <stdexcept>

namespace leat {
namespace {

using Positions = std::span<const std::uint32_t>;

// Neighbouring rows, as positions.
struct Range {
  std::size_t first;
  std::size_t count;

  std::size_t size() const { return count; }
  std::size_t operator[](std::size_t i) const { return first + i; }
};

// The texts of a column, or what its file says of its cells.
struct Texts {
  ColumnPlace place;
  bool raw;

  Texts(const Table& table, std::size_t column, bool of_file) : place(place_of(table, column)), raw(of_file) {}
  Span span(std::size_t row) const { return raw ? place.raw[row] : place.span(row); }
  std::string_view operator[](std::size_t row) const { return {place.heap + span(row).offset, span(row).length}; }
};

template <class Rows>
std::size_t text_bytes(const Texts& texts, const Rows& rows) {
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) bytes += texts.span(rows[i]).length;
  return bytes;
}

// What the texts of some rows will take, all columns together; those of a dictionary no more than their table has.
template <class Rows>
std::size_t heap_bytes(const Table& table, const Fields& fields, const Rows& rows) {
  std::size_t bytes = 0;
  for (std::size_t c = 0; c < fields.size(); ++c) {
    if (in_heap(fields[c].type)) {
      std::size_t texts = text_bytes(Texts(table, c, false), rows);
      bool once = fields[c].dictionary && table.has_dictionary(c);
      bytes += once ? std::min<std::size_t>(texts, table.chunk().root<schema::Table>().getHeapSize()) : texts;
    }
    if (fields[c].raw) bytes += text_bytes(Texts(table, c, true), rows);
  }
  return bytes;
}

template <class T, class Rows>
void copy(std::byte* to, const std::byte* from, const Rows& rows) {
  auto* out = reinterpret_cast<T*>(to);
  auto* in = reinterpret_cast<const T*>(from);
  for (std::size_t i = 0; i < rows.size(); ++i) out[i] = in[rows[i]];
}

template <class Rows>
void copy_numbers(std::size_t width, std::byte* to, const std::byte* from, const Rows& rows) {
  switch (width) {
    case 8: return copy<std::uint64_t>(to, from, rows);
    case 4: return copy<std::uint32_t>(to, from, rows);
    case 2: return copy<std::uint16_t>(to, from, rows);
    default: return copy<std::uint8_t>(to, from, rows);
  }
}

// Rows of tables that are alike, one after another, into a new one.
class RowsCopy {
 public:
  RowsCopy(Pool& pool, Fields fields, TableRoom room) : fields_(std::move(fields)), builder_(pool, fields_, room) {}

  template <class Rows>
  void append(const Table& table, const Rows& rows) {
    for (std::size_t c = 0; c < fields_.size(); ++c) {
      if (!in_heap(fields_[c].type)) {
        std::size_t width = cell_bytes(fields_[c].type);
        copy_numbers(width, builder_.raw_cells(c) + filled_ * width, table.cells(c), rows);
      } else if (fields_[c].dictionary) {
        copy_entries(table, c, rows);
      } else {
        copy_texts(table, c, rows);
      }
      Texts raw(table, c, true);
      for (std::size_t i = 0; fields_[c].raw && i < rows.size(); ++i) builder_.put_raw(c, filled_ + i, raw[rows[i]]);
      if (table.validity(c)) copy_nulls(table, c, rows);
    }
    filled_ += rows.size();
  }

  std::uint64_t* row_numbers() { return builder_.row_numbers(); }
  std::uint32_t* lines() { return builder_.lines(); }
  Table finish(std::uint64_t first_row, std::uint64_t first_line = 0) {
    return std::move(builder_).finish(filled_, first_row, first_line);
  }

 private:
  template <class Rows>
  void copy_texts(const Table& table, std::size_t column, const Rows& rows) {
    Texts texts(table, column, false);
    Span* to = builder_.spans(column).data() + filled_;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      std::string_view text = texts[rows[i]];
      to[i] = {builder_.put_heap(text).value(), static_cast<std::uint32_t>(text.size())};
    }
  }

  // Each entry of the table's dictionary that is met is looked for once.
  template <class Rows>
  void copy_entries(const Table& table, std::size_t column, const Rows& rows) {
    Texts texts(table, column, false);
    std::vector<std::int32_t> known;
    std::int32_t* to = builder_.codes(column).data() + filled_;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (!texts.place.dictionary) {
        to[i] = builder_.entry(column, texts[rows[i]]).value();
        continue;
      }
      auto code = static_cast<std::size_t>(texts.place.codes()[rows[i]]);
      if (code >= known.size()) known.resize(code + 1, -1);
      if (known[code] < 0) known[code] = builder_.entry(column, texts[rows[i]]).value();
      to[i] = known[code];
    }
  }

  template <class Rows>
  void copy_nulls(const Table& table, std::size_t column, const Rows& rows) {
    const std::uint8_t* bits = table.validity(column);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      std::size_t row = rows[i];
      if (!(bits[row / 8] >> (row % 8) & 1)) builder_.set_null(column, filled_ + i);
    }
  }

  Fields fields_;
  TableBuilder builder_;
  std::size_t filled_ = 0;
};

void expect_rows(const Table& table, Positions positions) {
  std::size_t rows = table.rows();
  for (std::uint32_t position : positions) {
    if (position >= rows) misuse::no_row(position, rows);
  }
}

std::uint64_t number(const Table& table, std::size_t row) {
  const std::uint64_t* known = table.row_numbers();
  return known ? known[row] : table.first_row() + row;
}

bool numbers_rise(std::span<const Table> tables) {
  const Table* last = nullptr;
  for (const Table& table : tables) {
    if (table.rows() == 0) continue;
    if (last && number(table, 0) <= number(*last, last->rows() - 1)) return false;
    last = &table;
  }
  return true;
}

template <class Positioned>
void put_numbers(const Table& table, const Positioned& rows, std::uint64_t* to) {
  const std::uint64_t* numbers = table.row_numbers();
  std::uint64_t first = table.first_row();
  for (std::size_t i = 0; i < rows.size(); ++i) to[i] = numbers ? numbers[rows[i]] : first + rows[i];
}

// Rows that keep their numbers and lines. `numbers`: they are not consecutive any more.
template <class Positioned>
Table numbered_rows(Pool& pool, const Table& table, const Fields& fields, const Positioned& rows, bool numbers) {
  const std::uint32_t* lines = table.lines();
  RowsCopy copy(pool, fields,
                {.rows = rows.size(),
                 .heap = heap_bytes(table, fields, rows),
                 .row_numbers = numbers,
                 .lines = lines != nullptr});
  copy.append(table, rows);
  if (numbers) put_numbers(table, rows, copy.row_numbers());
  for (std::size_t i = 0; lines && i < rows.size(); ++i) copy.lines()[i] = lines[rows[i]];
  std::uint64_t first = rows.size() == 0 ? table.first_row() : number(table, rows[0]);
  bool moves = table.first_line() > 0 && !lines;
  return copy.finish(first, table.first_line() + (moves ? first - table.first_row() : 0));
}

// What all rows fit in, or throws.
Fields joint_fields(std::span<const Table> tables) {
  Fields all = tables[0].fields();
  for (const Table& table : tables.subspan(1)) {
    Fields more = table.fields();
    for (std::size_t c = 0; c < std::max(all.size(), more.size()); ++c) {
      bool alike = c < all.size() && c < more.size() && all[c].name == more[c].name && all[c].type == more[c].type;
      if (!alike) {
        throw ThrownError(invalid("tables that are put together have the same columns: these have " + listed(all) +
                                  ", and " + listed(more)));
      }
      all[c].nullable = all[c].nullable || more[c].nullable;
      all[c].dictionary = all[c].dictionary || more[c].dictionary;
      all[c].raw = all[c].raw && more[c].raw;
    }
  }
  return all;
}

}  // namespace

Table select_rows(Pool& pool, const Table& table, Positions positions) {
  expect_rows(table, positions);
  return numbered_rows(pool, table, table.fields(), positions, true);
}

Table gather(Pool& pool, const Table& table, Positions positions, std::uint64_t first_row) {
  expect_rows(table, positions);
  Fields fields = table.fields();
  RowsCopy copy(pool, fields, {.rows = positions.size(), .heap = heap_bytes(table, fields, positions)});
  copy.append(table, positions);
  return copy.finish(first_row);
}

Table slice(Pool& pool, const Table& table, std::size_t first, std::size_t count) {
  std::size_t rows = table.rows();
  if (first > rows || count > rows - first) misuse::no_row(first > rows ? first : rows, rows);
  return numbered_rows(pool, table, table.fields(), Range{first, count},
                       table.row_numbers() != nullptr);
}

Table concatenate(Pool& pool, std::span<const Table> tables) {
  if (tables.empty()) throw std::invalid_argument("no table is there to be put together with others");
  Fields fields = joint_fields(tables);
  TableRoom room{.row_numbers = numbers_rise(tables)};
  for (const Table& table : tables) {
    room.rows += table.rows();
    room.heap += heap_bytes(table, fields, Range{0, table.rows()});
  }
  RowsCopy copy(pool, fields, room);
  std::size_t at = 0;
  for (const Table& table : tables) {
    copy.append(table, Range{0, table.rows()});
    if (room.row_numbers) put_numbers(table, Range{0, table.rows()}, copy.row_numbers() + at);
    at += table.rows();
  }
  return copy.finish(tables[0].first_row());
}

Table with_dictionaries(Pool& pool, const Table& table, const std::vector<std::string>& names) {
  Fields fields = table.fields();
  for (const std::string& name : names) {
    auto found = find_field(fields, name);
    if (!found) throw ThrownError(invalid(no_column_named(fields, name)));
    if (!in_heap(fields[*found].type) || fields[*found].type == ColumnType::RAW) {
      throw ThrownError(invalid("column " + name + " is " + std::string(type_name(fields[*found].type)) +
                                ": only text and bytes have dictionaries"));
    }
    fields[*found].dictionary = true;
  }
  return numbered_rows(pool, table, fields, Range{0, table.rows()}, table.row_numbers() != nullptr);
}

}  // namespace leat
