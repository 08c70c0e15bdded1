#include <algorithm>
#include <cmath>

#include <leat/actors/cross_moments.hpp>
#include <leat/actors/number_columns.hpp>

namespace leat {
namespace cp = cross_products;
namespace {

std::vector<std::string> names_of(schema::CrossMoments::Reader part) {
  std::vector<std::string> names;
  for (auto name : part.getColumns())
    names.emplace_back(name.cStr(), name.size());
  return names;
}

// About the first value, so that a constant column's mean is that value to the last bit.
template <class Cell> double mean_of(std::size_t rows, Cell cell) {
  if (rows == 0) return 0;
  double first = cell(0);
  double sum = 0;
  for (std::size_t i = 0; i < rows; ++i)
    sum += cell(i) - first;
  return first + sum / static_cast<double>(rows);
}

}  // namespace

CrossMoments::CrossMoments(std::vector<std::string> columns)
    : columns_(std::move(columns)), shift_(size()), sums_(cp::zeroed(cp::triangle(size() + 1))) {}

Result<CrossMoments> CrossMoments::of(schema::CrossMoments::Reader part) {
  CrossMoments sums(names_of(part));
  if (auto joined = sums.join(part); !joined) return std::move(joined).error();
  return sums;
}

std::uint64_t CrossMoments::bytes(std::size_t columns, bool adds) {
  std::uint64_t doubles = cp::triangle(columns + 1) + columns;
  if (adds) doubles += cp::Block::doubles(columns + 1);
  return doubles * sizeof(double) + columns * 96 + 512;
}

std::uint64_t CrossMoments::chunk_bytes(std::size_t columns, std::size_t letters) {
  return Pool::footprint(256 + letters + 40 * columns + 4 * columns * (columns + 1));
}

double CrossMoments::mean(std::size_t column) const {
  return shift_[column] + sum(column) / static_cast<double>(rows_);
}

double CrossMoments::centred(std::size_t i, std::size_t j) const {
  return product(std::min(i, j), std::max(i, j)) - sum(i) * sum(j) / static_cast<double>(rows_);
}

std::vector<CrossMoments::Cells> CrossMoments::cells_of(
    const Table& table, std::span<const std::size_t> positions) const {
  std::vector<Cells> cells;
  for (std::size_t position : positions) {
    cells.push_back({table.type(position), table.cells(position)});
  }
  return cells;
}

void CrossMoments::take_shift(std::span<const Cells> cells, std::size_t rows,
                              const std::vector<std::uint32_t>* chosen) {
  for (std::size_t i = 0; i < size(); ++i) {
    with_cells(cells[i].type, cells[i].first, [&](auto* from) {
      shift_[i] = mean_of(rows, [&](std::size_t r) {
        return static_cast<double>(from[chosen ? (*chosen)[r] : r]);
      });
    });
  }
}

void CrossMoments::pack_all(std::span<const Cells> cells, std::size_t first, std::size_t rows) {
  std::size_t i = 0;
  while (i < size()) {
    const float* four[4] = {};
    std::size_t floats = 0;
    while (i % 4 == 0 && floats < 4 && i + floats < size() &&
           cells[i + floats].type == ColumnType::F32) {
      four[floats] = reinterpret_cast<const float*>(cells[i + floats].first) + first;
      ++floats;
    }
    if (floats == 4) {
      cp::pack4(four, &shift_[i], rows, block_->column(i));
      i += 4;
    } else {
      with_cells(cells[i].type, cells[i].first,
                 [&](auto* from) { cp::pack(from + first, shift_[i], rows, block_->column(i)); });
      i += 1;
    }
  }
}

void CrossMoments::pack_chosen(std::span<const Cells> cells,
                               std::span<const std::uint32_t> chosen) {
  for (std::size_t i = 0; i < size(); ++i) {
    double* to = block_->column(i);
    with_cells(cells[i].type, cells[i].first, [&](auto* from) {
      for (std::size_t r = 0; r < chosen.size(); ++r) {
        to[cp::kPanel * r] = static_cast<double>(from[chosen[r]]) - shift_[i];
      }
    });
  }
}

Result<void> CrossMoments::add(const Table& table, std::span<const std::size_t> positions) {
  if (!block_) {
    block_ = std::make_unique<cp::Block>(size() + 1);
    double* ones = block_->column(size());
    for (std::size_t r = 0; r < cp::kRows; ++r)
      ones[cp::kPanel * r] = 1;
  }
  std::vector<std::uint32_t> chosen;
  bool nulls = rows_without_null(table, positions, chosen);
  std::size_t rows = nulls ? chosen.size() : table.rows();
  skipped_ += table.rows() - rows;
  if (rows == 0) return {};
  std::vector<Cells> cells = cells_of(table, positions);
  if (rows_ == 0) take_shift(cells, rows, nulls ? &chosen : nullptr);
  for (std::size_t first = 0; first < rows; first += cp::kRows) {
    std::size_t part = std::min(cp::kRows, rows - first);
    if (nulls) {
      pack_chosen(cells, std::span(chosen).subspan(first, part));
    } else {
      pack_all(cells, first, part);
    }
    cp::add(*block_, part, sums_.get());
  }
  rows_ += rows;
  return still_finite(table, positions);
}

Result<void> CrossMoments::still_finite(const Table& table,
                                        std::span<const std::size_t> positions) const {
  for (std::size_t i = 0; i < size(); ++i) {
    if (std::isfinite(sum(i)) && std::isfinite(product(i, i))) continue;
    if (auto finite = all_finite("linear_regression", table, positions); !finite) return finite;
    return corrupt(
        "linear_regression found numbers in column " + columns_[i] +
        " whose squares are too large for f64: give the column in another unit, or leave "
        "it out");
  }
  return {};
}

Result<void> CrossMoments::join(schema::CrossMoments::Reader part) {
  if (names_of(part) != columns_) {
    return invalid("sums over different columns cannot be combined: name the features");
  }
  skipped_ += part.getSkipped();
  if (part.getRows() == 0) return {};
  auto their_shift = part.getShift();
  auto their_sum = part.getSum();
  auto their_product = part.getProducts();
  bool whole = their_shift.size() == size() && their_sum.size() == size() &&
               their_product.size() == size() * (size() + 1) / 2;
  if (!whole) return corrupt("sums have lists of other lengths than their columns: see what sent them");
  if (rows_ == 0) std::copy(their_shift.begin(), their_shift.end(), shift_.begin());
  double count = static_cast<double>(part.getRows());
  std::vector<double> apart(size());
  for (capnp::uint i = 0; i < size(); ++i)
    apart[i] = their_shift[i] - shift_[i];
  capnp::uint next = 0;
  for (capnp::uint i = 0; i < size(); ++i) {
    for (capnp::uint j = i; j < size(); ++j) {
      product(i, j) += their_product[next++] + apart[i] * their_sum[j] + apart[j] * their_sum[i] +
                       count * apart[i] * apart[j];
    }
    product(i, size()) += their_sum[i] + count * apart[i];
  }
  rows_ += part.getRows();
  return {};
}

Chunk CrossMoments::to_chunk(Pool& pool) const {
  std::size_t letters = 0;
  for (const std::string& column : columns_)
    letters += column.size();
  std::size_t room = 256 + letters + 40 * size() + 4 * size() * (size() + 1);
  Building<schema::CrossMoments> building(pool, room);
  auto root = building.root();
  auto count = static_cast<capnp::uint>(size());
  auto names = root.initColumns(count);
  auto shift = root.initShift(count);
  auto sums = root.initSum(count);
  auto products = root.initProducts(count * (count + 1) / 2);
  root.setRows(rows_);
  root.setSkipped(skipped_);
  capnp::uint next = 0;
  for (capnp::uint i = 0; i < count; ++i) {
    names.set(i, columns_[i].c_str());
    shift.set(i, shift_[i]);
    sums.set(i, sum(i));
    for (capnp::uint j = i; j < count; ++j)
      products.set(next++, product(i, j));
  }
  return std::move(building).finish();
}

}  // namespace leat
