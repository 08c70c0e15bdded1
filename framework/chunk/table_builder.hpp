/// Builds Tables: one block, written through raw pointers, finished once.
///
///   TableBuilder builder(*pool, {{"x"}, {"y", ColumnType::F32}}, 2);
///   builder.cells<double>(0)[0] = 1;  ...
///   Table table = std::move(builder).finish(2, 0);
#pragma once

#include <leat/chunk/table.hpp>

#include <concepts>
#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

namespace leat {

/// What a table needs besides its fields.
struct TableRoom {
  std::size_t rows = 0;      ///< cells a column
  std::size_t heap = 0;      ///< bytes of text and bytes, all columns together
  bool row_numbers = false;  ///< rows are not consecutive in their source
  bool lines = false;        ///< lines of their file do not follow from their numbers
};

/// The cells of a column that is being built: to be written, each looked at against the room there is.
template <class T>
class BuilderCells {
 public:
  BuilderCells(T* cells, std::size_t room) : cells_(cells), room_(room) {}

  /// Throws std::out_of_range for a row that there is no room for.
  template <std::integral I>
  T& operator[](I row) const {
    if (static_cast<std::size_t>(row) >= room_) misuse::no_row(static_cast<std::size_t>(row), room_);
    return cells_[row];
  }
  std::size_t size() const { return room_; }
  T* begin() const { return cells_; }
  T* end() const { return cells_ + room_; }
  /// Without checks: size() of them.
  T* data() const { return cells_; }
  operator T*() const { return cells_; }

 private:
  T* cells_;
  std::size_t room_;
};

/// Threads: one. The pool must outlive it. A column, a row or a type that is not there is a bug in the
/// caller and throws what misuse.hpp says; so does more than a table can hold, std::length_error. A text that
/// finds no room is never lost in silence: finish() throws. What is handed out as a pointer has no checks of its
/// own.
class TableBuilder {
 public:
  /// Throws std::length_error for room that no table has (512 MiB, or 2^32 - 1 rows) and
  /// std::logic_error for a dictionary of numbers.
  TableBuilder(Pool& pool, const Fields& fields, TableRoom room);
  TableBuilder(Pool& pool, const Fields& fields, std::size_t rows)
      : TableBuilder(pool, fields, TableRoom{.rows = rows}) {}

  /// Bytes of memory such a table pins: what credit will be charged at most.
  static std::size_t footprint(const Fields& fields, TableRoom room);

  /// The cells of a column, not zeroed: room.rows of them, to be written up to the final row count.
  /// T as in Table::values; text is not for writing here, see put().
  template <class T>
  BuilderCells<T> cells(std::size_t column) {
    std::byte* first = raw_cells(column);
    if (!ColumnTypeOf<T>::holds(fields_[column].type)) {
      misuse::wrong_type(fields_[column], ColumnTypeOf<T>::name);
    }
    return {reinterpret_cast<T*>(first), room_.rows};
  }
  std::byte* raw_cells(std::size_t column) {
    if (column >= columns_.size()) misuse::no_column(fields_, column);
    return body_ + columns_[column].cells;
  }

  /// Writes a text or bytes cell; one that nobody writes is empty. False when the heap has no room:
  /// nothing is written, and the row must be given another text, or null, or be left out, or
  /// finish() throws.
  bool put(std::size_t column, std::size_t row, std::string_view value);

  /// For who writes many texts at once: appends bytes to the heap, and says where they are; nullopt when the
  /// heap has no room. Cells that lie there are then written through spans().
  std::optional<std::uint32_t> put_heap(std::string_view bytes);
  /// The cells of a text or bytes column without a dictionary: room.rows of them, not zeroed, all to be written
  /// up to the final row count, each within what put_heap() has taken. Not together with put().
  BuilderCells<Span> spans(std::size_t column);
  /// The same for a column with a dictionary: enters a text and gives its code, nullopt when there is no room;
  /// cells are then written through codes().
  std::optional<std::int32_t> entry(std::size_t column, std::string_view text);
  BuilderCells<std::int32_t> codes(std::size_t column);
  /// Writes the first cells of a text or bytes column without a dictionary, all at once: `texts` goes to the heap as
  /// it is, and cell i is the part of it that parts[i] says, counted from its beginning. Room and result as put().
  /// Throws std::out_of_range for a part that is not in it.
  bool put_all(std::size_t column, std::string_view texts, std::span<const Span> parts);

  /// Keeps what its file says of a cell beside its value; one that nobody gives is empty. The field must be
  /// raw. Room and result as put().
  bool put_raw(std::size_t column, std::size_t row, std::string_view text);

  /// Makes a cell null and its value zero. The field must be nullable. Without it every cell holds
  /// a value. A table of which no cell is null has no bitmap.
  void set_null(std::size_t column, std::size_t row);

  /// Where the rows' numbers go when room.row_numbers is set: rising.
  std::uint64_t* row_numbers();
  /// Where Table::lines() go when room.lines is set.
  std::uint32_t* lines();

  /// The table of the first `rows` rows; the rest of the room is zeroed or cut off. `first_line`: see
  /// Table::first_line(). Throws std::length_error for more rows than there is room for, and for a text that found
  /// no room.
  Table finish(std::size_t rows, std::uint64_t first_row, std::uint64_t first_line = 0) &&;

 private:
  friend class ColumnCopy;

  struct Place {
    std::size_t cells = 0;
    std::size_t validity = 0;
    std::size_t raw = 0;
    std::size_t width = 0;
    std::size_t filled = 0;  // of text and bytes: all cells before this one hold something
    bool nulls = false;      // there is one
  };
  struct Dictionary {
    std::vector<Span> entries;
    std::unordered_map<std::string, std::int32_t> codes;
  };

  static std::size_t structure_bytes(const Fields& fields);
  static std::size_t body_bytes(const Fields& fields, TableRoom room);
  static std::size_t possible(const Fields& fields, const TableRoom& room);
  void lay_out();
  Place& place(std::size_t column, std::size_t row);
  bool write(std::size_t column, std::size_t row, std::string_view value);
  void fill(std::size_t column, std::size_t until);
  void written(std::size_t column, std::size_t row);
  void expect_all_texts(std::size_t rows) const;
  bool append(std::string_view value, Span& span);
  void clear_tail(std::size_t from, std::size_t used, std::size_t room);
  void finish_nulls(std::size_t column, std::size_t rows);
  void finish_dictionaries();

  Fields fields_;
  TableRoom room_;
  Building<schema::Table> building_;
  capnp::Orphan<capnp::Data> body_orphan_;
  std::byte* body_ = nullptr;
  std::size_t body_bytes_ = 0;
  std::vector<Place> columns_;
  std::map<std::size_t, Dictionary> dictionaries_;  // in the columns' order: it reaches the bytes
  std::vector<std::pair<std::size_t, std::size_t>> refused_;  // columns and rows whose text found no room
  std::size_t row_numbers_ = 0;
  std::size_t lines_ = 0;
  std::size_t heap_ = 0;
  std::size_t heap_used_ = 0;
};

}  // namespace leat
