#include <leat/chunk/table_builder.hpp>

#include <algorithm>
#include <cstring>
#include <limits>
#include <stdexcept>

namespace leat {
namespace {

constexpr std::size_t kLine = 64;

std::size_t whole_lines(std::size_t bytes) { return (bytes + kLine - 1) / kLine * kLine; }

// Words of the root pointer, the Table struct and the tag of its list of columns; of one Column.
constexpr std::size_t kTableWords =
    1 + schema::Table::_capnpPrivate::dataWordSize + schema::Table::_capnpPrivate::pointerCount + 1;
constexpr std::size_t kColumnWords = 5 + 1;

// What Cap'n Proto can hold in one Data.
constexpr std::size_t kMostBytes = (std::size_t{1} << 29) - 1;
constexpr std::size_t kMostRows = std::numeric_limits<std::uint32_t>::max();

// No sum over `fields` wraps where this holds.
bool countable(const Fields& fields, const TableRoom& room) {
  return room.rows <= kMostRows && room.heap <= kMostRows && fields.size() <= kMostBytes;
}

// Two pieces that may overlap: a call for a few bytes takes longer than they do.
template <class Piece>
void copy_ends(std::byte* to, const char* from, std::size_t size) {
  Piece first, last;
  std::memcpy(&first, from, sizeof first);
  std::memcpy(&last, from + size - sizeof last, sizeof last);
  std::memcpy(to, &first, sizeof first);
  std::memcpy(to + size - sizeof last, &last, sizeof last);
}

void copy_text(std::byte* to, std::string_view value) {
  std::size_t size = value.size();
  if (size > 16) {
    std::memcpy(to, value.data(), size);
  } else if (size >= 8) {
    copy_ends<std::uint64_t>(to, value.data(), size);
  } else if (size >= 4) {
    copy_ends<std::uint32_t>(to, value.data(), size);
  } else if (size >= 2) {
    copy_ends<std::uint16_t>(to, value.data(), size);
  } else if (size == 1) {
    *to = static_cast<std::byte>(value[0]);
  }
}

}  // namespace

std::size_t TableBuilder::structure_bytes(const Fields& fields) {
  std::size_t words = kTableWords;
  for (const Field& field : fields) words += kColumnWords + field.name.size() / 8 + 1;
  return words * 8;
}

// With kLine to spare, so that the first column can start on a line wherever the body starts, and a
// word, so that the last one can be zeroed to its end.
std::size_t TableBuilder::body_bytes(const Fields& fields, TableRoom room) {
  std::size_t bytes = kLine + 8;
  for (const Field& field : fields) {
    bytes += whole_lines(room.rows * cell_bytes(field.type, field.dictionary));
    if (field.nullable) bytes += whole_lines((room.rows + 7) / 8);
    if (field.dictionary) bytes += room.rows * sizeof(Span) + kLine;
    if (field.raw) bytes += whole_lines(room.rows * sizeof(Span));
  }
  if (room.row_numbers) bytes += whole_lines(room.rows * 8);
  if (room.lines) bytes += whole_lines(room.rows * 4);
  return bytes + room.heap;
}

std::size_t TableBuilder::footprint(const Fields& fields, TableRoom room) {
  if (!countable(fields, room)) return std::numeric_limits<std::size_t>::max();
  return Pool::footprint(structure_bytes(fields) + body_bytes(fields, room) + 8);
}

// The bytes of the body, once it is known that there can be such a table.
std::size_t TableBuilder::possible(const Fields& fields, const TableRoom& room) {
  for (const Field& field : fields) {
    if (field.dictionary && !in_heap(field.type)) misuse::wrong_type(field, "numbers");
  }
  if (countable(fields, room) && body_bytes(fields, room) <= kMostBytes) return body_bytes(fields, room);
  throw std::length_error("a table of " + std::to_string(room.rows) + " rows in " + std::to_string(fields.size()) +
                          " columns with " + std::to_string(room.heap) +
                          " bytes of text is more than the 512 MiB that a table may have: make smaller ones");
}

TableBuilder::TableBuilder(Pool& pool, const Fields& fields, TableRoom room)
    : fields_(fields),
      room_(room),
      building_(pool, structure_bytes(fields) + possible(fields, room) + 8, structure_bytes(fields)),
      body_bytes_(body_bytes(fields, room)) {
  auto root = building_.root();
  root.setCapacity(static_cast<std::uint32_t>(room.rows));
  auto columns = root.initColumns(static_cast<capnp::uint>(fields.size()));
  for (std::size_t i = 0; i < fields.size(); ++i) {
    auto column = columns[static_cast<capnp::uint>(i)];
    column.setName(capnp::Text::Reader(fields[i].name.c_str(), fields[i].name.size()));
    column.setType(fields[i].type);
    column.setNullable(fields[i].nullable);
  }
  body_orphan_ = building_.bulk(body_bytes_);
  body_ = reinterpret_cast<std::byte*>(body_orphan_.get().begin());
  lay_out();
}

void TableBuilder::lay_out() {
  // Never 0: offset 0 says that there is no bitmap, no dictionary, no numbers.
  std::size_t at = kLine - reinterpret_cast<std::uintptr_t>(body_) % kLine;
  auto columns = building_.root().getColumns();
  columns_.resize(fields_.size());
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    columns_[i].width = cell_bytes(fields_[i].type, fields_[i].dictionary);
    columns_[i].cells = at;
    columns[static_cast<capnp::uint>(i)].setCells(at);
    at += whole_lines(room_.rows * columns_[i].width);
    if (fields_[i].dictionary) dictionaries_[i];
  }
  std::memset(body_, 0, columns_.empty() ? at : columns_[0].cells);
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (!fields_[i].nullable) continue;
    columns_[i].validity = at;
    std::memset(body_ + at, 0xff, (room_.rows + 7) / 8);
    at += whole_lines((room_.rows + 7) / 8);
  }
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (!fields_[i].raw) continue;
    columns_[i].raw = at;
    columns[static_cast<capnp::uint>(i)].setRaw(at);
    std::memset(body_ + at, 0, whole_lines(room_.rows * sizeof(Span)));
    at += whole_lines(room_.rows * sizeof(Span));
  }
  if (room_.row_numbers) {
    row_numbers_ = at;
    at += whole_lines(room_.rows * 8);
  }
  if (room_.lines) {
    lines_ = at;
    at += whole_lines(room_.rows * 4);
  }
  heap_ = at;
}

