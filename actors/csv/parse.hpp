/// CSV parser: blocks of text in, Tables out.
///
///   rows.map("parse", csv::parse({.real = ColumnType::F32, .bad = csv::BadCells::drop}))
///
/// Cells, by the type of their column:
/// - f64, f32, f16: decimal, rounded once to nearest; nan and inf (any case) are values; what is too large for the
///   type is out of range, what is too small is 0. i64, i32: decimal integers. Numbers may have spaces around them,
///   a leading +, and quotes.
/// - bool: true, false (any case), 1, 0.
/// - timestamp: ISO 8601, 2024-05-01, 2024-05-01T12:30, 2024-05-01 12:30:15.25Z or +02:00; without a zone it is
///   UTC; 1677-09-21 to 2262-04-11.
/// - text: UTF-8. bytes: anything.
///
/// An unquoted cell that is empty or says NA is null, or what `nulls` says instead; of text and bytes only an
/// empty one is, unless nulls are given. A bad cell is one that is no null and that its type cannot hold, or one
/// with text after its closing quote. A row with fewer or more cells than columns is a bad row.
///
/// A column that is only carried to a writer (ColumnNames) stays as it lies in the file: its cells are not looked
/// at, are neither null nor bad, and its type is RAW; one that is read and carried is kept as both.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <leat/chunk/table.hpp>
#include <leat/graph/declared_kind.hpp>
#include <leat/schemas/csv.capnp.h>

namespace leat::csv {

/// What becomes of bad cells and rows.
enum class BadCells {
  fail,  ///< the job fails with a sentence that names file, line, column and value
  null,  ///< the cell is null, as are those a short row lacks; a row with too many cells is dropped
  drop,  ///< the row is dropped
};

struct ParseOptions {
  ColumnType real = ColumnType::F64;  ///< type of columns inferred as numbers: F64 or F32
  std::map<std::string, ColumnType> types = {};  ///< declared, by column: they win over inference
  std::vector<std::string> columns = {};  ///< columns of the output, in this order; empty: all
  /// Columns to read as `real`, whatever the file's beginning looks like; types win over it.
  std::vector<std::string> numbers = {};
  BadCells bad = BadCells::fail;
  /// What unquoted cells without a value say; default: as the source was told.
  std::optional<std::vector<std::string>> nulls = {};
};

/// Gives one Table per block where it fits 512 KiB, else a few. Rows keep their numbers, and know the line
/// they begin on (Table::line); a Table from which rows were dropped has row numbers. Cells of columns that are
/// not asked for, or that no stage below reads (StageKind::reads), are not looked at, so what is in them is bad
/// nowhere.
/// Counts "rows", and where there are any "rows dropped", "cells null", and "null in X" for each of the first
/// kCountedColumns columns. Threads: as Actor; stateless.
inline constexpr std::size_t kCountedColumns = 64;
Kind<Table, Message<schema::CsvBlock>> parse(ParseOptions options = {});
DeclaredKind declared_parse();

}  // namespace leat::csv
