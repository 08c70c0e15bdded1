/// What the first pass of a training finds of its columns: moments, nulls, and whether there is anything to learn.
///
///   leat::MeasuredColumns measured("sgd", {"hour", "delay"});                    // features, then the target
///   if (auto ok = measured.add(table, positions, whole, file); !ok) return ok.error();
///   if (auto ok = measured.worth_training(leat::Loss::squared); !ok) return ok.error();
///
/// Contract. A row with a null in any of the columns is left out. Errors, one sentence each: NaN and infinity, and of a
/// logistic loss a target other than 0 and 1, with file, line, row, column and value; no row, one row, a column without
/// a value in any row, a column that is constant. Threads: one.
#pragma once

#include <string>
#include <vector>

#include <leat/actors/columns/number_columns.hpp>
#include <leat/actors/sgd/descent.hpp>

namespace leat {

class MeasuredColumns {
 public:
  MeasuredColumns(std::string kind, std::vector<std::string> names);

  /// `whole`: the rows without a null, where there are others.
  Result<void> add(const Table& table, std::span<const std::size_t> positions, const std::vector<std::uint32_t>* whole,
                   Loss loss, const std::string& file);
  Result<void> worth_training(Loss loss) const;

  const std::vector<std::string>& names() const { return names_; }
  const std::vector<ColumnMoments>& moments() const { return moments_; }
  /// Rows left out.
  std::uint64_t skipped() const { return skipped_; }
  std::uint64_t rows() const { return moments_.back().count; }

  void write(schema::Descent::Builder to) const;
  /// Takes up what write() wrote.
  static MeasuredColumns read(std::string kind, schema::Descent::Reader from);
  static std::uint64_t bytes(std::uint64_t columns) { return 256 + columns * (sizeof(ColumnMoments) + 128); }

 private:
  Error no_rows() const;
  Result<void> two_classes(const Table& table, std::size_t position, const std::vector<std::uint32_t>* whole,
                           const std::string& file) const;

  std::string kind_;
  std::vector<std::string> names_;
  std::vector<ColumnMoments> moments_;
  std::vector<std::uint64_t> nulls_;
  std::uint64_t skipped_ = 0;
  std::vector<double> numbers_;
};

}  // namespace leat
