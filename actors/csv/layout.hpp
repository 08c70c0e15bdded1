/// How a parser lays a file's columns out as a Table's: decided once, before any row.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <leat/actor/description.hpp>
#include <leat/actors/csv/parse.hpp>
#include <leat/chunk/result.hpp>
#include <leat/graph/column_names.hpp>

namespace leat::csv {

inline constexpr std::size_t kNotWanted = ~std::size_t{0};

/// One column of the file.
struct FileColumn {
  std::string name;
  ColumnType type = ColumnType::TEXT;  ///< RAW: its cells are taken as they lie
  bool carried = false;                ///< its cells are kept as they lie, too
  std::size_t output = kNotWanted;  ///< its column in the Table
};

/// Consecutive columns of the file that are read alike.
struct Run {
  enum class How {
    f64,
    f32,
    i64,
    text,     ///< of which only an empty cell is null
    raw,      ///< as it lies
    skip,     ///< not asked for
    general,  ///< any type, a cell at a time
  };
  How how = How::general;
  bool carried = false;  ///< of numbers: their text is kept, too
  std::size_t first = 0;
  std::size_t last = 0;  ///< one past
};

/// Immutable; shared by replicas.
struct ColumnLayout {
  std::string path;  ///< as notes have it: of all files
  char delimiter = ',';
  char decimal = '.';
  std::vector<std::string> nulls = {};
  bool text_nulls = false;  ///< they hold for text and bytes, of which else only an empty cell is null
  BadCells bad = BadCells::fail;
  std::vector<FileColumn> columns;
  std::vector<Run> runs;  ///< all columns, in the file's order
  Fields output;
  std::size_t heaps = 0;      ///< heap of a Table, in lengths of its text: 0, 1, or 2 where text is kept twice
  std::size_t cells_row = 0;  ///< bytes of cells of one output row

  /// Rows of one Table made from text of `bytes` bytes, and with room for their lines when those are kept: as many
  /// as fit 512 KiB, at least a few.
  std::size_t most_rows(std::size_t bytes, bool lines = false) const;
};

/// Of the output only what is `wanted`, and at least one column. Errors: a column that is declared or asked for
/// and is not in the file, is there more than once, or is asked for twice; a description that no CSV source gave.
Result<ColumnLayout> layout_of(const Description& input, const ParseOptions& options,
                            const ColumnNames& wanted = ColumnNames::all());

}  // namespace leat::csv
