/// Columns: a column of a Table, checked once for its name, type and nulls, and then as fast as a span.
///
///   for (double delay : table.column<double>("delay")) sum += delay;
///   auto town = table.column<std::optional<std::string_view>>("town");   // of a column with nulls
///   if (town[row]) std::cout << *town[row];
///
/// T is double, float, Eigen::half, std::int64_t, std::int32_t, bool, std::string_view (text and bytes,
/// with a dictionary or without), Timestamp, or a std::optional of one of these. A column of another numeric
/// type is read, too, where every cell of it is exactly a T: integers as double, an i64 as int. Its cells are
/// then converted at once, into memory of the view's own; else nothing is copied.
///
/// What does not fit throws a ThrownError, in release too: no column of that name (with the nearest one), another
/// type, a number that is not exactly a T, a null where T is no optional. The stage then fails with its sentence.
#pragma once

#include <leat/chunk/column_place.hpp>
#include <leat/chunk/result.hpp>
#include <leat/chunk/table.hpp>

#include <chrono>
#include <compare>
#include <concepts>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

namespace leat {

/// A cell of a TIMESTAMP column.
using Timestamp = std::chrono::sys_time<std::chrono::nanoseconds>;

namespace columns {

template <class T>
struct Optional : std::false_type {
  using Value = T;
};
template <class T>
struct Optional<std::optional<T>> : std::true_type {
  using Value = T;
};

// How cells of a T lie in a table, and the type such a column has by itself.
template <class T>
struct Cell;
template <>
struct Cell<double> {
  using Stored = double;
  static constexpr ColumnType type = ColumnType::F64;
};
template <>
struct Cell<float> {
  using Stored = float;
  static constexpr ColumnType type = ColumnType::F32;
};
template <>
struct Cell<Eigen::half> {
  using Stored = Eigen::half;
  static constexpr ColumnType type = ColumnType::F16;
};
template <>
struct Cell<std::int64_t> {
  using Stored = std::int64_t;
  static constexpr ColumnType type = ColumnType::I64;
};
template <>
struct Cell<std::int32_t> {
  using Stored = std::int32_t;
  static constexpr ColumnType type = ColumnType::I32;
};
template <>
struct Cell<bool> {
  using Stored = std::uint8_t;
  static constexpr ColumnType type = ColumnType::BOOL;
};
template <>
struct Cell<Timestamp> {
  using Stored = std::int64_t;
  static constexpr ColumnType type = ColumnType::TIMESTAMP;
};
template <>
struct Cell<std::string_view> {
  using Stored = Span;
  static constexpr ColumnType type = ColumnType::TEXT;
};
template <>
struct Cell<std::string> : Cell<std::string_view> {};

template <class T>
concept Known = requires { typename Cell<typename Optional<T>::Value>::Stored; };

// Where the cells of one column are, once it is known that they can be read as what was asked for.
struct Readable {
  ColumnPlace place = {};
  std::size_t rows = 0;
  std::shared_ptr<const void> converted = {};  // what place.cells points into where they were converted
};

// Throws a ThrownError where `type` cannot be had, or where there are nulls and `nulls` is false.
Readable readable(const Table& table, std::string_view name, ColumnType type, bool nulls);
Readable readable(const Table& table, std::size_t column, ColumnType type, bool nulls);

// What readable() says of a column's type before there are rows; nullopt where it says nothing.
std::optional<Error> unfit(const Fields& fields, std::string_view name, ColumnType type);

// Iterates over anything with size() and operator[].
template <class Rows>
class Iterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using iterator_concept = std::random_access_iterator_tag;
  using difference_type = std::ptrdiff_t;
  using value_type = std::remove_cvref_t<decltype(std::declval<const Rows&>()[0])>;
  using reference = value_type;
  using pointer = void;

  Iterator() = default;
  Iterator(const Rows* rows, std::ptrdiff_t row) : rows_(rows), row_(row) {}

  value_type operator*() const { return (*rows_)[static_cast<std::size_t>(row_)]; }
  value_type operator[](difference_type n) const { return *(*this + n); }
  Iterator& operator++() { return ++row_, *this; }
  Iterator operator++(int) { return {rows_, row_++}; }
  Iterator& operator--() { return --row_, *this; }
  Iterator operator--(int) { return {rows_, row_--}; }
  Iterator& operator+=(difference_type n) { return row_ += n, *this; }
  Iterator& operator-=(difference_type n) { return row_ -= n, *this; }
  friend Iterator operator+(Iterator at, difference_type n) { return at += n; }
  friend Iterator operator+(difference_type n, Iterator at) { return at += n; }
  friend Iterator operator-(Iterator at, difference_type n) { return at -= n; }
  friend difference_type operator-(const Iterator& a, const Iterator& b) { return a.row_ - b.row_; }
  friend bool operator==(const Iterator& a, const Iterator& b) { return a.row_ == b.row_; }
  friend auto operator<=>(const Iterator& a, const Iterator& b) { return a.row_ <=> b.row_; }