[[gnu::always_inline]] inline bool TableBuilder::append(std::string_view value, Span& span) {
  if (value.size() > room_.heap - heap_used_) return false;
  copy_text(body_ + heap_ + heap_used_, value);
  span = {static_cast<std::uint32_t>(heap_used_), static_cast<std::uint32_t>(value.size())};
  heap_used_ += value.size();
  return true;
}

TableBuilder::Place& TableBuilder::place(std::size_t column, std::size_t row) {
  if (column >= columns_.size()) misuse::no_column(fields_, column);
  if (row >= room_.rows) misuse::no_row(row, room_.rows);
  return columns_[column];
}

bool TableBuilder::put(std::size_t column, std::size_t row, std::string_view value) {
  // The next cell of a column without a dictionary: nearly all of them.
  if (column < columns_.size() && row < room_.rows && in_heap(fields_[column].type) && !fields_[column].dictionary &&
      columns_[column].filled == row && refused_.empty() && value.size() <= room_.heap - heap_used_) [[likely]] {
    Place& next = columns_[column];
    Span span;
    append(value, span);
    std::memcpy(body_ + next.cells + row * sizeof span, &span, sizeof span);
    ++next.filled;
    return true;
  }
  const Place& to = place(column, row);
  if (!in_heap(fields_[column].type)) misuse::wrong_type(fields_[column], "text");
  if (row > to.filled) fill(column, row);
  if (!write(column, row, value)) {
    refused_.emplace_back(column, row);
    return false;
  }
  written(column, row);
  return true;
}

std::optional<std::uint32_t> TableBuilder::put_heap(std::string_view bytes) {
  Span span;
  if (!append(bytes, span)) return std::nullopt;
  return span.offset;
}

BuilderCells<Span> TableBuilder::spans(std::size_t column) {
  std::byte* first = raw_cells(column);
  if (!in_heap(fields_[column].type) || fields_[column].dictionary) misuse::wrong_type(fields_[column], "plain text");
  columns_[column].filled = room_.rows;
  return {reinterpret_cast<Span*>(first), room_.rows};
}

