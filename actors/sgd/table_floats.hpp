/// A Table's numeric columns as floats: f32 columns without a null as they lie, others converted, with a shift taken
/// off.
///
///   leat::TableFloats floats;
///   floats.read(columns, features, rows, shifts, whole);   // `whole`: the rows without a null, where there are others
///   leat::weighted_sums(floats.columns(), ...);
///
/// Contract. What is read is of use as long as the table, and until the next read(). A shift is taken off in double
/// where the cells are of another type than f32 and f16. Threads: one.
#pragma once

#include <span>
#include <vector>

#include <leat/actors/columns/number_columns.hpp>
#include <leat/actors/sgd/float_columns.hpp>

namespace leat {

class TableFloats {
 public:
  /// The first `count` of the columns that were found in a table of `rows` rows.
  void read(const NumberColumns& found, std::size_t count, std::size_t rows, std::span<const double> shifts,
            const std::vector<std::uint32_t>* whole);
  const FloatColumns& columns() const { return columns_; }
  /// Bytes that one holds for columns of so many rows.
  static std::uint64_t bytes(std::uint64_t columns, std::uint64_t rows) {
    return columns * (4 * rows + 64 + 16) + 1024;
  }

 private:
  FloatColumns columns_;
  std::vector<float> converted_;
};

}  // namespace leat
