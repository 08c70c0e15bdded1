#include <leat/actors/tables/copy.hpp>

#include <leat/actors/csv/format.hpp>
#include <leat/actors/csv/values.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace leat {
namespace {

constexpr std::uint64_t kLine = 64;

constexpr std::uint64_t lines(std::uint64_t bytes) { return (bytes + kLine - 1) / kLine * kLine; }

// Where a column of the copy lies, and what of it.
struct Placed {
  schema::Column::Reader from;
  ColumnType type;
  std::uint64_t width = 0;
  std::uint64_t cells = 0;
  std::uint64_t validity = 0;
  std::uint64_t dictionary = 0;
};

std::vector<Placed> placed(schema::Table::Reader root, const std::vector<CopiedColumn>& columns) {
  std::vector<Placed> all;
  for (const CopiedColumn& column : columns) {
    auto from = root.getColumns()[static_cast<capnp::uint>(column.from)];
    ColumnType type = column.as.value_or(from.getType());
    all.push_back({from, type, cell_bytes(type, from.getDictionary() != 0)});
  }
  return all;
}

bool reads_heap(const std::vector<Placed>& columns) {
  return std::any_of(columns.begin(), columns.end(), [](const Placed& column) { return in_heap(column.type); });
}

// Writes the copy's body.
class Copying {
 public:
  Copying(schema::Table::Reader from, std::vector<Placed> columns)
      : from_(from), rows_(from.getRows()), columns_(std::move(columns)) {}

  // With room for the first column to begin on a line.
  std::uint64_t body_bytes() const {
    std::uint64_t bytes = kLine + 8 + (from_.getRowNumbers() ? lines(8 * rows_) : 0);
    for (const Placed& column : columns_) {
      bytes += lines(rows_ * column.width) + lines((rows_ + 7) / 8) +
               lines(column.from.getDictionarySize() * sizeof(Span));
    }
    return bytes + lines(reads_heap(columns_) ? from_.getHeapSize() : 0);
  }

  std::uint64_t structure_bytes() const {
    using Layout = schema::Table::_capnpPrivate;
    std::uint64_t words = 1 + Layout::dataWordSize + Layout::pointerCount + 1;
    for (const Placed& column : columns_) words += 6 + column.from.getName().size() / 8 + 1;
    return 8 * words;
  }

  Result<Table> copy(Pool& pool, std::uint64_t& rounded) {
    std::uint64_t room = body_bytes();
    Building<schema::Table> building(pool, structure_bytes() + room + 8, structure_bytes());
    auto root = building.root();
    auto described = root.initColumns(static_cast<capnp::uint>(columns_.size()));
    for (capnp::uint i = 0; i < described.size(); ++i) {
      described[i].setName(columns_[i].from.getName());
      described[i].setType(columns_[i].type);
      described[i].setNullable(columns_[i].from.getNullable());
    }
    auto orphan = building.bulk(room);
    body_ = reinterpret_cast<std::byte*>(orphan.get().begin());
    at_ = kLine - reinterpret_cast<std::uintptr_t>(body_) % kLine;
    std::memset(body_, 0, at_);
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (auto done = copy_cells(columns_[i], rounded); !done) return done.error();
    }
    for (capnp::uint i = 0; i < described.size(); ++i) {
      copy_rest(columns_[i]);
      described[i].setCells(columns_[i].cells);
      described[i].setValidity(columns_[i].validity);
      described[i].setDictionary(columns_[i].dictionary);
      described[i].setDictionarySize(columns_[i].from.getDictionarySize());
    }
    root.setRows(rows_);
    root.setCapacity(rows_);
    root.setFirstRow(from_.getFirstRow());
    if (from_.getRowNumbers()) root.setRowNumbers(range(from_.getRowNumbers(), 8 * rows_));
    std::uint64_t heap = reads_heap(columns_) ? from_.getHeapSize() : 0;
    root.setHeapSize(heap);
    root.setHeap(range(from_.getHeap(), heap));
    orphan.truncate(static_cast<capnp::uint>(at_));
    root.adoptBody(kj::mv(orphan));
    return Table(std::move(building).finish());
  }

 private:
  const std::byte* source(std::uint64_t offset) const {
    return reinterpret_cast<const std::byte*>(from_.getBody().begin()) + offset;
  }

  // Copies to the next line, and fills it up; where it lies now.
  std::uint64_t range(std::uint64_t offset, std::uint64_t bytes) {
    std::uint64_t at = at_;
    if (bytes > 0) std::memcpy(body_ + at, source(offset), bytes);
    return close(at, bytes);
  }
  std::uint64_t close(std::uint64_t at, std::uint64_t bytes) {
    std::memset(body_ + at + bytes, 0, lines(bytes) - bytes);
    at_ = at + lines(bytes);
    return at;
  }

