#include <leat/actors/sqlite/cells.hpp>

#include <leat/actors/csv/values.hpp>

#include <sqlite3.h>

#include <algorithm>
#include <cmath>

namespace leat::sqlite {
namespace {

constexpr std::size_t kShown = 40;

std::string_view text_of(sqlite3_stmt* row, int at) {
  auto* text = reinterpret_cast<const char*>(sqlite3_column_text(row, at));
  return {text ? text : "", text ? static_cast<std::size_t>(sqlite3_column_bytes(row, at)) : 0};
}

std::string shown(sqlite3_stmt* row, int at) {
  switch (sqlite3_column_type(row, at)) {
    case SQLITE_INTEGER: return "the integer " + std::string(text_of(row, at));
    case SQLITE_FLOAT: return "the real " + std::string(text_of(row, at));
    case SQLITE_BLOB: return "a blob of " + std::to_string(sqlite3_column_bytes(row, at)) + " bytes";
    case SQLITE_NULL: return "NULL";
    default: break;
  }
  std::string_view text = text_of(row, at);
  if (!csv::is_utf8(text)) return "a text that is not UTF-8";
  std::size_t size = std::min(text.size(), kShown);
  while (size > 0 && size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size;
  return "the text \"" + std::string(text.substr(0, size)) + (size < text.size() ? "..." : "") + "\"";
}

bool is_timestamp(std::string_view text) {
  std::int64_t ignored;
  return csv::read_timestamp(text, ignored) == csv::Reading::good;
}

}  // namespace

void Seen::add(sqlite3_stmt* row, int column) {
  switch (sqlite3_column_type(row, column)) {
    case SQLITE_INTEGER: ++integers; break;
    case SQLITE_FLOAT: ++reals; break;
    case SQLITE_BLOB: ++blobs; break;
    case SQLITE_TEXT:
      ++texts;
      timestamps += is_timestamp(text_of(row, column));
      break;
    default: break;
  }
}

std::string Seen::listed() const {
  std::string all;
  auto add = [&](std::uint64_t count, const char* what) {
    if (count > 0) all += (all.empty() ? "" : " and ") + std::string(what);
  };
  add(texts, "texts");
  add(integers, "integers");
  add(reals, "reals");
  add(blobs, "blobs");
  return all;
}

Result<ColumnType> type_by_cells(const std::string& place, std::string_view declared, const Seen& seen) {
  bool times = declared.find("TIME") != declared.npos || declared.find("DATE") != declared.npos;
  bool numbers = seen.integers + seen.reals > 0;
  if ((seen.texts > 0) + (seen.blobs > 0) + numbers > 1) {
    return corrupt(place + " holds " + seen.listed() + ": give it a type with types; as text it takes all but blobs");
  }
  if (seen.texts > 0) return times && seen.timestamps == seen.texts ? ColumnType::TIMESTAMP : ColumnType::TEXT;
  if (seen.blobs > 0) return ColumnType::BYTES;
  if (numbers) return seen.reals > 0 ? ColumnType::F64 : ColumnType::I64;
  if (times) return ColumnType::TIMESTAMP;
  return declared.empty() ? ColumnType::TEXT : ColumnType::F64;
}

Cells::Cells(sqlite3_stmt* row, std::vector<ReadColumn> columns)
    : row_(row), columns_(std::move(columns)), texts_(columns_.size()) {}

Error Cells::wrong(std::size_t column) const {
  const ReadColumn& of = columns_[column];
  std::string type(type_name(of.field.type));
  std::string sentence = "column " + of.field.name + " holds " + shown(row_, of.at) + ", which is no " + type;
  if (sqlite3_column_type(row_, of.at) == SQLITE_NULL) return corrupt(sentence + ": it may not be null");
  if (sqlite3_column_type(row_, of.at) == SQLITE_BLOB) return corrupt(sentence + ": mend it, or select it as text");
  if (of.field.type == ColumnType::TEXT && sqlite3_column_type(row_, of.at) == SQLITE_TEXT) {
    return corrupt(sentence + ": mend it, or select CAST(" + of.field.name + " AS BLOB) with a query");
  }
  return corrupt(sentence + ": mend it, or have the column read as text with types, " + of.field.name + " = \"text\"");
}

Result<std::size_t> Cells::look() {
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const ReadColumn& column = columns_[i];
    if (!in_heap(column.field.type)) continue;
    texts_[i] = {};
    int type = sqlite3_column_type(row_, column.at);
    if (type == SQLITE_NULL) continue;
    if (column.field.type == ColumnType::BYTES) {
      if (type != SQLITE_BLOB) return wrong(i);
      auto* blob = static_cast<const char*>(sqlite3_column_blob(row_, column.at));
      texts_[i] = {blob ? blob : "", static_cast<std::size_t>(sqlite3_column_bytes(row_, column.at))};
    } else {
      if (type == SQLITE_BLOB || (type != SQLITE_TEXT && !column.given)) return wrong(i);
      texts_[i] = text_of(row_, column.at);
      if (!csv::is_utf8(texts_[i])) return wrong(i);
    }
    bytes += texts_[i].size();
  }
  return bytes;
}

Result<void> Cells::put(TableBuilder& builder, std::size_t row) {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (sqlite3_column_type(row_, columns_[i].at) == SQLITE_NULL) {
      if (!columns_[i].field.nullable) return wrong(i);
      builder.set_null(i, row);
    } else if (in_heap(columns_[i].field.type)) {
      builder.put(i, row, texts_[i]);
    } else if (auto ok = put_value(builder, i, row); !ok) {
      return ok;
    }
  }
  return {};
}

