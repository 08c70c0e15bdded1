#include "preview.hpp"

#include <fstream>

#include <nlohmann/json.hpp>

#include <leat/actors/csv/record.hpp>
#include <leat/graph/json_text.hpp>

using namespace leat;

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMost = 256 * 1024;
constexpr std::size_t kMostOfCell = 200;
constexpr const char* kFile = "the file";

Result<std::string> beginning(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return invalid("there is nothing of that file yet: wait until its first part is there, or give another");
  std::string bytes(kMost, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(file.gcount()));
  if (bytes.rfind("\xef\xbb\xbf", 0) == 0) bytes.erase(0, 3);
  if (bytes.empty()) return invalid("the file is empty so far: wait for more of it, or give another");
  if (bytes.rfind("\x1f\x8b", 0) == 0 || bytes.rfind("\x28\xb5\x2f\xfd", 0) == 0) {
    return invalid("the file is packed, and shows its rows once it is ingested");
  }
  if (bytes.find('\0') != std::string::npos)
    return invalid("the file has NUL bytes, as no CSV file has: give one of text");
  return bytes;
}

std::string shortened(std::string_view text) {
  if (text.size() <= kMostOfCell) return std::string(text);
  std::size_t end = kMostOfCell;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "...";
}

Json rows_of(const LookedAt& looked, std::size_t most) {
  Json rows = Json::array();
  std::vector<csv::Cell> cells;
  std::string scratch;
  const char* at = looked.bytes.data() + looked.sniffed.rows_at;
  const char* end = looked.bytes.data() + looked.bytes.size();
  while (rows.size() < most && (at = csv::skip_line_ends(at, end)) != end) {
    cells.clear();
    at = csv::read_record(at, end, looked.sniffed.delimiter, cells);
    if (at == end && !looked.whole) break;
    Json row = Json::array();
    for (const csv::Cell& cell : cells) row.push_back(shortened(csv::unquoted(cell, scratch)));
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

Result<LookedAt> look(const std::string& path) {
  auto bytes = beginning(path);
  if (!bytes) return bytes.error();
  LookedAt made{std::move(*bytes), false, {}, 0};
  auto found = csv::sniff(made.bytes, made.whole, {}, kFile);
  if (found && !*found) {
    // One record, or a part of one: it is all there is to go by.
    made.whole = true;
    found = csv::sniff(made.bytes, made.whole, {}, kFile);
  }
  if (!found) return found.error();
  if (!*found) return invalid("the file has no whole record yet: wait for more of it");
  made.sniffed = std::move(**found);
  made.records = made.sniffed.records + (made.sniffed.header ? 0 : 1);
  return made;
}

Result<std::string> preview(const std::string& path, std::size_t rows) {
  auto looked = look(path);
  if (!looked) return looked.error();
  const csv::Sniffed& sniffed = looked->sniffed;
  Json columns = Json::array();
  for (const Field& field : sniffed.fields) columns.push_back({{"name", field.name}, {"type", type_name(field.type)}});
  Json answer{{"columns", std::move(columns)},
              {"rows", rows_of(*looked, rows)},
              {"delimiter", std::string(1, sniffed.delimiter)},
              {"header", sniffed.header},
              {"bytes", looked->bytes.size()}};
  if (!sniffed.renamed.empty()) answer["renamed"] = sniffed.renamed;
  return json_text(answer);
}