  Result<void> copy_cells(Placed& column, std::uint64_t& rounded) {
    if (column.type == column.from.getType()) {
      column.cells = range(column.from.getCells(), rows_ * column.width);
      return {};
    }
    const std::byte* cells = source(column.from.getCells());
    bool wide = column.from.getType() == ColumnType::F64;
    bool single = column.type == ColumnType::F32;
    Result<void> done;
    if (wide && single) done = convert_to_floats(column, cells, rounded);
    if (wide && !single) done = convert<double, Eigen::half>(column, cells, rounded);
    if (!wide) done = convert<float, Eigen::half>(column, cells, rounded);
    column.cells = close(at_, rows_ * column.width);
    return done;
  }

  template <class From, class To>
  Result<void> convert(const Placed& column, const std::byte* cells, std::uint64_t& rounded) {
    auto* from = reinterpret_cast<const From*>(cells);
    auto* to = reinterpret_cast<To*>(body_ + at_);
    for (std::uint32_t row = 0; row < rows_; ++row) {
      if (!smaller(from[row], to[row])) return too_large(column, row, from[row]);
      rounded += static_cast<From>(to[row]) != from[row] && from[row] == from[row];
    }
    return {};
  }

  // Without a branch a cell: what is lost is looked for when something is.
  Result<void> convert_to_floats(const Placed& column, const std::byte* cells, std::uint64_t& rounded) {
    constexpr double kMost = std::numeric_limits<double>::max();
    auto* from = reinterpret_cast<const double*>(cells);
    auto* to = reinterpret_cast<float*>(body_ + at_);
    std::uint64_t different = 0, lost = 0;
    for (std::uint32_t row = 0; row < rows_; ++row) {
      to[row] = static_cast<float>(from[row]);
      double back = static_cast<double>(to[row]);
      different += static_cast<std::uint64_t>(back != from[row]) & static_cast<std::uint64_t>(from[row] == from[row]);
      lost += static_cast<std::uint64_t>(std::abs(back) > kMost) & static_cast<std::uint64_t>(std::abs(from[row]) <= kMost);
    }
    rounded += different;
    for (std::uint32_t row = 0; lost > 0 && row < rows_; ++row) {
      if (std::isinf(to[row]) && std::isfinite(from[row])) return too_large(column, row, from[row]);
    }
    return {};
  }

  // False where a finite number would be infinite.
  static bool smaller(double from, Eigen::half& to) { return csv::round_to_half(from, to) == csv::Reading::good; }

  Error too_large(const Placed& column, std::uint32_t row, double value) const {
    std::string name(column.from.getName().begin(), column.from.getName().size());
    std::uint64_t number = from_.getFirstRow() + row;
    if (from_.getRowNumbers()) number = reinterpret_cast<const std::uint64_t*>(source(from_.getRowNumbers()))[row];
    std::string text;
    csv::append_number(text, value);
    return corrupt("column " + name + ", row " + std::to_string(number + 1) + ", holds " + text +
                   ", which is too large for " + std::string(type_name(column.type)) + ": keep a larger type");
  }

  void copy_rest(Placed& column) {
    if (column.from.getValidity()) column.validity = range(column.from.getValidity(), (rows_ + 7) / 8);
    if (!column.from.getDictionary()) return;
    column.dictionary = range(column.from.getDictionary(), column.from.getDictionarySize() * sizeof(Span));
  }

  schema::Table::Reader from_;
  std::uint32_t rows_;
  std::vector<Placed> columns_;
  std::byte* body_ = nullptr;
  std::uint64_t at_ = 0;
};

}  // namespace

Result<std::vector<BodyRange>> copied_ranges(const Table& table, const std::vector<CopiedColumn>& columns) {
  auto root = table.chunk().root<schema::Table>();
  std::uint64_t rows = root.getRows();
  std::vector<BodyRange> ranges;
  auto all = placed(root, columns);
  for (const Placed& column : all) {
    auto from = column.from;
    ranges.push_back({from.getCells(), rows * cell_bytes(from.getType(), from.getDictionary() != 0)});
    if (from.getValidity()) ranges.push_back({from.getValidity(), (rows + 7) / 8});
    if (from.getDictionary()) ranges.push_back({from.getDictionary(), from.getDictionarySize() * sizeof(Span)});
  }
  if (root.getRowNumbers()) ranges.push_back({root.getRowNumbers(), 8 * rows});
  if (reads_heap(all)) ranges.push_back({root.getHeap(), root.getHeapSize()});
  std::uint64_t body = root.getBody().size();
  for (const BodyRange& range : ranges) {
    if (range.offset > body || range.bytes > body - range.offset) return corrupt("a table that has columns outside its body");
  }
  return ranges;
}

Result<Table> copy_columns(Pool& pool, const Table& table, const std::vector<CopiedColumn>& columns,
                           std::uint64_t& rounded) {
  auto root = table.chunk().root<schema::Table>();
  return Copying(root, placed(root, columns)).copy(pool, rounded);
}

}  // namespace leat
