/// Columns of floats as the loops of gradient descent read them: sums over columns for each row, and sums over rows for
/// each column. They know pointers and sizes, no chunks. Compiled for several instruction sets with Highway; the best
/// one that the processor has is chosen when it runs.
///
///   leat::FloatColumns columns{cells, shifts};
///   leat::weighted_sums(columns, weights, 1, 0, 64, 64, sums);  // sums[r] = 1 + weights * (row - shifts), of 64 rows
///   leat::add_products(columns, sums, 0, 64, products);         // products[c] += sums * (column - shift)
///
/// Contract. Rows are summed in float, of at most kSummedRows rows each time, and added to doubles. A shift that lies
/// near a column's cells keeps their digits: the difference of near floats is exact (P. Sterbenz, 1974). NaN and
/// infinity go through. Threads: no shared state.
#pragma once

#include <cstddef>
#include <vector>

#include <Eigen/Core>

namespace leat {

struct FloatColumns {
  std::vector<const float*> cells;
  std::vector<float> shifts;  ///< as many
};

/// Rows that the loops are given at a time: few enough for a first-level cache to have them for the second loop.
inline constexpr std::size_t kSummedRows = 256;

/// For `rows` rows from `first` on. The processor is asked for as many from `next` on, which come next.
void weighted_sums(const FloatColumns& columns, const float* weights, float constant, std::size_t first,
                   std::size_t rows, std::size_t next, float* sums);
/// `factors` has one for each of the rows.
void add_products(const FloatColumns& columns, const float* factors, std::size_t first, std::size_t rows,
                  double* products);
/// to[i] = cells[i] - shift, rounded once.
void centred(const double* cells, std::size_t rows, double shift, float* to);
void centred(const Eigen::half* cells, std::size_t rows, double shift, float* to);
template <class T> void centred(const T* cells, std::size_t rows, double shift, float* to) {
  for (std::size_t i = 0; i < rows; ++i) to[i] = static_cast<float>(static_cast<double>(cells[i]) - shift);
}

}  // namespace leat
