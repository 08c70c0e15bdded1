/// Where: keeps the rows for which a function of their columns is true.
///
///   rows.filter("airborne", leat::where([](double height) { return height > 0; }, "height"));
///
/// Contract. The function takes one double for each column named and returns bool; it must be callable
/// while const, and pure. In and out: Tables; the rows keep their numbers and their order, chunks
/// without a row left are not passed on, chunks with all rows left are passed on as they are. Columns
/// must be numeric (bool: 0 or 1). A row with a null in one of them is dropped, and counted as "rows
/// dropped": nobody asked for that. Errors: an unknown column (with the nearest name), one that is
/// not numeric. Threads: stateless, any number of replicas.
///
/// A comparison with a number needs no function, and can so be written in a file:
///
///   rows.filter("late", leat::where({.column = "delay", .is = leat::Compares::more, .value = 15}));
#pragma once

#include <leat/actors/derive.hpp>

namespace leat {

enum class Compares { less, at_most, more, at_least, equal, unequal };

/// A cell, how it compares, and with what.
struct Comparison {
  std::string column;
  Compares is = Compares::equal;
  double value = 0;
};

Kind<Table, Table> where(Comparison comparison);
DeclaredKind declared_where();

namespace row_functions {

/// Removes from `rows` those that are not to be kept.
using Choose = std::function<void(Columns, std::vector<std::uint32_t>& rows)>;

Kind<Table, Table> where(std::vector<std::string> columns, Choose choose);

}  // namespace row_functions

template <class F, class... Names>
Kind<Table, Table> where(F f, Names... columns) {
  static_assert(sizeof...(Names) > 0 && row_functions::TakesOneDoubleEach<bool, F, Names...>,
                "leat: where needs a function that takes one double for each column named and returns "
                "bool");
  if constexpr (row_functions::TakesOneDoubleEach<bool, F, Names...>) {
    return row_functions::where(
        {std::string(columns)...},
        [f](row_functions::Columns cells, std::vector<std::uint32_t>& rows) {
          std::erase_if(rows, [&](std::uint32_t row) {
            return !row_functions::call(f, cells, row, std::index_sequence_for<Names...>());
          });
        });
  } else {
    return {};
  }
}

}  // namespace leat