 private:
  const Rows* rows_ = nullptr;
  std::ptrdiff_t row_ = 0;
};

}  // namespace columns

/// The cells of one column as Ts. A value that refers to its table and keeps it; string views of it live as long
/// as any Chunk of the table. Threads: as Chunk. Rows past the end are not looked for.
template <class T>
class ColumnView {
  static_assert(columns::Known<T>,
                "leat: a column is read as double, float, Eigen::half, std::int64_t, std::int32_t, bool, "
                "std::string_view, leat::Timestamp, or a std::optional of one of these");
  using Value = typename columns::Optional<T>::Value;
  using Stored = typename columns::Cell<Value>::Stored;
  static constexpr bool kNulls = columns::Optional<T>::value;
  static constexpr ColumnType kType = columns::Cell<Value>::type;

 public:
  /// Throws a ThrownError where the column does not fit.
  ColumnView(const Table& table, std::string_view name) : ColumnView(table, columns::readable(table, name, kType, kNulls)) {}
  /// By position; one that is not there throws std::out_of_range.
  ColumnView(const Table& table, std::size_t column)
      : ColumnView(table, columns::readable(table, column, kType, kNulls)) {}

  /// Why such columns cannot be read as T, before there is a table: for StageKind::describe.
  static Result<void> check(const Fields& fields, std::string_view name) {
    if (auto error = columns::unfit(fields, name, kType)) return *std::move(error);
    return {};
  }

  std::size_t size() const { return from_.rows; }
  bool empty() const { return size() == 0; }
  T operator[](std::size_t row) const {
    if constexpr (kNulls) {
      if (!valid(row)) return std::nullopt;
    }
    return value(row);
  }
  /// False for a null.
  bool valid(std::size_t row) const { return from_.place.valid(row); }
  /// All cells, those of nulls zero: numbers and bools, which are bytes of 0 or 1.
  std::span<const Stored> values() const
    requires(!std::is_same_v<Stored, Span>)
  {
    return {stored(), size()};
  }

  auto begin() const { return columns::Iterator<ColumnView>(this, 0); }
  auto end() const { return columns::Iterator<ColumnView>(this, static_cast<std::ptrdiff_t>(size())); }

 private:
  ColumnView(const Table& table, columns::Readable from) : table_(table.chunk()), from_(std::move(from)) {}

  const Stored* stored() const { return reinterpret_cast<const Stored*>(from_.place.cells); }
  Value value(std::size_t row) const {
    if constexpr (std::is_same_v<Stored, Span>) {
      return Value(from_.place.text(row));
    } else if constexpr (std::is_same_v<Value, Timestamp>) {
      return Timestamp(std::chrono::nanoseconds(stored()[row]));
    } else {
      return static_cast<Value>(stored()[row]);
    }
  }

  Chunk table_;
  columns::Readable from_;
};

/// A column of many tables, found by its name once: where it was in the last one it is looked for first.
///
///   leat::NamedColumn<double> delay{"delay"};             // in the actor
///   for (double each : delay.of(table)) sum += each;      // in visit()
///
/// Threads: one.
template <class T>
class NamedColumn {
 public:
  explicit NamedColumn(std::string name) : name_(std::move(name)) {}

  const std::string& name() const { return name_; }
  /// Throws a ThrownError where the column does not fit.
  ColumnView<T> of(const Table& table) const {
    if (last_ < table.columns() && table.name(last_) == name_) return ColumnView<T>(table, last_);
    if (auto found = table.find(name_)) last_ = *found;
    return ColumnView<T>(table, std::string_view(name_));
  }
  /// As ColumnView::check.
  Result<void> check(const Fields& fields) const { return ColumnView<T>::check(fields, name_); }

 private:
  std::string name_;
  mutable std::size_t last_ = 0;
};

template <class T>
ColumnView<T> Table::column(std::string_view name) const {
  return ColumnView<T>(*this, name);
}

template <class T>
ColumnView<T> Table::column(std::size_t position) const {
  return ColumnView<T>(*this, position);
}

}  // namespace leat
