/// Rows: a Table where rows are wanted, as tuples or as structs.
///
///   for (auto [hour, delay] : table.rows<int, double>("hour", "delay")) sum[hour] += delay;
///
///   struct Flight {
///     int hour;
///     double delay;
///     std::optional<std::string_view> town;
///     static constexpr auto columns() {
///       return leat::members("hour", &Flight::hour, "delay", &Flight::delay, "town", &Flight::town);
///     }
///   };
///   for (Flight flight : table.rows<Flight>()) ...
///   leat::Table made = leat::table_of(pool, flights);      // of a std::vector<Flight>
///
/// Types and what does not fit: as ColumnView. Columns are looked for once, rows are read one by one.
#pragma once

#include <leat/chunk/column.hpp>
#include <leat/chunk/table_builder.hpp>

#include <array>
#include <tuple>
#include <utility>

namespace leat {

/// Some columns of a table, row by row, as std::tuple<Ts...>. Lives and is shared as a ColumnView.
template <class... Ts>
class RowsView {
 public:
  template <class... Names>
  explicit RowsView(const Table& table, const Names&... names) : columns_{ColumnView<Ts>(table, names)...}, size_(table.rows()) {}

  std::size_t size() const { return size_; }
  std::tuple<Ts...> operator[](std::size_t row) const {
    return std::apply([row](const auto&... column) { return std::tuple<Ts...>(column[row]...); }, columns_);
  }
  auto begin() const { return columns::Iterator<RowsView>(this, 0); }
  auto end() const { return columns::Iterator<RowsView>(this, static_cast<std::ptrdiff_t>(size_)); }

 private:
  std::tuple<ColumnView<Ts>...> columns_;
  std::size_t size_ = 0;
};

/// A member of a struct and the column it is.
template <class S, class T>
struct ColumnMember {
  const char* name;
  T S::*member;
};

/// The columns of a struct: names and members in turn. For its `static constexpr auto columns()`.
constexpr auto members() { return std::tuple<>(); }
template <class S, class T, class... More>
constexpr auto members(const char* name, T S::*member, More... more) {
  return std::tuple_cat(std::tuple(ColumnMember<S, T>{name, member}), members(more...));
}

/// A struct that says which columns its members are.
template <class S>
concept RowStruct = requires { S::columns(); };

namespace columns {

template <class T>
Field field_of(const char* name) {
  static_assert(Known<T>, "leat: a member that is a column is of a type that ColumnView reads, or a std::string");
  return {name, Cell<typename Optional<T>::Value>::type, Optional<T>::value};
}

// What `value` takes of the heap.
template <class T>
std::size_t heap_bytes(const T& value) {
  if constexpr (Optional<T>::value) {
    return value ? heap_bytes(*value) : 0;
  } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
    return std::string_view(value).size();
  } else {
    return 0;
  }
}

template <class T>
void put(TableBuilder& builder, std::size_t column, std::size_t row, const T& value) {
  if constexpr (Optional<T>::value) {
    value ? put(builder, column, row, *value) : builder.set_null(column, row);
  } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
    (void)builder.put(column, row, value);  // there is room, or finish() throws
  } else if constexpr (std::is_same_v<T, Timestamp>) {
    builder.cells<std::int64_t>(column)[row] = value.time_since_epoch().count();
  } else {
    builder.cells<typename Cell<T>::Stored>(column)[row] = value;
  }
}

template <class S>
using MembersOf = decltype(S::columns());

template <class S, class Each>
void each_member(Each each) {
  std::apply([&](auto... member) { (each(member), ...); }, S::columns());
}

}  // namespace columns

/// The columns that a struct stands for.
template <RowStruct S>
Fields fields_of() {
  Fields fields;
  columns::each_member<S>([&]<class T>(ColumnMember<S, T> each) { fields.push_back(columns::field_of<T>(each.name)); });
  return fields;
}

/// The rows of a table as structs. Lives and is shared as a ColumnView.
template <class S>
class RowStructs {
  static_assert(RowStruct<S>, "leat: a struct that is a row has static constexpr auto columns(), see rows.hpp");
  template <class>
  struct ColumnsOf;
  template <class... Ts>
  struct ColumnsOf<std::tuple<ColumnMember<S, Ts>...>> {
    using type = std::tuple<ColumnView<Ts>...>;
  };

 public:
  explicit RowStructs(const Table& table)
      : columns_(std::apply(
            [&](const auto&... each) { return Columns{at(table, each)...}; }, S::columns())),
        size_(table.rows()) {}

  std::size_t size() const { return size_; }
  S operator[](std::size_t row) const {
    S made{};
    fill(made, row, std::make_index_sequence<std::tuple_size_v<Columns>>());
    return made;
  }
  auto begin() const { return columns::Iterator<RowStructs>(this, 0); }
  auto end() const { return columns::Iterator<RowStructs>(this, static_cast<std::ptrdiff_t>(size_)); }

 private:
  using Columns = typename ColumnsOf<columns::MembersOf<S>>::type;

  template <class T>
  static ColumnView<T> at(const Table& table, const ColumnMember<S, T>& member) {
    return ColumnView<T>(table, std::string_view(member.name));
  }
  template <std::size_t... I>
  void fill(S& made, std::size_t row, std::index_sequence<I...>) const {
    ((made.*(std::get<I>(S::columns()).member) = std::get<I>(columns_)[row]), ...);
  }

  Columns columns_;
  std::size_t size_ = 0;
};

/// A table of structs: `rows` is a sized range of them. Its rows are numbered from `first_row` on. Throws
/// std::length_error for more than a table can hold.
template <class Range, RowStruct S = std::remove_cvref_t<decltype(*std::begin(std::declval<const Range&>()))>>
Table table_of(Pool& pool, const Range& rows, std::uint64_t first_row = 0) {
  TableRoom room{.rows = static_cast<std::size_t>(std::size(rows))};
  for (const S& row : rows) {
    columns::each_member<S>([&](auto each) { room.heap += columns::heap_bytes(row.*each.member); });
  }
  TableBuilder builder(pool, fields_of<S>(), room);
  std::size_t at = 0;
  for (const S& row : rows) {
    std::size_t column = 0;
    columns::each_member<S>([&](auto each) { columns::put(builder, column++, at, row.*each.member); });
    ++at;
  }
  return std::move(builder).finish(room.rows, first_row);
}

template <class... Ts, class... Names>
  requires(sizeof...(Ts) > 0 && sizeof...(Ts) == sizeof...(Names))
RowsView<Ts...> Table::rows(const Names&... names) const {
  return RowsView<Ts...>(*this, names...);
}

template <class S>
RowStructs<S> Table::rows() const {
  return RowStructs<S>(*this);
}

}  // namespace leat
