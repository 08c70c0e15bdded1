#include <leat/actors/columns/number_columns.hpp>

#include <leat/actor/saturating.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

namespace leat {
namespace {

Error not_numeric(std::string_view kind, const Field& field) {
  return invalid(std::string(kind) + " needs numbers, but column " + field.name + " is " +
                 std::string(type_name(field.type)) +
                 ": name another column, or parse this one as f64");
}

Error nothing_numeric(std::string_view kind, const Fields& fields) {
  return invalid(std::string(kind) + " needs a numeric column, and there is none among " +
                 listed(fields) + ": parse one as f64");
}

std::string ordinal(std::size_t place) {
  bool teen = place / 10 % 10 == 1;
  const char* const ends[] = {"th", "st", "nd", "rd"};
  return std::to_string(place) + (teen || place % 10 > 3 ? "th" : ends[place % 10]);
}

Error not_finite(std::string_view kind, const Table& table, std::size_t column, std::size_t row) {
  double value = table.number(column, row);
  std::string shown = std::isnan(value) ? "NaN" : value > 0 ? "infinity" : "-infinity";
  return corrupt(std::string(kind) + " found " + shown + " in row " + std::to_string(table.row_number(row) + 1) +
                 " (the first is 1), column " + std::string(table.name(column)) +
                 ": mend the cell, or let the parser take it for null (option nulls)");
}

// Those named, or all; none where that is not known.
std::optional<std::vector<std::string>> numeric_names(const Description& rows, const std::vector<std::string>& names) {
  if (!names.empty()) return names;
  if (!rows.fields_known) return std::nullopt;
  std::vector<std::string> numeric;
  for (const Field& field : rows.fields) {
    if (is_numeric(field.type)) numeric.push_back(field.name);
  }
  return numeric;
}

}  // namespace

Error no_such_column(std::string_view kind, const Fields& fields, std::string_view wanted) {
  std::string near = nearest_name(fields, wanted);
  return invalid(std::string(kind) + " wants column " + std::string(wanted) +
                 ", which is not there" + (near.empty() ? "" : ", did you mean " + near) +
                 ": there are " + listed(fields));
}

Result<std::size_t> only_column(std::string_view kind, const Fields& fields, std::string_view name) {
  auto position = find_field(fields, name);
  if (!position) return no_such_column(kind, fields, name);
  for (std::size_t i = *position + 1; i < fields.size(); ++i) {
    if (fields[i].name != name) continue;
    return invalid(std::string(kind) + " wants column " + std::string(name) + ", and there are two of that name, the " +
                   ordinal(*position + 1) + " and the " + ordinal(i + 1) + " of " + std::to_string(fields.size()) +
                   ": rename or drop one");
  }
  return *position;
}

Result<void> none_twice(std::string_view kind, const Description& rows, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    auto twice = rows.notes.find("twice " + name);
    if (twice == rows.notes.end()) continue;
    return invalid(std::string(kind) + " wants column " + name + ", which its file has more than once, as columns " +
                   twice->second + ": rename one there");
  }
  return {};
}

Result<std::vector<std::size_t>> numeric_columns(std::string_view kind, const Fields& fields,
                                                 const std::vector<std::string>& names) {
  std::vector<std::size_t> found;
  std::map<std::string_view, std::size_t> seen;
  for (std::size_t i = 0; names.empty() && i < fields.size(); ++i) {
    if (!is_numeric(fields[i].type)) continue;
    // Looked for among all, where it is not the only one.
    if (!seen.emplace(fields[i].name, i).second) return only_column(kind, fields, fields[i].name).error();
    found.push_back(i);
  }
  for (const std::string& name : names) {
    auto position = only_column(kind, fields, name);
    if (!position) return position.error();
    if (!is_numeric(fields[*position].type)) return not_numeric(kind, fields[*position]);
    found.push_back(*position);
  }
  if (found.empty()) return nothing_numeric(kind, fields);
  return found;
}

ColumnNames numeric_columns_read(const Description& rows, const std::vector<std::string>& names) {
  auto named = numeric_names(rows, names);
  return named ? ColumnNames::of(*named) : ColumnNames::all();
}

