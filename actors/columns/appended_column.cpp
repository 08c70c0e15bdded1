#include <leat/actors/columns/appended_column.hpp>

#include <leat/chunk/column_copy.hpp>

#include <algorithm>
#include <numeric>

namespace leat {

Table append_column(Pool& pool, const Table& table, const std::string& name,
                    std::span<const double> numbers, const std::vector<std::uint32_t>* valid) {
  Fields fields = table.fields();
  std::size_t last = fields.size();
  std::size_t rows = table.rows();
  fields.push_back({name, ColumnType::F64, valid != nullptr});
  ColumnCopy::Positions all(last);
  std::iota(all.begin(), all.end(), 0);
  TableBuilder builder(pool, fields, ColumnCopy::room(table, all));
  ColumnCopy(builder).columns(table, all, all);
  std::copy(numbers.begin(), numbers.end(), builder.cells<double>(last).data());
  if (valid) {
    auto next = valid->begin();
    for (std::uint32_t row = 0; row < rows; ++row) {
      if (next != valid->end() && *next == row) {
        ++next;
      } else {
        builder.set_null(last, row);
      }
    }
  }
  return finish_as(std::move(builder), table);
}

}  // namespace leat
