/// Where: keeps the rows for which an expression, or a function of their columns, is true.
///
///   rows.filter("late", leat::where("delay > 15 and carrier == 'AA'"));
///   rows.filter("airborne", leat::where([](double height) { return height > 0; }, "height"));
///
/// Contract. An expression is of the language in docs/expressions.md, on columns of any type, and true or false. A
/// function takes one double for each column named, which must be numeric (bool: 0 or 1), and returns bool; it must be
/// callable while const, and pure. In and out: Tables; the rows keep their numbers and their order, chunks without a
/// row left are not passed on, chunks with all rows left are passed on as they are. A row of which an expression is
/// null, or with a null in a column of a function, is dropped, and counted as "rows dropped": nobody asked for that.
/// Errors: an unknown column (with the nearest name), types that do not go together, an expression that is no
/// condition; a cell that cannot be computed, as of compute. Threads: stateless, any number of replicas.
#pragma once

#include <leat/actors/columns/derive.hpp>

namespace leat {

Kind<Table, Table> where(std::string condition);
DeclaredKind declared_where();

namespace row_functions {

/// Removes from `rows` those that are not to be kept.
using Choose = std::function<void(Columns, std::vector<std::uint32_t>& rows)>;

Kind<Table, Table> where(std::vector<std::string> columns, Choose choose);

}  // namespace row_functions

template <class F, class... Names>
  requires(!std::is_convertible_v<F, std::string>)
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