bool TableBuilder::put_all(std::size_t column, std::string_view texts, std::span<const Span> parts) {
  if (parts.empty()) return true;
  Place& to = place(column, 0);
  place(column, parts.size() - 1);
  const Field& field = fields_[column];
  if (!in_heap(field.type)) misuse::wrong_type(field, "text");
  if (field.dictionary) throw std::logic_error("column " + field.name + " has a dictionary: put its texts one by one");
  std::uint64_t end = 0;
  for (Span part : parts) end = std::max(end, std::uint64_t{part.offset} + part.length);
  if (end > texts.size()) throw std::out_of_range("column " + field.name + ": a cell is no part of its texts");
  Span all;
  if (!append(texts, all)) {
    refused_.emplace_back(column, 0);
    return false;
  }
  auto* cells = reinterpret_cast<Span*>(body_ + to.cells);
  for (std::size_t row = 0; row < parts.size(); ++row) {
    cells[row] = {parts[row].offset + all.offset, parts[row].length};
  }
  to.filled = std::max(to.filled, parts.size());
  if (!refused_.empty()) {
    std::erase_if(refused_, [&](const auto& each) { return each.first == column && each.second < parts.size(); });
  }
  return true;
}

bool TableBuilder::put_raw(std::size_t column, std::size_t row, std::string_view text) {
  const Place& to = place(column, row);
  if (!fields_[column].raw) throw std::logic_error("column " + fields_[column].name + " keeps nothing of its file");
  Span span;
  if (!append(text, span)) {
    refused_.emplace_back(column, row);
    return false;
  }
  std::memcpy(body_ + to.raw + row * sizeof span, &span, sizeof span);
  if (!refused_.empty()) std::erase(refused_, std::pair(column, row));
  return true;
}

std::optional<std::int32_t> TableBuilder::entry(std::size_t column, std::string_view text) {
  auto known = dictionaries_.find(column);
  if (known == dictionaries_.end()) {
    raw_cells(column);
    misuse::wrong_type(fields_[column], "a dictionary's");
  }
  Dictionary& dictionary = known->second;
  auto [found, fresh] =
      dictionary.codes.try_emplace(std::string(text), static_cast<std::int32_t>(dictionary.entries.size()));
  if (!fresh) return found->second;
  Span span;
  // An entry a row, and one for cells that nobody writes: more come only of texts that were replaced.
  if (dictionary.entries.size() > room_.rows || !append(text, span)) {
    dictionary.codes.erase(found);
    return std::nullopt;
  }
  dictionary.entries.push_back(span);
  return found->second;
}

BuilderCells<std::int32_t> TableBuilder::codes(std::size_t column) {
  std::byte* first = raw_cells(column);
  if (!fields_[column].dictionary) misuse::wrong_type(fields_[column], "the codes of a dictionary");
  columns_[column].filled = room_.rows;
  return {reinterpret_cast<std::int32_t*>(first), room_.rows};
}

bool TableBuilder::write(std::size_t column, std::size_t row, std::string_view value) {
  std::byte* cell = body_ + columns_[column].cells + row * columns_[column].width;
  if (fields_[column].dictionary) {
    auto code = entry(column, value);
    if (code) std::memcpy(cell, &*code, sizeof *code);
    return code.has_value();
  }
  Span span;
  if (!append(value, span)) return false;
  std::memcpy(cell, &span, sizeof span);
  return true;
}

// Makes the cells that were passed over empty: they are stale.
void TableBuilder::fill(std::size_t column, std::size_t until) {
  Place& to = columns_[column];
  if (until > to.filled) {
    std::memset(body_ + to.cells + to.filled * to.width, 0, (until - to.filled) * to.width);
  }
  for (std::size_t row = to.filled; fields_[column].dictionary && row < until; ++row) write(column, row, "");
  to.filled = std::max(to.filled, until);
}

void TableBuilder::written(std::size_t column, std::size_t row) {
  if (columns_[column].filled == row) ++columns_[column].filled;
  if (!refused_.empty()) std::erase(refused_, std::pair(column, row));
}

void TableBuilder::expect_all_texts(std::size_t rows) const {
  for (auto [column, row] : refused_) {
    if (row >= rows) continue;
    throw std::length_error("column " + fields_[column].name + ": the text of row " + std::to_string(row) +
                            " found no room in a heap of " + std::to_string(room_.heap) +
                            " bytes: ask for more, or look at what put() says");
  }
}

