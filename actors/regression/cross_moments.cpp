#include <leat/actors/regression/cross_moments.hpp>

#include <leat/actors/columns/number_columns.hpp>

#include <algorithm>
#include <cmath>

namespace leat {
namespace cp = cross_products;
namespace {

// So far may a column's numbers be from its unit, as powers of two, before the unit is changed.
constexpr int kReach = 200;
// A power of two that is no denormal's reciprocal.
constexpr int kLeastUnit = -1000;

// Every difference to the shift is exact.
bool within(cp::Range range, double shift) {
  if (shift < 0) return within({-range.greatest, -range.least}, -shift);
  return shift > 0 && range.least >= shift / 2 && range.greatest <= 2 * shift;
}

// At most this share of its middle is a range wide.
bool narrow(cp::Range range, double middle, double share) {
  return middle != 0 && range.greatest - range.least <= share * std::abs(middle);
}

double rounding_of(ColumnType type, cp::Range range) {
  constexpr double kF64 = 0x1p-53;
  switch (type) {
    case ColumnType::F64: return kF64;
    case ColumnType::F32: return 0x1p-24;
    case ColumnType::F16: return 0x1p-11;
    case ColumnType::I64: return std::max(-range.least, range.greatest) > 0x1p53 ? kF64 : 0;
    default: return 0;
  }
}

template <class T>
void pack_four(const std::byte* const* first, std::size_t row, const cp::Change* changes, std::size_t rows,
               double* to) {
  const T* four[4];
  for (std::size_t c = 0; c < 4; ++c) four[c] = reinterpret_cast<const T*>(first[c]) + row;
  cp::pack4(four, changes, rows, to);
}

}  // namespace

CrossMoments::CrossMoments(std::vector<std::string> columns, bool centred)
    : columns_(std::move(columns)), centred_(centred), states_(size()), sums_(size() + 1) {}

DoubleDouble CrossMoments::mean(std::size_t column) const {
  const State& state = states_[column];
  return scaled(state.shift, -state.unit) + sum(column) / static_cast<double>(rows_);
}

DoubleDouble CrossMoments::product(std::size_t i, std::size_t j) const {
  if (!centred_) return sums_.get(i, j);
  return sums_.get(i, j) - sum(i) * sum(j) / static_cast<double>(rows_);
}

// Takes the shift that costs the fewest digits of these rows, and none of the rows before.
void CrossMoments::choose_shift(std::size_t i, cp::Range range, std::size_t rows) {
  State& state = states_[i];
  if (!centred_ || (state.shift != 0 && within(range, state.shift))) return;
  double middle = range.least / 2 + range.greatest / 2;
  // Where many rows are about zero already, few others show only in the spread of all.
  bool weighs = rows_ == 0 || rows >= rows_ / 16 || (rows >= 16 && narrow(range, middle, 1.0 / 512));
  double shift = weighs && narrow(range, middle, 0.5) ? middle : 0;
  if (shift == state.shift) return;
  if (rows_ > 0) move(i, shift);
  state.shift = shift;
}

// Makes the sums so far ones about another shift; the caller notes it down.
void CrossMoments::move(std::size_t i, double shift) {
  DoubleDouble apart = DoubleDouble(states_[i].shift) - shift;
  reach(i, std::abs(apart.high));
  apart = scaled(apart, -states_[i].unit);
  DoubleDouble count = static_cast<double>(rows_);
  DoubleDouble own = sum(i);
  for (std::size_t j = 0; j < size(); ++j) {
    DoubleDouble more = j == i ? apart * (own + own + count * apart) : apart * sum(j);
    sums_.set(i, j, sums_.get(i, j) + more);
  }
  sums_.set(i, size(), own + count * apart);
}

// Sees that numbers as large as `most` are near enough to the column's unit.
void CrossMoments::reach(std::size_t i, double most) {
  if (most == 0 || !std::isfinite(most)) return;
  State& state = states_[i];
  int exponent = 0;
  std::frexp(most, &exponent);
  bool near = std::abs(exponent) <= kReach;
  if (!state.varies) {
    state.varies = true;
    state.unit = near ? 0 : std::max(exponent, kLeastUnit);
  } else if (exponent > state.unit + kReach) {
    change_unit(i, exponent);
  }
}

void CrossMoments::change_unit(std::size_t i, int unit) {
  int power = states_[i].unit - unit;
  for (std::size_t j = 0; j <= size(); ++j) {
    sums_.set(i, j, scaled(sums_.get(i, j), i == j ? 2 * power : power));
  }
  states_[i].unit = unit;
}

void CrossMoments::prepare(std::span<const Cells> cells, std::size_t rows,
                           const std::vector<std::uint32_t>* chosen) {
  changes_.resize(size());
  for (std::size_t i = 0; i < size(); ++i) {
    cp::Range range;
    with_cells(cells[i].type, cells[i].first, [&](auto* from) {
      if (!chosen) range = cp::range_of(from, rows);
      for (std::size_t r = 0; chosen && r < rows; ++r) range.take(static_cast<double>(from[(*chosen)[r]]));
    });
    choose_shift(i, range, rows);
    double shift = states_[i].shift;
    reach(i, std::max(std::abs(range.least - shift), std::abs(range.greatest - shift)));
    states_[i].rounding = std::max(states_[i].rounding, rounding_of(cells[i].type, range));
    changes_[i] = {shift, std::ldexp(1.0, -states_[i].unit)};
  }
}

void CrossMoments::pack_all(std::span<const Cells> cells, std::size_t first, std::size_t rows) {
  for (std::size_t i = 0; i < size();) {
    bool four = i % 4 == 0 && i + 4 <= size();
    for (std::size_t c = 1; c < 4 && four; ++c) four = cells[i + c].type == cells[i].type;
    ColumnType type = cells[i].type;
    if (four && (type == ColumnType::F32 || type == ColumnType::F64)) {
      const std::byte* from[] = {cells[i].first, cells[i + 1].first, cells[i + 2].first, cells[i + 3].first};
      auto* pack = type == ColumnType::F32 ? pack_four<float> : pack_four<double>;
      pack(from, first, &changes_[i], rows, block_->column(i));
      i += 4;
      continue;
    }
    with_cells(type, cells[i].first,
               [&](auto* from) { cp::pack(from + first, changes_[i], rows, block_->column(i)); });
    i += 1;
  }
}

void CrossMoments::pack_chosen(std::span<const Cells> cells, std::span<const std::uint32_t> chosen) {
  for (std::size_t i = 0; i < size(); ++i) {
    double* to = block_->column(i);
    const cp::Change changed = changes_[i];
    with_cells(cells[i].type, cells[i].first, [&](auto* from) {
      for (std::size_t r = 0; r < chosen.size(); ++r) {
        to[cp::kPanel * r] = changed(static_cast<double>(from[chosen[r]]));
      }
    });
  }
}

Result<void> CrossMoments::add(const Table& table, std::span<const std::size_t> positions, const std::string& file) {
  if (!block_) {
    block_ = std::make_unique<cp::Block>(size() + 1);
    double* ones = block_->column(size());
    for (std::size_t r = 0; r < cp::kRows; ++r) ones[cp::kPanel * r] = 1;
  }
  std::vector<std::uint32_t> chosen;
  bool nulls = rows_without_null(table, positions, chosen);
  std::size_t rows = nulls ? chosen.size() : table.rows();
  skipped_ += table.rows() - rows;
  if (rows == 0) return {};
  std::vector<Cells> cells;
  for (std::size_t position : positions) cells.push_back({table.type(position), table.cells(position)});
  prepare(cells, rows, nulls ? &chosen : nullptr);
  for (std::size_t first = 0; first < rows; first += cp::kRows) {
    std::size_t part = std::min(cp::kRows, rows - first);
    if (nulls) {
      pack_chosen(cells, std::span(chosen).subspan(first, part));
    } else {
      pack_all(cells, first, part);
    }
    cp::add(*block_, part, sums_);
  }
  rows_ += rows;
  return still_finite(table, positions, file);
}

Result<void> CrossMoments::still_finite(const Table& table, std::span<const std::size_t> positions,
                                       const std::string& file) const {
  for (std::size_t i = 0; i < size(); ++i) {
    if (std::isfinite(sums_.get(i, i).high)) continue;
    if (auto finite = all_finite("linear_regression", table, positions, file); !finite) return finite;
    return failed("linear_regression cannot sum up the squares of column " + columns_[i] + ": leave it out");
  }
  return {};
}

}  // namespace leat
