/// How a parser lays out the fields of JSON objects as a Table's columns: decided once, before any row.
#pragma once

#include <leat/actor/description.hpp>
#include <leat/actors/json/parse.hpp>
#include <leat/actors/json/path.hpp>
#include <leat/chunk/result.hpp>
#include <leat/graph/column_names.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace leat::json {

inline constexpr std::size_t kNoColumn = ~std::size_t{0};

/// A field, and what is wanted of it and of what is in it.
struct WantedField {
  FieldStep step;
  std::string quoted = {};         ///< the key as it lies in most files, with the quote behind it
  std::size_t number = 0;          ///< among all of a layout
  std::size_t column = kNoColumn;  ///< of the Table
  std::vector<WantedField> members = {};
  std::vector<WantedField> elements = {};

  /// It is known, and nobody wants it.
  bool idle() const { return column == kNoColumn && members.empty() && elements.empty(); }
};

/// Immutable; shared by replicas.
struct ObjectLayout {
  std::string path;  ///< of the file
  BadCells bad = BadCells::fail;
  bool counts_others = false;  ///< fields that are not known are counted
  WantedField root;
  std::size_t fields = 0;       ///< in all, with the root
  Fields output;
  std::vector<bool> exact;      ///< by column of the output: an integer that is rounded is bad
  std::size_t heaps = 0;        ///< heap of a Table, in lengths of its text
  std::size_t cells_row = 0;    ///< bytes of cells of one row

  /// Rows of one Table made from text of `bytes` bytes: as many as fit 512 KiB, at least a few.
  std::size_t most_rows(std::size_t bytes) const;
};

/// Of the output only what is `wanted`, and at least one column. Errors: a field that is asked for and is not there,
/// or is asked for twice; what is no path; a type of no column; a description that no source of JSON gave.
Result<ObjectLayout> layout_of(const Description& input, const ParseOptions& options,
                               const ColumnNames& wanted = ColumnNames::all());

}  // namespace leat::json