Result<void> Cells::put_value(TableBuilder& builder, std::size_t column, std::size_t row) {
  int at = columns_[column].at;
  switch (columns_[column].field.type) {
    case ColumnType::F64:
    case ColumnType::F32:
    case ColumnType::F16: return put_real(builder, column, row);
    case ColumnType::TIMESTAMP: {
      std::int64_t instant = 0;
      bool good = sqlite3_column_type(row_, at) == SQLITE_TEXT &&
                  csv::read_timestamp(text_of(row_, at), instant) == csv::Reading::good;
      if (!good) return wrong(column);
      builder.cells<std::int64_t>(column)[row] = instant;
      return {};
    }
    default: return put_integer(builder, column, row);
  }
}

Result<void> Cells::put_integer(TableBuilder& builder, std::size_t column, std::size_t row) {
  int at = columns_[column].at;
  if (sqlite3_column_type(row_, at) != SQLITE_INTEGER) return wrong(column);
  std::int64_t value = sqlite3_column_int64(row_, at);
  if (columns_[column].field.type == ColumnType::I64) {
    builder.cells<std::int64_t>(column)[row] = value;
  } else if (columns_[column].field.type == ColumnType::I32) {
    if (value != static_cast<std::int32_t>(value)) return wrong(column);
    builder.cells<std::int32_t>(column)[row] = static_cast<std::int32_t>(value);
  } else {
    if (value != 0 && value != 1) return wrong(column);
    builder.cells<std::uint8_t>(column)[row] = static_cast<std::uint8_t>(value);
  }
  return {};
}

Result<void> Cells::put_real(TableBuilder& builder, std::size_t column, std::size_t row) {
  int at = columns_[column].at;
  int type = sqlite3_column_type(row_, at);
  if (type != SQLITE_FLOAT && type != SQLITE_INTEGER) return wrong(column);
  double value = sqlite3_column_double(row_, at);
  constexpr std::int64_t kExact = std::int64_t{1} << 53;
  if (type == SQLITE_INTEGER) {
    std::int64_t whole = sqlite3_column_int64(row_, at);
    if (whole > kExact || whole < -kExact) return wrong(column);
  }
  if (columns_[column].field.type == ColumnType::F64) {
    builder.cells<double>(column)[row] = value;
  } else if (columns_[column].field.type == ColumnType::F32) {
    auto single = static_cast<float>(value);
    if (std::isinf(single) && !std::isinf(value)) return wrong(column);
    builder.cells<float>(column)[row] = single;
  } else if (csv::round_to_half(value, builder.cells<Eigen::half>(column)[row]) != csv::Reading::good) {
    return wrong(column);
  }
  return {};
}

}  // namespace leat::sqlite
