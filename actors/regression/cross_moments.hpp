/// Cross moments: rows, sums and sums of products of columns, in double-double. What a replica of
/// linear_regression folds its share into, and what is combined.
///
///   leat::CrossMoments sums({"a", "b", "y"});
///   sums.add(table, positions);      // of a, b and y in this table
///   sums.join(*part);                // Message<schema::CrossMoments>: another replica's share
///   sums.mean(0), sums.product(0, 2) // in units of 2^unit(0): sum of (a - mean a)(y - mean y)
///
/// Contract. A row with a null in one of the columns is left out and counted. NaN and infinity are an error
/// that names row and column; the sums are then of no use. Each column is in units of a power of two, so
/// that squares neither underflow nor overflow whatever its numbers are. A column is shifted by a number
/// within a factor of two of all its cells in a chunk, where there is one, so that the difference is exact
/// (P. Sterbenz, 1974), and else not at all. Sums about another shift are moved to it in double-double
/// (T. Chan, G. Golub and R. LeVeque, "Updating formulae and a pairwise algorithm for computing sample
/// variances", 1979). So any split of the rows gives the same sums to about 2^-96 of a column's sum of
/// squares. Threads: one object from one thread at a time.
#pragma once

#include <leat/actors/regression/cross_products.hpp>
#include <leat/chunk/result.hpp>
#include <leat/chunk/table.hpp>
#include <leat/schemas/model.capnp.h>

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace leat {

class CrossMoments {
 public:
  /// `centred`: about the means; else about zero, for a model without intercept.
  explicit CrossMoments(std::vector<std::string> columns, bool centred = true);
  /// What another has summed. Errors: corrupt, when its lists do not fit its columns.
  static Result<CrossMoments> of(schema::CrossMoments::Reader part);

  /// Bytes one of `columns` columns holds; `adds`: add() is called on it.
  static std::uint64_t bytes(std::size_t columns, bool adds);
  /// Footprint of its chunk, with names of `letters` bytes in all.
  static std::uint64_t chunk_bytes(std::size_t columns, std::size_t letters);

  /// Adds a table's rows; positions in the order of columns().
  /// `file`: what their rows come from, for a complaint.
  Result<void> add(const Table& table, std::span<const std::size_t> positions, const std::string& file = {});
  /// Adds another's rows. Invalid when its columns are others.
  Result<void> join(schema::CrossMoments::Reader part);
  Chunk to_chunk(Pool& pool) const;

  const std::vector<std::string>& columns() const { return columns_; }
  bool centred() const { return centred_; }
  std::uint64_t rows() const { return rows_; }
  std::uint64_t skipped() const { return skipped_; }
  /// Columns that are no features though none was named, and why: "city (text)". Goes along with the sums.
  void leave_out(std::vector<std::string> columns) { left_out_ = std::move(columns); }
  const std::vector<std::string>& left_out() const { return left_out_; }

  /// Numbers of this column are in units of 2^unit.
  int unit(std::size_t column) const { return states_[column].unit; }
  /// Only with rows.
  DoubleDouble mean(std::size_t column) const;
  /// Sum of (x_i - mean_i)(x_j - mean_j); of x_i x_j when not centred.
  DoubleDouble product(std::size_t i, std::size_t j) const;
  /// The sum of squares whose rounding all of the column's sums carry.
  double raw_square(std::size_t column) const { return sums_.get(column, column).high; }
  /// Half a unit in the last place of the cells' type, relative to them; 0 where cells are exact.
  double rounding(std::size_t column) const { return states_[column].rounding; }

 private:
  struct State {
    double shift = 0;
    int unit = 0;
    bool varies = false;  // some cell was not the shift: the unit is in use
    double rounding = 0;
  };
  struct Cells {
    ColumnType type;
    const std::byte* first;
  };
  std::size_t size() const { return columns_.size(); }
  // A column of ones past the last makes the sums of columns products like any other.
  DoubleDouble sum(std::size_t i) const { return sums_.get(i, size()); }

  void choose_shift(std::size_t i, cross_products::Range range, std::size_t rows);
  void move(std::size_t i, double shift);
  void reach(std::size_t i, double most);
  void change_unit(std::size_t i, int unit);
  void prepare(std::span<const Cells> cells, std::size_t rows, const std::vector<std::uint32_t>* chosen);
  void pack_all(std::span<const Cells> cells, std::size_t first, std::size_t rows);
  void pack_chosen(std::span<const Cells> cells, std::span<const std::uint32_t> chosen);
  Result<void> still_finite(const Table& table, std::span<const std::size_t> positions, const std::string& file) const;
  void begin_as(schema::CrossMoments::Reader part);
  void add_moved(schema::CrossMoments::Reader part);

  std::vector<std::string> columns_;
  bool centred_;
  std::uint64_t rows_ = 0;
  std::uint64_t skipped_ = 0;
  std::vector<std::string> left_out_;
  std::vector<State> states_;
  cross_products::Sums sums_;
  std::unique_ptr<cross_products::Block> block_;
  std::vector<cross_products::Change> changes_;  // of the chunk in hand, by column
};

}  // namespace leat
