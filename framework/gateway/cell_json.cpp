#include <leat/gateway/cell_json.hpp>

#include <leat/actors/csv/format.hpp>
#include <leat/actors/group/ordered_cells.hpp>
#include <leat/graph/json_text.hpp>

#include <nlohmann/json.hpp>

#include <cmath>

namespace leat {
namespace {

template <class T>
void append_real(std::string& json, T number) {
  if (std::isnan(number)) {
    json += "null";
  } else if (std::isinf(number)) {
    json += number < 0 ? "\"-inf\"" : "\"inf\"";
  } else {
    csv::append_number(json, number == 0 ? T{0} : number);
  }
}

void append_integer(std::string& json, ColumnType type, std::int64_t number) {
  constexpr auto kMost = static_cast<std::int64_t>(kMostExact);
  if (type == ColumnType::BOOL) {
    json += number != 0 ? "true" : "false";
  } else if (type == ColumnType::TIMESTAMP) {
    json += '"';
    csv::append_timestamp(json, number);
    json += '"';
  } else if (number > kMost || number < -kMost) {
    json += '"';
    csv::append_number(json, number);
    json += '"';
  } else {
    csv::append_number(json, number);
  }
}

// Not cut in the middle of a character.
std::string shown_text(std::string_view text) {
  if (text.size() <= kMostShown) return std::string(text);
  std::size_t size = kMostShown;
  while (size > kMostShown - 4 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size;
  return std::string(text.substr(0, size)) + "~";
}

void append_heap(std::string& json, ColumnType type, std::string_view text) {
  if (type == ColumnType::BYTES) {
    json += '"' + std::to_string(text.size()) + " bytes\"";
  } else {
    json += json_text(nlohmann::json(shown_text(text)));
  }
}

}  // namespace

void append_cell(std::string& json, const ColumnPlace& cells, std::size_t row) {
  if (!cells.valid(row)) {
    json += "null";
  } else if (in_heap(cells.type)) {
    append_heap(json, cells.type, cells.text(row));
  } else {
    std::uint64_t code = 0;
    ordered_cells(cells, row, 1, &code);
    append_code(json, cells.type, code);
  }
}

void append_code(std::string& json, ColumnType type, std::uint64_t code) {
  if (type == ColumnType::F64) return append_real(json, real_of(code));
  if (is_real(type)) return append_real(json, static_cast<float>(real_of(code)));
  append_integer(json, type, integer_of(code));
}

}  // namespace leat
