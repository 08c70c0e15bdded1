#include <leat/chunk/column_copy.hpp>

#include <algorithm>
#include <bit>
#include <cstring>
#include <stdexcept>

namespace leat {
namespace {

std::size_t lengths(const Span* spans, std::size_t count) {
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < count; ++i) bytes += spans[i].length;
  return bytes;
}

std::size_t own_bytes(const ColumnPlace& column, std::size_t rows) {
  std::size_t bytes = column.raw ? lengths(column.raw, rows) : 0;
  if (!in_heap(column.type)) return bytes;
  if (column.dictionary) return bytes + lengths(column.dictionary, column.dictionary_size);
  return bytes + lengths(reinterpret_cast<const Span*>(column.cells), rows);
}

std::size_t own_bytes(const Table& table, const ColumnCopy::Positions& columns) {
  std::size_t bytes = 0;
  for (std::size_t column : columns) bytes += own_bytes(place_of(table, column), table.rows());
  return bytes;
}

std::size_t heap_size(const Table& table) { return table.chunk().root<schema::Table>().getHeapSize(); }

// Whether the heap is copied in one piece: it holds hardly more than what is copied.
bool in_one_piece(const Table& table, std::size_t own) { return own > 0 && heap_size(table) <= own + own / 8 + 64; }

}  // namespace

std::size_t ColumnCopy::heap_bytes(const Table& table, const Positions& columns) {
  std::size_t own = own_bytes(table, columns);
  return in_one_piece(table, own) ? std::max(own, heap_size(table)) : own;
}

TableRoom ColumnCopy::room(const Table& table, const Positions& columns) {
  return {.rows = table.rows(),
          .heap = heap_bytes(table, columns),
          .row_numbers = table.row_numbers() != nullptr,
          .lines = table.lines() != nullptr};
}

Table finish_as(TableBuilder&& builder, const Table& table) {
  std::size_t rows = table.rows();
  if (table.row_numbers()) std::copy_n(table.row_numbers(), rows, builder.row_numbers());
  if (table.lines()) std::copy_n(table.lines(), rows, builder.lines());
  return std::move(builder).finish(rows, table.first_row(), table.first_line());
}

char* ColumnCopy::take(std::size_t bytes, std::uint32_t& offset) {
  if (bytes > builder_.room_.heap - builder_.heap_used_) {
    throw std::length_error("a heap of " + std::to_string(builder_.room_.heap) + " bytes has no room for " +
                            std::to_string(bytes) + " more: ask for more");
  }
  offset = static_cast<std::uint32_t>(builder_.heap_used_);
  builder_.heap_used_ += bytes;
  return reinterpret_cast<char*>(builder_.body_ + builder_.heap_ + offset);
}

Span* ColumnCopy::spans(std::size_t column) {
  builder_.columns_[column].filled = builder_.room_.rows;
  return reinterpret_cast<Span*>(builder_.raw_cells(column));
}

Span* ColumnCopy::raw(std::size_t column) {
  return reinterpret_cast<Span*>(builder_.body_ + builder_.columns_[column].raw);
}

void ColumnCopy::nulls(std::size_t column, const std::uint8_t* bits, std::size_t rows) {
  if (!bits || rows == 0) return;
  TableBuilder::Place& place = builder_.columns_[column];
  std::size_t valid = 0;
  for (std::size_t i = 0; i < rows / 8; ++i) valid += static_cast<std::size_t>(std::popcount(bits[i]));
  for (std::size_t row = rows / 8 * 8; row < rows; ++row) valid += bits[row / 8] >> (row % 8) & 1;
  if (valid == rows) return;
  const Field& field = builder_.fields_[column];
  if (!field.nullable) throw std::logic_error("column " + field.name + " is not nullable and is given nulls");
  std::memcpy(builder_.body_ + place.validity, bits, (rows + 7) / 8);
  place.nulls = true;
}

void ColumnCopy::spans(const Span* from, std::size_t count, std::int64_t shift, Span* to) {
  for (std::size_t i = 0; i < count; ++i) {
    // Of a null, and of nothing, all is zero.
    to[i] = {from[i].length ? static_cast<std::uint32_t>(from[i].offset + shift) : 0, from[i].length};
  }
}

// Each text by itself: they lie among others.
void ColumnCopy::whole(const Span* from, std::size_t count, const char* heap, Span* to) {
  std::uint32_t offset = 0;
  char* at = take(lengths(from, count), offset);
  for (std::size_t i = 0; i < count; ++i) {
    if (from[i].length) std::memcpy(at, heap + from[i].offset, from[i].length);
    to[i] = {from[i].length ? offset : 0, from[i].length};
    at += from[i].length;
    offset += from[i].length;
  }
}

void ColumnCopy::texts(const ColumnPlace& from, std::size_t rows, std::size_t to, const std::int64_t* shift) {
  auto put = [&](const Span* some, std::size_t count, Span* where) {
    shift ? spans(some, count, *shift, where) : whole(some, count, from.heap, where);
  };
  if (from.raw) put(from.raw, rows, raw(to));
  if (!in_heap(from.type)) return;
  if (!from.dictionary) return put(reinterpret_cast<const Span*>(from.cells), rows, spans(to));
  spans(to);
  std::memcpy(builder_.raw_cells(to), from.cells, rows * sizeof(std::int32_t));
  auto& entries = builder_.dictionaries_[to].entries;
  entries.resize(from.dictionary_size);
  put(from.dictionary, entries.size(), entries.data());
}

void ColumnCopy::columns(const Table& table, const Positions& from, const Positions& to) {
  std::size_t rows = table.rows();
  std::size_t own = own_bytes(table, from);
  std::int64_t shift = 0;
  bool one_piece = in_one_piece(table, own);
  if (one_piece) {
    std::uint32_t offset = 0;
    char* at = take(heap_size(table), offset);
    std::memcpy(at, place_of(table, from[0]).heap, heap_size(table));
    shift = offset;
  }
  for (std::size_t i = 0; i < from.size(); ++i) {
    ColumnPlace place = place_of(table, from[i]);
    // Room is for as many entries as there are rows.
    if (place.dictionary && place.dictionary_size > rows + 1) {
      for (std::size_t row = 0; row < rows; ++row) builder_.put(to[i], row, place.text(row));
    } else {
      texts(place, rows, to[i], one_piece ? &shift : nullptr);
      if (!in_heap(place.type) && rows > 0)
        std::memcpy(builder_.raw_cells(to[i]), place.cells, rows * cell_bytes(place.type));
    }
    nulls(to[i], place.validity, rows);
  }
}

}  // namespace leat
