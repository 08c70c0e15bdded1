#include <leat/actors/rows/order.hpp>

namespace leat {
namespace {

std::uint64_t code_of(const ColumnPlace& cells, std::size_t row) {
  std::uint64_t code = 0;
  ordered_cells(cells, row, 1, &code);
  return is_real(cells.type) && code == ordered(-0.0) ? ordered(0.0) : code;
}

std::uint64_t first_letters(std::string_view text) {
  std::uint64_t letters = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    letters = letters << 8 | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0);
  }
  return letters;
}

void append(std::uint64_t code, std::string& to) {
  for (int shift = 56; shift >= 0; shift -= 8) to += static_cast<char>(code >> shift & 0xff);
}

// Zeros are written so that the end of a text is less than what goes on.
void append(std::string_view text, bool inverted, std::string& to) {
  std::size_t from = to.size();
  for (char letter : text) {
    to += letter;
    if (letter == '\0') to += '\xff';
  }
  to += '\0';
  to += '\0';
  for (std::size_t i = from; inverted && i < to.size(); ++i) to[i] = static_cast<char>(~to[i]);
}

}  // namespace

std::vector<ColumnPlace> RowOrder::cells(const Table& table) const {
  std::vector<ColumnPlace> all;
  for (std::size_t column : columns_) all.push_back(place_of(table, column));
  return all;
}

std::string RowOrder::key(std::span<const ColumnPlace> columns, std::size_t row) const {
  std::string key;
  for (const ColumnPlace& cells : columns) {
    bool null = !cells.valid(row);
    key += null ? '\1' : '\0';
    if (null) continue;
    if (in_heap(cells.type)) {
      append(cells.text(row), greatest_, key);
    } else {
      std::uint64_t code = code_of(cells, row);
      append(greatest_ ? ~code : code, key);
    }
  }
  return key;
}

void RowOrder::prefixes(std::span<const ColumnPlace> columns, std::size_t from, std::size_t count, std::uint64_t* to) const {
  const ColumnPlace& cells = columns[0];
  if (in_heap(cells.type)) {
    for (std::size_t i = 0; i < count; ++i) to[i] = first_letters(cells.text(from + i));
  } else {
    ordered_cells(cells, from, count, to);
    for (std::size_t i = 0; is_real(cells.type) && i < count; ++i) to[i] += to[i] == ordered(-0.0);
  }
  for (std::size_t i = 0; greatest_ && i < count; ++i) to[i] = ~to[i];
  for (std::size_t i = 0; cells.validity && i < count; ++i) {
    if (!cells.valid(from + i)) to[i] = ~std::uint64_t{0};
  }
}

}  // namespace leat
