#include <leat/actors/regression/pivoted_cholesky.hpp>

#include <numeric>
#include <utility>

namespace leat {

PivotedCholesky::PivotedCholesky(std::size_t columns, std::size_t pivots)
    : columns_(columns),
      pivots_(pivots),
      order_(columns),
      own_(columns),
      high_(columns * (columns + 1) / 2),
      low_(columns * (columns + 1) / 2) {
  std::iota(order_.begin(), order_.end(), std::size_t{0});
}

std::size_t PivotedCholesky::run(const std::vector<double>& tolerances) {
  for (std::size_t i = 0; i < columns_; ++i) own_[i] = get(i, i).high;
  for (rank_ = 0; rank_ < pivots_; ++rank_) {
    std::size_t pivot = best(rank_, tolerances);
    if (pivot == pivots_) break;
    exchange(rank_, pivot);
    eliminate(rank_);
  }
  return rank_;
}

// Where the column with the largest share left stands; pivots_ when none has enough.
std::size_t PivotedCholesky::best(std::size_t from, const std::vector<double>& tolerances) const {
  std::size_t found = pivots_;
  double most = 0;
  for (std::size_t i = from; i < pivots_; ++i) {
    double own = own_[order_[i]];
    double share = own > 0 ? get(i, i).high / own : 0;
    if (share > tolerances[order_[i]] && share > most) {
      most = share;
      found = i;
    }
  }
  return found;
}

// Rows and columns k and q, k <= q, of what is stored as a triangle.
void PivotedCholesky::exchange(std::size_t k, std::size_t q) {
  if (k == q) return;
  auto swap = [this](std::size_t a, std::size_t b) {
    std::swap(high_[a], high_[b]);
    std::swap(low_[a], low_[b]);
  };
  std::swap(order_[k], order_[q]);
  swap(at(k, k), at(q, q));
  for (std::size_t i = 0; i < k; ++i) swap(at(i, k), at(i, q));
  for (std::size_t i = k + 1; i < q; ++i) swap(at(k, i), at(i, q));
  for (std::size_t i = q + 1; i < columns_; ++i) swap(at(k, i), at(q, i));
}

void PivotedCholesky::eliminate(std::size_t k) {
  DoubleDouble root = sqrt(get(k, k));
  set(k, k, root);
  for (std::size_t j = k + 1; j < columns_; ++j) set(k, j, get(k, j) / root);
  for (std::size_t i = k + 1; i < columns_; ++i) {
    std::size_t from = at(k, i), to = at(i, i);
    subtract(get(k, i), {&high_[from], &low_[from]}, columns_ - i, {&high_[to], &low_[to]});
  }
}

// Row by row from the last: e_i minus the rows below, by what R has of them in row i.
void PivotedCholesky::invert() {
  std::vector<DoubleDouble> row(rank_);
  for (std::size_t i = rank_; i-- > 0;) {
    for (std::size_t k = i; k < rank_; ++k) row[k] = get(i, k);
    for (std::size_t k = i; k < rank_; ++k) set(i, k, {});
    for (std::size_t k = i + 1; k < rank_; ++k) {
      std::size_t from = at(k, k), to = at(i, k);
      subtract(row[k], {&high_[from], &low_[from]}, rank_ - k, {&high_[to], &low_[to]});
    }
    set(i, i, DoubleDouble(1) / row[i]);
    for (std::size_t k = i + 1; k < rank_; ++k) set(i, k, get(i, k) / row[i]);
  }
}

}  // namespace leat
