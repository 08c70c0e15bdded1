/// Cross moments: rows, sums and sums of products of columns about a shift. What a replica of
/// linear_regression folds its share into, and what is combined.
///
///   leat::CrossMoments sums({"a", "b", "y"});
///   sums.add(table, positions);      // of a, b and y in this table
///   sums.join(*part);                // Message<schema::CrossMoments>: another replica's share
///   sums.mean(0), sums.centred(0, 2) // sum of (a - mean a)(y - mean y)
///
/// Contract. The shift is the mean of each column in the first chunk, so that large means cost no
/// digits; sums are of doubles whatever the columns' type. A row with a null in one of the columns
/// is left out and counted. NaN, infinity, and numbers whose squares overflow are an error that
/// names row and column; the sums are then of no use. Sums about another shift are moved to this
/// one exactly (Chan, Golub and LeVeque, 1979), so any split of the rows gives the same model but
/// for the last digits. Threads: one object from one thread at a time.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include <leat/actors/cross_products.hpp>
#include <leat/chunk/result.hpp>
#include <leat/chunk/table.hpp>
#include <leat/schemas/model.capnp.h>

namespace leat {

class CrossMoments {
 public:
  explicit CrossMoments(std::vector<std::string> columns);
  /// What another has summed. Errors: corrupt, when its lists do not fit its columns.
  static Result<CrossMoments> of(schema::CrossMoments::Reader part);

  /// Bytes one of `columns` columns holds; `adds`: add() is called on it.
  static std::uint64_t bytes(std::size_t columns, bool adds);
  /// Footprint of its chunk, with names of `letters` bytes in all.
  static std::uint64_t chunk_bytes(std::size_t columns, std::size_t letters);

  /// Adds a table's rows; positions in the order of columns().
  Result<void> add(const Table& table, std::span<const std::size_t> positions);
  /// Adds another's rows. Invalid when its columns are others.
  Result<void> join(schema::CrossMoments::Reader part);
  Chunk to_chunk(Pool& pool) const;

  const std::vector<std::string>& columns() const { return columns_; }
  std::uint64_t rows() const { return rows_; }
  std::uint64_t skipped() const { return skipped_; }
  /// Only with rows.
  double mean(std::size_t column) const;
  /// Sum of (x_i - mean_i)(x_j - mean_j).
  double centred(std::size_t i, std::size_t j) const;

 private:
  std::size_t size() const { return columns_.size(); }
  // A column of ones past the last makes the sums of columns products like any other.
  double& product(std::size_t i, std::size_t j) {
    return sums_[cross_products::at(size() + 1, i, j)];
  }
  double product(std::size_t i, std::size_t j) const {
    return sums_[cross_products::at(size() + 1, i, j)];
  }
  double sum(std::size_t i) const { return product(i, size()); }

  struct Cells {
    ColumnType type;
    const std::byte* first;
  };
  std::vector<Cells> cells_of(const Table& table, std::span<const std::size_t> positions) const;
  void take_shift(std::span<const Cells> cells, std::size_t rows,
                  const std::vector<std::uint32_t>* chosen);
  void pack_all(std::span<const Cells> cells, std::size_t first, std::size_t rows);
  void pack_chosen(std::span<const Cells> cells, std::span<const std::uint32_t> chosen);
  Result<void> still_finite(const Table& table, std::span<const std::size_t> positions) const;

  std::vector<std::string> columns_;
  std::uint64_t rows_ = 0;
  std::uint64_t skipped_ = 0;
  std::vector<double> shift_;
  cross_products::Doubles sums_;
  std::unique_ptr<cross_products::Block> block_;
};

}  // namespace leat
