/// How a parser lays a file's columns out as a Table's: decided once, before any row.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <leat/actor/description.hpp>
#include <leat/actors/csv_parse.hpp>
#include <leat/chunk/result.hpp>

namespace leat::csv {

inline constexpr std::size_t kNotWanted = ~std::size_t{0};

/// One column of the file.
struct FileColumn {
  std::string name;
  ColumnType type = ColumnType::TEXT;
  std::size_t output = kNotWanted;  ///< its column in the Table
};

/// Consecutive columns of the file that are read alike.
struct Run {
  enum class How {
    f64,
    f32,
    skip,     ///< not asked for
    general,  ///< any type, a cell at a time
  };
  How how = How::general;
  std::size_t first = 0;
  std::size_t last = 0;  ///< one past
};

/// Immutable; shared by replicas.
struct Layout {
  std::string path;
  char delimiter = ',';
  BadCells bad = BadCells::fail;
  std::vector<FileColumn> columns;
  std::vector<Run> runs;  ///< all columns, in the file's order
  Fields output;
  bool has_heap = false;      ///< there is text or bytes in the output
  std::size_t cells_row = 0;  ///< bytes of cells of one output row

  /// Rows of one Table made from text of `bytes` bytes: as many as fit 512 KiB, at least a few.
  std::size_t most_rows(std::size_t bytes) const;
};

/// Errors: a column that is declared or asked for and is not in the file, or is asked for twice; a
/// description that no CSV source gave.
Result<Layout> lay_out(const Description& input, const ParseOptions& options);

}  // namespace leat::csv
