/// Print: the first rows of what comes, shown where the run was started, on whichever node they are.
///
///   best.sink("show", leat::print({.rows = 10, .title = "best routes"}));
///
/// Contract. In: Tables, in the order they come. When the job is complete the run's summary shows a line of column
/// names and up to `rows` lines, cells as csv::write has them, an empty one for a null, and last how many rows there
/// are besides; so an interrupted or failed job prints nothing. Programs find the text among the report's results,
/// under `title`. At most 64 KiB are kept: rows beyond count among those besides, and of a row its first 4 KiB.
/// Tables whose columns are others than the first one's begin with a line of their own names. Counts "rows". Errors:
/// bytes columns. State: that text. One replica.
#pragma once

#include <leat/chunk/table.hpp>
#include <leat/graph/declared_kind.hpp>

#include <cstdint>
#include <string>

namespace leat {

struct PrintOptions {
  std::int64_t rows = 20;      ///< at most so many, 1 to 1000
  std::string title = "rows";  ///< what stands above them
};

Kind<void, Table> print(PrintOptions options = {});
DeclaredKind declared_print();

}  // namespace leat
