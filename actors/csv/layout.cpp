#include <algorithm>

#include <leat/actors/csv/blocks.hpp>
#include <leat/actors/csv/layout.hpp>
#include <leat/actors/csv/values.hpp>

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

// A name that the file has twice says nothing.
Result<std::size_t> only_column(const ColumnLayout& layout, const Description& input, const std::string& name) {
  auto found = find_field(input.fields, name);
  if (!found) return no_column(layout.path, input.fields, name);
  auto twice = input.notes.find("twice " + name);
  if (twice == input.notes.end()) return *found;
  return invalid(layout.path + ": column \"" + name + "\" is there more than once, as columns " + twice->second +
                 "; rename one in the file");
}

Result<void> declare_types(ColumnLayout& out, const Description& input, const ParseOptions& options) {
  for (const Field& field : input.fields) {
    bool number = field.type == ColumnType::F64;
    out.columns.push_back({field.name, number ? options.real : field.type});
  }
  std::map<std::string, ColumnType> types = options.types;
  for (const std::string& name : options.numbers) types.emplace(name, options.real);
  for (const auto& [name, type] : types) {
    auto found = only_column(out, input, name);
    if (!found) return found.error();
    out.columns[*found].type = type;
  }
  return {};
}

// The columns asked for, in order: positions in the file.
Result<std::vector<std::size_t>> asked_for(const ColumnLayout& out, const Description& input, const ParseOptions& options) {
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; options.columns.empty() && i < out.columns.size(); ++i) chosen.push_back(i);
  std::vector<bool> taken(out.columns.size());
  for (const std::string& name : options.columns) {
    auto found = only_column(out, input, name);
    if (!found) return found.error();
    if (taken[*found]) return invalid(out.path + ": column \"" + name + "\" is asked for twice; name it once");
    taken[*found] = true;
    chosen.push_back(*found);
  }
  return chosen;
}

void add_output(ColumnLayout& out, FileColumn& column, bool read, bool carried) {
  if (carried && !read) column.type = ColumnType::RAW;
  column.carried = carried && read;
  column.output = out.output.size();
  bool nullable = column.type != ColumnType::RAW || out.bad == BadCells::null;
  out.output.push_back({column.name, column.type, nullable, false, column.carried});
  out.cells_row += cell_bytes(column.type) + (column.carried ? sizeof(Span) : 0);
  std::size_t heaps = std::size_t{in_heap(column.type)} + column.carried;
  out.heaps = std::max(out.heaps, heaps);
}

Result<void> choose_columns(ColumnLayout& out, const Description& input, const ParseOptions& options,
                            const ColumnNames& wanted) {
  auto chosen = asked_for(out, input, options);
  if (!chosen) return chosen.error();
  for (std::size_t at : *chosen) {
    FileColumn& column = out.columns[at];
    if (wanted.has(column.name)) add_output(out, column, wanted.reads(column.name), wanted.carries(column.name));
  }
  if (out.output.empty()) add_output(out, out.columns[chosen->front()], true, false);
  return {};
}

// Null words that read as numbers must be seen before the numbers are.
bool nulls_are_numbers(const ColumnLayout& layout) {
  return std::any_of(layout.nulls.begin(), layout.nulls.end(), [](const std::string& word) {
    double number = 0;
    return read_real(word, number) == Reading::good;
  });
}

Run::How how_to_read(const ColumnLayout& layout, const FileColumn& column, bool quickly) {
  if (column.output == kNotWanted) return Run::How::skip;
  if (column.type == ColumnType::RAW) return Run::How::raw;
  if (column.type == ColumnType::TEXT && !column.carried && !layout.text_nulls) return Run::How::text;
  if (!quickly) return Run::How::general;
  if (column.type == ColumnType::I64) return Run::How::i64;
  if (layout.decimal != '.') return Run::How::general;
  if (column.type == ColumnType::F64) return Run::How::f64;
  return column.type == ColumnType::F32 ? Run::How::f32 : Run::How::general;
}

void find_runs(ColumnLayout& out) {
  bool quickly = !nulls_are_numbers(out);
  for (std::size_t i = 0; i < out.columns.size(); ++i) {
    Run::How how = how_to_read(out, out.columns[i], quickly);
    bool carried = out.columns[i].carried && how != Run::How::general;
    bool alike = !out.runs.empty() && out.runs.back().how == how && out.runs.back().carried == carried;
    if (!alike) out.runs.push_back({how, carried, i, i});
    out.runs.back().last = i + 1;
  }
}

std::vector<std::string> words_of(const std::string& lines) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at < lines.size(); at = lines.find('\n', at) + 1) {
    words.push_back(lines.substr(at, lines.find('\n', at) - at));
  }
  return words;
}

// What the source was told of the file, and the options.
void take_dialect(ColumnLayout& out, const Description& input, const ParseOptions& options) {
  out.bad = options.bad;
  if (auto decimal = input.notes.find("decimal"); decimal != input.notes.end()) out.decimal = decimal->second.at(0);
  auto told = input.notes.find("nulls");
  out.nulls = told != input.notes.end() ? words_of(told->second) : BlockOptions{}.nulls;
  if (options.nulls) out.nulls = *options.nulls;
  out.text_nulls = out.nulls != BlockOptions{}.nulls;
}

}  // namespace

// Bitmaps of nulls take an eighth of a byte a cell.
std::size_t ColumnLayout::most_rows(std::size_t bytes, bool lines) const {
  std::size_t heap = std::min(bytes * heaps, kMostHeap);
  std::size_t bits = 8 * (cells_row + (lines ? sizeof(std::uint32_t) : 0)) + output.size();
  return std::max(kFewRows, (kBody - heap) * 8 / std::max<std::size_t>(bits, 1));
}

Result<ColumnLayout> layout_of(const Description& input, const ParseOptions& options, const ColumnNames& wanted) {
  auto path = input.notes.find("path");
  auto delimiter = input.notes.find("delimiter");
  if (path == input.notes.end() || delimiter == input.notes.end() || delimiter->second.size() != 1 ||
      !input.fields_known || input.fields.empty()) {
    return invalid("csv.parse does not know the columns of its input; feed it from csv.blocks");
  }
  ColumnLayout out;
  out.path = path->second;
  out.delimiter = delimiter->second[0];
  take_dialect(out, input, options);
  if (auto declared = declare_types(out, input, options); !declared) return declared.error();
  if (auto chosen = choose_columns(out, input, options, wanted); !chosen) return chosen.error();
  find_runs(out);
  return out;
}

}  // namespace leat::csv
