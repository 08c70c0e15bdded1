#include <leat/actors/rows/bytes.hpp>

#include <algorithm>
#include <cstring>

namespace leat {
namespace {

void append_text(std::string_view text, std::string& to) {
  auto length = static_cast<std::uint32_t>(text.size());
  to.append(reinterpret_cast<const char*>(&length), sizeof length);
  to += text;
}

std::string_view take(std::string_view& bytes, std::size_t length) {
  auto taken = bytes.substr(0, length);
  bytes.remove_prefix(length);
  return taken;
}

std::string_view take_text(std::string_view& bytes) {
  std::uint32_t length = 0;
  std::memcpy(&length, take(bytes, sizeof length).data(), sizeof length);
  return take(bytes, length);
}

}  // namespace

RowBytes::RowBytes(Fields fields, const std::vector<std::size_t>& without)
    : fields_(std::move(fields)), kept_(fields_.size(), true) {
  for (std::size_t column : without) kept_[column] = false;
  for (Field& field : fields_) {
    field.dictionary = false;
    field.nullable = true;
  }
}

bool RowBytes::takes(const Fields& fields) const {
  return std::equal(fields.begin(), fields.end(), fields_.begin(), fields_.end(), [](const Field& a, const Field& b) {
    return a.name == b.name && a.type == b.type && a.raw == b.raw;
  });
}

void RowBytes::append(const Table& table, std::size_t row, std::string& to) const {
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (fields_[i].raw) append_text(table.raw(i, row), to);
    if (!kept_[i]) continue;
    bool valid = table.valid(i, row);
    to += valid ? '=' : '-';
    if (!valid) continue;
    if (in_heap(fields_[i].type)) {
      append_text(table.text(i, row), to);
    } else {
      std::size_t width = cell_bytes(fields_[i].type);
      to.append(reinterpret_cast<const char*>(table.cells(i) + row * width), width);
    }
  }
}

void RowBytes::put(std::string_view bytes, TableBuilder& builder, std::size_t row) const {
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (fields_[i].raw) builder.put_raw(i, row, take_text(bytes));
    if (!kept_[i]) continue;
    if (take(bytes, 1) == "-") {
      builder.set_null(i, row);
    } else if (in_heap(fields_[i].type)) {
      builder.put(i, row, take_text(bytes));
    } else {
      std::size_t width = cell_bytes(fields_[i].type);
      std::memcpy(builder.raw_cells(i) + row * width, take(bytes, width).data(), width);
    }
  }
}

}  // namespace leat