std::uint64_t* TableBuilder::row_numbers() {
  if (!room_.row_numbers) throw std::logic_error("a table is given row numbers and has no room for them: ask for it");
  return reinterpret_cast<std::uint64_t*>(body_ + row_numbers_);
}

std::uint32_t* TableBuilder::lines() {
  if (!room_.lines) throw std::logic_error("a table is given its rows' lines and has no room for them: ask for it");
  return reinterpret_cast<std::uint32_t*>(body_ + lines_);
}

void TableBuilder::set_null(std::size_t column, std::size_t row) {
  Place& to = place(column, row);
  const Field& field = fields_[column];
  if (!field.nullable) {
    throw std::logic_error("column " + field.name + " is not nullable and is given a null");
  }
  if (in_heap(field.type) && row > to.filled) fill(column, row);
  to.nulls = true;
  std::memset(body_ + to.cells + row * to.width, 0, to.width);
  body_[to.validity + row / 8] &= static_cast<std::byte>(~(1u << (row % 8)));
  // Code 0 must name an entry even in a column of nulls only.
  if (field.dictionary && dictionaries_[column].entries.empty()) write(column, row, "");
  if (in_heap(field.type)) written(column, row);
}

void TableBuilder::clear_tail(std::size_t from, std::size_t used, std::size_t room) {
  std::memset(body_ + from + used, 0, whole_lines(room) - used);
}

void TableBuilder::finish_dictionaries() {
  auto columns = building_.root().getColumns();
  for (auto& [column, dictionary] : dictionaries_) {
    std::size_t at = heap_ + heap_used_;
    std::size_t aligned = (at + 7) / 8 * 8;
    std::memset(body_ + at, 0, aligned - at);
    std::size_t bytes = dictionary.entries.size() * sizeof(Span);
    if (bytes > 0) std::memcpy(body_ + aligned, dictionary.entries.data(), bytes);
    heap_used_ = aligned + bytes - heap_;
    auto described = columns[static_cast<capnp::uint>(column)];
    described.setDictionary(aligned);
    described.setDictionarySize(static_cast<std::uint32_t>(dictionary.entries.size()));
  }
}

void TableBuilder::finish_nulls(std::size_t column, std::size_t rows) {
  const Place& place = columns_[column];
  if (!place.nulls) {
    clear_tail(place.validity, 0, (room_.rows + 7) / 8);
    return;
  }
  building_.root().getColumns()[static_cast<capnp::uint>(column)].setValidity(place.validity);
  clear_tail(place.validity, (rows + 7) / 8, (room_.rows + 7) / 8);
  if (rows % 8) body_[place.validity + rows / 8] &= static_cast<std::byte>((1u << rows % 8) - 1);
}

Table TableBuilder::finish(std::size_t rows, std::uint64_t first_row, std::uint64_t first_line) && {
  if (rows > room_.rows) {
    throw std::length_error("a table with room for " + std::to_string(room_.rows) + " rows is finished with " +
                            std::to_string(rows));
  }
  expect_all_texts(rows);
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (in_heap(fields_[i].type)) fill(i, rows);
    const Place& place = columns_[i];
    clear_tail(place.cells, rows * place.width, room_.rows * place.width);
    if (place.raw) clear_tail(place.raw, rows * sizeof(Span), room_.rows * sizeof(Span));
    if (fields_[i].nullable) finish_nulls(i, rows);
  }
  if (room_.row_numbers) clear_tail(row_numbers_, rows * 8, room_.rows * 8);
  if (room_.lines) clear_tail(lines_, rows * 4, room_.rows * 4);
  finish_dictionaries();
  auto root = building_.root();
  root.setRows(static_cast<std::uint32_t>(rows));
  root.setFirstRow(first_row);
  root.setRowNumbers(row_numbers_);
  root.setFirstLine(first_line);
  root.setLines(lines_);
  root.setHeap(heap_);
  root.setHeapSize(heap_used_);
  std::size_t used = heap_ + heap_used_;
  std::memset(body_ + used, 0, std::min<std::size_t>(body_bytes_ - used, 8 - used % 8));
  body_orphan_.truncate(static_cast<capnp::uint>(used));
  root.adoptBody(kj::mv(body_orphan_));
  return Table(std::move(building_).finish());
}

}  // namespace leat
