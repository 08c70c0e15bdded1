#include <leat/app/chunk_rows.hpp>

#include <leat/actors/csv/format.hpp>
#include <leat/actors/csv/record.hpp>
#include <leat/app/message_row.hpp>
#include <leat/chunk/one_line.hpp>
#include <leat/graph/json_text.hpp>
#include <leat/inspect/question.hpp>
#include <leat/schemas/csv.capnp.h>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace leat {
namespace {

using Json = nlohmann::ordered_json;

Json cell_of(const Table& table, std::size_t column, std::size_t row) {
  if (!table.valid(column, row)) return nullptr;
  ColumnType type = table.type(column);
  if (type == ColumnType::BYTES) return std::to_string(table.text(column, row).size()) + " bytes";
  if (type == ColumnType::TEXT) return short_text(table.text(column, row));
  if (type == ColumnType::RAW) {
    std::string_view raw = table.text(column, row);
    if (raw.empty()) return nullptr;
    std::string scratch;
    return short_text(csv::unquoted(csv::read_cell(raw.data(), raw.data() + raw.size(), '\0'), scratch));
  }
  std::string text;
  csv::append_cell(text, table, column, row, ',');
  // What JSON has no form for, as infinity and times, is a text.
  Json number = Json::parse(text, nullptr, false);
  return number.is_discarded() ? Json(text) : number;
}

std::vector<std::string> of_table(const Table& table, std::size_t most) {
  std::size_t columns = std::min(table.columns(), kMostTapped);
  Json names = Json::array();
  for (std::size_t i = 0; i < columns; ++i) names.push_back(short_text(table.name(i)));
  std::vector<std::string> rows;
  for (std::size_t row = 0; row < std::min(most, table.rows()); ++row) {
    Json cells = Json::array();
    for (std::size_t i = 0; i < columns; ++i) cells.push_back(cell_of(table, i, row));
    rows.push_back(json_text(Json{{"columns", names}, {"cells", std::move(cells)}}));
  }
  return rows;
}

std::vector<std::string> of_lines(std::string_view text, std::size_t most) {
  std::vector<std::string> rows;
  while (!text.empty() && rows.size() < most) {
    std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    rows.push_back(json_text(Json{{"columns", Json::array({"line"})}, {"cells", Json::array({short_text(line)})}}));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return rows;
}

void append(std::string& line, const Json& cell) {
  if (cell.is_null()) return;
  bool is_text = cell.is_string() || cell.is_structured();
  is_text ? csv::append_text(line, cell.is_string() ? cell.get<std::string>() : json_text(cell), ',') : void(line += json_text(cell));
}

}  // namespace

std::string short_text(std::string_view text) {
  if (text.size() <= kMostCell) return std::string(text);
  std::size_t size = kMostCell;
  while (size > kMostCell - 4 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size;
  return std::string(text.substr(0, size)) + "~";
}

Result<std::vector<std::string>> tapped_rows(const Chunk& chunk, std::size_t most) {
  if (chunk.type() == Table::payload_type().id) return of_table(Table(chunk), most);
  if (chunk.type() == Message<schema::CsvBlock>::payload_type().id) {
    auto text = chunk.root<schema::CsvBlock>().getText();
    return of_lines({reinterpret_cast<const char*>(text.begin()), text.size()}, most);
  }
  return std::vector<std::string>(std::min<std::size_t>(most, 1), message_row(chunk));
}

std::string rows_text(const std::vector<std::string>& rows, std::string& before) {
  std::string text;
  for (const std::string& one : rows) {
    Json row = Json::parse(one);
    std::string header;
    for (const Json& name : row.at("columns")) {
      if (!header.empty()) header += ',';
      csv::append_name(header, name.get<std::string>(), ',');
    }
    if (header != before) text += header + "\n";
    before = std::move(header);
    const Json& cells = row.at("cells");
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) text += ',';
      append(text, cells[i]);
    }
    text += '\n';
  }
  return for_people(text);
}

std::string rows_json(const std::vector<std::string>& rows, const std::string& place, const std::string& node) {
  std::string text;
  for (const std::string& one : rows) {
    Json row = Json::parse(one);
    Json json = {{"type", "row"}, {"version", inspect::kVersion}, {"place", place}};
    if (!node.empty()) json["node"] = node;
    json["row"] = Json::object();
    const Json& names = row.at("columns");
    for (std::size_t i = 0; i < names.size(); ++i) json["row"][names[i].get<std::string>()] = row.at("cells").at(i);
    text += json_text(json) + "\n";
  }
  return text;
}

std::string table_text(const Table& table) {
  std::string text;
  for (std::size_t i = 0; i < table.columns(); ++i) {
    if (i > 0) text += ',';
    csv::append_text(text, table.name(i), ',');
  }
  text += '\n';
  for (std::size_t row = 0; row < table.rows(); ++row) {
    for (std::size_t i = 0; i < table.columns(); ++i) {
      if (i > 0) text += ',';
      if (table.valid(i, row) && table.type(i) != ColumnType::BYTES) csv::append_cell(text, table, i, row, ',');
    }
    text += '\n';
  }
  return text;
}

std::string for_people(const std::string& lines) {
  std::string text;
  for (std::size_t at = 0; at < lines.size();) {
    std::size_t end = lines.find_first_of("\n\t", at);
    bool ends = end != lines.npos;
    std::size_t to = ends ? end : lines.size();
    bool crlf = ends && lines[end] == '\n' && to > at && lines[to - 1] == '\r';
    text += one_line(std::string_view(lines).substr(at, to - at - crlf));
    if (ends) text += lines[end];
    at = ends ? end + 1 : to;
  }
  return text;
}

}  // namespace leat