ColumnNames numeric_columns_changed(const Description& rows, const std::vector<std::string>& names) {
  auto named = numeric_names(rows, names);
  return named ? ColumnNames::changed(*named) : ColumnNames::all_changed();
}

bool NumberColumns::as_before(const Table& table) {
  auto root = table.chunk().root<schema::Table>();
  auto columns = root.getColumns();
  auto* body = reinterpret_cast<const std::byte*>(root.getBody().begin());
  places_.resize(positions_.size());
  if (positions_.empty()) return false;
  for (std::size_t i = 0; i < positions_.size(); ++i) {
    if (positions_[i] >= columns.size()) return false;
    auto column = columns[static_cast<capnp::uint>(positions_[i])];
    auto name = column.getName();
    if (column.getType() != types_[i] || names_[i] != std::string_view(name.begin(), name.size())) {
      return false;
    }
    std::uint64_t validity = column.getValidity();
    places_[i] = {body + column.getCells(), validity ? reinterpret_cast<const std::uint8_t*>(body + validity) : nullptr};
  }
  return true;
}

Result<void> NumberColumns::find(const Table& table) {
  if (as_before(table)) return {};
  Fields fields = table.fields();
  auto found = numeric_columns(kind_, fields, names_);
  if (!found) return found.error();
  positions_ = *found;
  types_.clear();
  names_.resize(positions_.size());
  for (std::size_t i = 0; i < positions_.size(); ++i) {
    names_[i] = fields[positions_[i]].name;
    types_.push_back(fields[positions_[i]].type);
  }
  as_before(table);
  return {};
}

void read_numbers(const Table& table, std::size_t column, double* to) {
  std::size_t rows = table.rows();
  with_cells(table, column, [&](auto* cells) {
    for (std::size_t row = 0; row < rows; ++row)
      to[row] = static_cast<double>(cells[row]);
  });
}

bool rows_without_null(const Table& table, std::span<const std::size_t> columns,
                       std::vector<std::uint32_t>& rows) {
  std::vector<const std::uint8_t*> bitmaps;
  for (std::size_t column : columns) {
    if (auto* bits = table.validity(column)) bitmaps.push_back(bits);
  }
  if (bitmaps.empty()) return false;
  rows.clear();
  for (std::uint32_t row = 0; row < table.rows(); ++row) {
    bool whole = true;
    for (auto* bits : bitmaps)
      whole = whole && (bits[row / 8] >> (row % 8) & 1);
    if (whole) rows.push_back(row);
  }
  return rows.size() < table.rows();
}

std::string file_of(const Description& rows) {
  auto path = rows.notes.find("path");
  return path == rows.notes.end() ? "" : path->second;
}

Error at_row(const Error& error, const Table& table, std::size_t row, const std::string& file) {
  if (file.empty()) return error;
  std::uint64_t line = table.line(row);
  std::string place = line > 0 ? file + ":" + std::to_string(line) : file;
  return error.in(place).about({.file = file, .line = static_cast<std::size_t>(line)});
}

Result<void> all_finite(std::string_view kind, const Table& table, std::span<const std::size_t> columns,
                        const std::string& file) {
  for (std::size_t row = 0; row < table.rows(); ++row) {
    auto is_null = [&](std::size_t column) { return !table.valid(column, row); };
    if (std::any_of(columns.begin(), columns.end(), is_null)) continue;
    for (std::size_t column : columns) {
      if (std::isfinite(table.number(column, row))) continue;
      return at_row(not_finite(kind, table, column, row), table, row, file);
    }
  }
  return {};
}

std::uint64_t most_rows(const Description& stream) {
  std::uint64_t bytes = 0;
  for (const Field& field : stream.fields)
    bytes += cell_bytes(field.type, field.dictionary);
  // An unknown layout is taken to have four bytes a row.
  return stream.max_chunk / (stream.fields_known && bytes > 0 ? bytes : 4);
}

std::uint64_t grown_chunk(const Description& stream, std::uint64_t bytes) {
  return Pool::footprint(plus(plus(stream.max_chunk, times(most_rows(stream), bytes)), 1024));
}

}  // namespace leat
