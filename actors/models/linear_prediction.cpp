#include <leat/actors/models/linear_prediction.hpp>

#include <cmath>
#include <limits>

namespace leat {

Result<LinearPrediction> LinearPrediction::of(std::string kind, schema::LinearModel::Reader model) {
  std::vector<std::string> features;
  std::uint64_t bytes = sizeof(LinearPrediction);
  for (auto name : model.getFeatures()) {
    features.emplace_back(name.cStr(), name.size());
    bytes += 96 + name.size();
  }
  auto coefficients = model.getCoefficients();
  bool whole = !features.empty() && coefficients.size() == features.size() &&
               model.getTarget().size() > 0 && std::isfinite(model.getIntercept());
  LinearPrediction made(std::move(kind), std::move(features));
  for (double coefficient : coefficients) {
    whole = whole && std::isfinite(coefficient);
    made.coefficients_.push_back(coefficient);
  }
  if (!whole) {
    return corrupt("the linear model is not whole: it needs a target and a finite coefficient for each "
                   "of its features; train it again");
  }
  made.target_ = model.getTarget().cStr();
  made.intercept_ = model.getIntercept();
  made.logistic_ = model.getLogistic();
  made.bytes_ = bytes;
  return made;
}

void LinearPrediction::predict(const Table& table, std::vector<double>& numbers) const {
  std::size_t rows = table.rows();
  numbers.assign(rows, intercept_);
  for (std::size_t i = 0; i < coefficients_.size(); ++i) {
    double coefficient = coefficients_[i];
    double* to = numbers.data();
    with_cells(table, columns_.positions()[i], [=](auto* cells) {
      for (std::size_t row = 0; row < rows; ++row) {
        to[row] += coefficient * static_cast<double>(cells[row]);
      }
    });
  }
  // What is no number must not become a probability.
  for (std::size_t row = 0; logistic_ && row < rows; ++row) {
    numbers[row] = std::isfinite(numbers[row]) ? 1 / (1 + std::exp(-numbers[row])) : std::numeric_limits<double>::quiet_NaN();
  }
}

}  // namespace leat
