#include <leat/chunk/fields.hpp>
#include <leat/chunk/validate.hpp>

#include <kj/exception.h>

namespace leat {
namespace {

constexpr std::uint64_t kAligned = 64;

// Why a table is unsound, or nullptr.
class Columns {
 public:
  explicit Columns(schema::Table::Reader table)
      : table_(table), body_(table.getBody()), rows_(table.getRows()), heap_(table.getHeap()), heap_size_(table.getHeapSize()) {}

  const char* all() const {
    if (table_.getCapacity() < rows_) return "has more rows than room for them";
    if (!inside(heap_, heap_size_, 1)) return "has its heap outside its body";
    if (table_.getRowNumbers() != 0 && !placed(table_.getRowNumbers(), rows_, 8)) return "has its row numbers outside its body";
    if (table_.getLines() != 0 && !placed(table_.getLines(), rows_, 4)) return "has its rows' lines outside its body";
    auto columns = table_.getColumns();
    for (auto column : columns) {
      if (const char* why = one(column)) return why;
    }
    for (capnp::uint i = 2; i < columns.size(); ++i) {
      if (!evenly_spaced(columns[i - 2], columns[i - 1], columns[i])) return "has columns of one type at uneven distances";
    }
    return nullptr;
  }

 private:
  using Column = schema::Column::Reader;

  bool inside(std::uint64_t offset, std::uint64_t count, std::uint64_t width) const {
    return offset <= body_.size() && count <= (body_.size() - offset) / width;
  }
  // Inside, and where a cell of `width` may be read.
  bool placed(std::uint64_t offset, std::uint64_t count, std::uint64_t width) const {
    return inside(offset, count, width) && (address() + offset) % width == 0;
  }
  std::uint64_t address() const { return reinterpret_cast<std::uintptr_t>(body_.begin()); }

  static bool is_text(Column column) {
    return in_heap(column.getType());
  }

  const char* one(Column column) const {
    if (column.getType() > ColumnType::RAW) return "has a column of unknown type";
    if (column.getName().size() == 0) return "has a column without a name";
    bool dictionary = column.getDictionary() != 0;
    if (dictionary && !is_text(column)) return "has a dictionary for numbers";
    std::uint64_t width = cell_bytes(column.getType(), dictionary);
    if (!inside(column.getCells(), rows_, width)) return "has cells outside its body";
    if ((address() + column.getCells()) % kAligned != 0) return "has cells that are not aligned";
    if (column.getValidity() != 0 && !inside(column.getValidity(), (std::uint64_t{rows_} + 7) / 8, 1)) {
      return "has a validity bitmap outside its body";
    }
    if (column.getRaw() != 0 && !(placed(column.getRaw(), rows_, sizeof(Span)) && spans(column.getRaw(), rows_))) {
      return "has text of its file outside its heap";
    }
    if (dictionary) return codes(column);
    if (is_text(column) && !spans(column.getCells(), rows_)) return "has text outside its heap";
    return nullptr;
  }

  const char* codes(Column column) const {
    std::uint64_t size = column.getDictionarySize();
    if (!placed(column.getDictionary(), size, 4) || !inside(column.getDictionary(), size, sizeof(Span))) {
      return "has a dictionary outside its body";
    }
    if (!spans(column.getDictionary(), size)) return "has text outside its heap";
    auto* code = reinterpret_cast<const std::int32_t*>(body_.begin() + column.getCells());
    for (std::uint32_t row = 0; row < rows_; ++row) {
      if (code[row] < 0 || static_cast<std::uint64_t>(code[row]) >= size) return "has codes its dictionary does not have";
    }
    return nullptr;
  }

  bool spans(std::uint64_t offset, std::uint64_t count) const {
    auto* span = reinterpret_cast<const Span*>(body_.begin() + offset);
    for (std::uint64_t i = 0; i < count; ++i) {
      if (span[i].offset > heap_size_ || span[i].length > heap_size_ - span[i].offset) return false;
    }
    return true;
  }

  // A run of numeric columns of one width is read as a matrix, by the distance of its first two.
  static bool evenly_spaced(Column a, Column b, Column c) {
    if (is_text(a) || is_text(b) || is_text(c)) return true;
    std::size_t width = cell_bytes(a.getType());
    if (cell_bytes(b.getType()) != width || cell_bytes(c.getType()) != width) return true;
    return b.getCells() - a.getCells() == c.getCells() - b.getCells();
  }

  schema::Table::Reader table_;
  capnp::Data::Reader body_;
  std::uint32_t rows_;
  std::uint64_t heap_;
  std::uint64_t heap_size_;
};

}  // namespace

Result<void> validate_table(std::span<const std::byte> message) {
  const char* why = nullptr;
  // Cap'n Proto throws at fields of another kind than the schema's.
  auto thrown = kj::runCatchingExceptions([&] {
    auto* words = reinterpret_cast<const capnp::word*>(message.data());
    why = Columns(capnp::readMessageUnchecked<schema::Table>(words)).all();
  });
  if (thrown != nullptr) return corrupt("a table whose fields are of other kinds than a table's");
  if (why) return corrupt(std::string("a table that ") + why);
  return {};
}

}  // namespace leat
