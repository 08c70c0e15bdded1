#include <leat/actors/tables/copy.hpp>
#include <leat/actors/tables/floats.hpp>

namespace leat::tables {

ColumnType stored(ColumnType type, Floats floats) {
  if (floats == Floats::f32 && type == ColumnType::F64) return ColumnType::F32;
  if (floats == Floats::f16 && (type == ColumnType::F64 || type == ColumnType::F32)) return ColumnType::F16;
  return type;
}

Fields stored(Fields fields, Floats floats) {
  for (Field& field : fields) {
    field.type = stored(field.type, floats);
    field.raw = false;
  }
  return fields;
}

Result<Table> stored(Pool& pool, const Table& table, Floats floats, std::uint64_t& rounded) {
  bool same = true;
  std::vector<CopiedColumn> columns;
  for (std::size_t i = 0; i < table.columns(); ++i) {
    ColumnType type = stored(table.type(i), floats);
    bool smaller = type != table.type(i);
    columns.push_back({i, smaller ? std::optional(type) : std::nullopt});
    same = same && !smaller && !table.has_raw(i);
  }
  if (same) return table;
  return copy_columns(pool, table, columns, rounded);
}

Result<void> have_values(std::string_view kind, const Fields& fields) {
  for (const Field& field : fields) {
    if (field.type != ColumnType::RAW) continue;
    return invalid(std::string(kind) + " gets column " + field.name + " as its file has it, unread: give it a type");
  }
  return {};
}

}  // namespace leat::tables
