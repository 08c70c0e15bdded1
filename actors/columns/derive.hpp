/// Derive: a new column, computed from others by a function.
///
///   rows.map("angle", leat::derive("sine", [](double hour) { return std::sin(hour / 3.82); }, "hour"))
///       .map("speed", leat::derive("speed", [](double d, double t) { return d / t; }, "way", "time"));
///
/// Contract. The function takes one double for each column named and returns a number; it must be
/// callable while const, and pure. In: Tables. Out: Tables with one more F64 column, the last. Columns
/// must be numeric (bool: 0 or 1). A null in any of them makes the result null; NaN and infinity are
/// kept as they come. Errors: an unknown column (with the nearest name), one that is not numeric, a name
/// that is taken. Memory: one new chunk. Threads: stateless, any number of replicas.
#pragma once

#include <leat/chunk/table.hpp>
#include <leat/graph/declared_kind.hpp>

#include <functional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace leat {
namespace row_functions {

/// The numbers of several columns, one array each.
using Columns = std::span<const double* const>;

template <class>
using Number = double;

template <class R, class F, class... Names>
concept TakesOneDoubleEach = std::is_invocable_r_v<R, const F&, Number<Names>...>;

template <class F, std::size_t... I>
auto call(const F& f, Columns columns, std::size_t row, std::index_sequence<I...>) {
  return f(columns[I][row]...);
}

/// result[row] = f(row's cells), over all rows.
using Compute = std::function<void(Columns, std::size_t rows, double* result)>;

Kind<Table, Table> derive(std::string name, std::vector<std::string> columns, Compute compute);

}  // namespace row_functions

template <class F, class... Names>
Kind<Table, Table> derive(std::string name, F f, Names... columns) {
  static_assert(sizeof...(Names) > 0 && row_functions::TakesOneDoubleEach<double, F, Names...>,
                "leat: derive needs a function that takes one double for each column named and returns "
                "a number");
  if constexpr (row_functions::TakesOneDoubleEach<double, F, Names...>) {
    return row_functions::derive(
        std::move(name), {std::string(columns)...},
        [f](row_functions::Columns cells, std::size_t rows, double* result) {
          for (std::size_t row = 0; row < rows; ++row) {
            result[row] = static_cast<double>(
                row_functions::call(f, cells, row, std::index_sequence_for<Names...>()));
          }
        });
  } else {
    return {};
  }
}

}  // namespace leat
