#include <algorithm>

#include <leat/actors/csv_layout.hpp>

namespace leat::csv {
namespace {

constexpr std::size_t kBody = 512 * 1024;
constexpr std::size_t kMostHeap = 256 * 1024;
// Fewer rows than fill a line of a column of f64 take the same memory.
constexpr std::size_t kFewRows = 8;

Error no_column(const std::string& path, const Fields& fields, const std::string& name) {
  std::string near = nearest_name(fields, name);
  return invalid(path + ": there is no column \"" + name + "\"; " +
                 (near.empty() ? "" : "did you mean \"" + near + "\"? ") +
                 "columns: " + listed(fields));
}

bool is_text(ColumnType type) {
  return type == ColumnType::TEXT || type == ColumnType::BYTES;
}

Result<void> declare_types(Layout& out, const Fields& fields, const ParseOptions& options) {
  for (const Field& field : fields) {
    bool number = field.type == ColumnType::F64;
    out.columns.push_back({field.name, number ? options.real : field.type});
  }
  std::map<std::string, ColumnType> types = options.types;
  for (const std::string& name : options.numbers) types.emplace(name, options.real);
  for (const auto& [name, type] : types) {
    auto found = find_field(fields, name);
    if (!found) return no_column(out.path, fields, name);
    out.columns[*found].type = type;
  }
  return {};
}

Result<void> choose_columns(Layout& out, const Fields& fields, const ParseOptions& options) {
  std::vector<std::string> chosen = options.columns;
  if (chosen.empty()) {
    for (const Field& field : fields)
      chosen.push_back(field.name);
  }
  bool nullable = options.bad == BadCells::null;
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    auto found = options.columns.empty() ? std::optional(i) : find_field(fields, chosen[i]);
    if (!found) return no_column(out.path, fields, chosen[i]);
    FileColumn& column = out.columns[*found];
    if (column.output != kNotWanted) {
      return invalid(out.path + ": column \"" + chosen[i] + "\" is asked for twice; name it once");
    }
    column.output = i;
    out.output.push_back({column.name, column.type, nullable});
    out.cells_row += cell_bytes(column.type);
    out.has_heap |= is_text(column.type);
  }
  return {};
}

Run::How how_to_read(const FileColumn& column) {
  if (column.output == kNotWanted) return Run::How::skip;
  if (column.type == ColumnType::F64) return Run::How::f64;
  return column.type == ColumnType::F32 ? Run::How::f32 : Run::How::general;
}

void find_runs(Layout& out) {
  for (std::size_t i = 0; i < out.columns.size(); ++i) {
    Run::How how = how_to_read(out.columns[i]);
    if (out.runs.empty() || out.runs.back().how != how) out.runs.push_back({how, i, i});
    out.runs.back().last = i + 1;
  }
}

}  // namespace

std::size_t Layout::most_rows(std::size_t bytes) const {
  std::size_t heap = has_heap ? std::min(bytes, kMostHeap) : 0;
  return std::max(kFewRows, (kBody - heap) / std::max<std::size_t>(cells_row, 1));
}

Result<Layout> lay_out(const Description& input, const ParseOptions& options) {
  auto path = input.notes.find("path");
  auto delimiter = input.notes.find("delimiter");
  if (path == input.notes.end() || delimiter == input.notes.end() ||
      delimiter->second.size() != 1 || !input.fields_known || input.fields.empty()) {
    return invalid("csv.parse does not know the columns of its input; feed it from csv.blocks");
  }
  Layout out;
  out.path = path->second;
  out.delimiter = delimiter->second[0];
  out.bad = options.bad;
  if (auto declared = declare_types(out, input.fields, options); !declared) return declared.error();
  if (auto chosen = choose_columns(out, input.fields, options); !chosen) return chosen.error();
  find_runs(out);
  return out;
}

}  // namespace leat::csv
