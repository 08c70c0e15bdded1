/// A linear model applied to Tables: what evaluate and predict share.
///
///   auto model = leat::LinearPrediction::of("predict", reader);     // schema::LinearModel::Reader
///   if (auto found = model->find(table); !found) return found.error();
///   model->predict(table, numbers);                                 // one double a row
///
/// Contract. `of` checks that the model is whole: a target, as many coefficients as features, all
/// numbers finite. Features are found by name in every table; one that is missing or not numeric is an
/// error. The prediction of a row with a null in a feature is of no use: ask rows_without_null with
/// positions(). Sums are of doubles. Threads: one object from one thread at a time.
#pragma once

#include <leat/actors/columns/number_columns.hpp>
#include <leat/schemas/model.capnp.h>

namespace leat {

class LinearPrediction {
 public:
  static Result<LinearPrediction> of(std::string kind, schema::LinearModel::Reader model);

  Result<void> find(const Table& table) { return columns_.find(table); }
  /// Of the features, in the table found last.
  const std::vector<std::size_t>& positions() const { return columns_.positions(); }
  /// intercept + coefficients * features, for every row; of a logistic model the probability that is the logistic function
  /// of that.
  void predict(const Table& table, std::vector<double>& numbers) const;

  const std::string& target() const { return target_; }
  bool logistic() const { return logistic_; }
  const std::vector<std::string>& features() const { return columns_.names(); }
  /// Bytes one holds.
  std::uint64_t bytes() const { return bytes_; }

 private:
  LinearPrediction(std::string kind, std::vector<std::string> features)
      : columns_(std::move(kind), std::move(features)) {}

  NumberColumns columns_;
  std::string target_;
  std::vector<double> coefficients_;
  double intercept_ = 0;
  bool logistic_ = false;
  std::uint64_t bytes_ = 0;
};

}  // namespace leat
