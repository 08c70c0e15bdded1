/// Gradient descent by mini-batches: a linear model of standardised columns, changed step by step. Pure; it knows rows
/// of floats, no chunks.
///
///   leat::Descent descent({.rate = 0.01, .batch = 64}, moments, 20);   // of the features, then the target
///   descent.add(columns, targets, rows);                // mini-batches of these rows, in an order of its own
///   if (auto ok = descent.end_pass(); !ok) ...          // the batch that is not full, too
///   descent.weights();                                  // in the columns' own units
///
/// Contract. A feature x enters as (x - shift) / scale, with the mean, rounded to float, and the deviation of the
/// moments; the target of a squared loss too. Weights begin at 0, which predicts the mean. A step takes the mean
/// gradient over a mini-batch, which has rows of one or of neighbouring chunks, and rate times it off the weights, and
/// of these rate * l2 times themselves; the intercept is not penalised (H. Robbins and S. Monro, "A stochastic
/// approximation method", 1951; L. Bottou, "Stochastic gradient descent tricks", 2012). The model is the mean of the
/// weights after each step of the last pass, or of the later half of the only one (B. Polyak and A. Juditsky,
/// "Acceleration of stochastic approximation by averaging", 1992), so that it is not that of the rows that happened to
/// come last. Sums are of floats within 256 rows and of doubles beyond. Errors: a loss that grows beyond measure, in
/// one sentence, with the step and what to do. Threads: one.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <leat/actors/moments/moments.hpp>
#include <leat/actors/sgd/float_columns.hpp>
#include <leat/chunk/result.hpp>
#include <leat/schemas/model.capnp.h>

namespace leat {

/// Of the difference between what is and what is predicted; or of a probability, its logarithm.
enum class Loss { squared, logistic };

struct DescentOptions {
  Loss loss = Loss::squared;
  double rate = 0.01;        ///< of learning
  std::uint64_t batch = 64;  ///< rows
  double l2 = 0;
  bool standardise = true;
  std::uint64_t seed = 1;
};

class Descent {
 public:
  /// `passes` over as many rows as the moments have: the moments' last column is the target.
  Descent(const DescentOptions& options, std::span<const ColumnMoments> moments, std::uint64_t passes);

  /// What is taken off each feature's cells; of the target, too.
  const std::vector<double>& shifts() const { return shifts_; }
  /// A target as add() takes it.
  float target(double cell) const { return static_cast<float>((cell - shifts_.back()) * inverse_.back()); }

  /// Trains on these rows, each once. `columns` are the features with the shifts that are still to be taken off.
  void add(const FloatColumns& columns, const float* targets, std::size_t rows);
  /// The rows of the last batch, as far as it is full. Errors: the loss of the pass is far above that of the mean.
  Result<void> end_pass();
  /// That it gets better rather than worse, so far.
  Result<void> converges() const;

  std::uint64_t steps() const { return steps_; }
  std::uint64_t rows() const { return rows_; }
  /// Rows since the last call, and their mean loss, in the target's unit.
  std::uint64_t take_loss(double& mean);
  /// Of the pass that has ended, the same.
  double pass_loss() const { return pass_loss_; }
  /// Of what predicts the mean.
  double base_loss() const { return base_ * unit(); }
  /// The model: a coefficient a feature, then the intercept, in the columns' own units.
  std::vector<double> weights() const;

  void write(schema::Descent::Builder to) const;
  /// Takes up what write() wrote of another one of the same columns.
  void read(schema::Descent::Reader from);
  /// Bytes that one of so many features holds.
  static std::uint64_t bytes(std::uint64_t features) { return 1024 + 96 * features + 16 * kSummedRows; }

 private:
  void add_rows(const FloatColumns& columns, const float* targets, std::size_t first, std::size_t rows,
                std::size_t next);
  void add_block(const FloatColumns& columns, const float* targets, std::size_t first, std::size_t rows,
                 std::size_t next);
  double losses(const float* targets, std::size_t rows);
  void step();
  void set_floats();
  double unit() const { return loss_ == Loss::squared ? 1 / (inverse_.back() * inverse_.back()) : 1; }
  Error diverges(double loss) const;

  Loss loss_;
  double rate_;
  std::uint64_t batch_;
  double l2_;
  bool standardise_;
  std::uint64_t random_;
  std::uint64_t average_from_;  // rows
  double base_ = 0;             // loss of a row of what predicts the mean, standardised
  std::vector<double> shifts_;
  std::vector<double> inverse_;  // of the scales
  std::vector<double> weights_;  // of features, then the intercept
  std::vector<double> averages_;
  std::vector<double> gradient_;
  std::vector<float> floats_;  // weights of cells less their shifts
  float intercept_ = 0;
  std::vector<float> sums_;
  std::vector<std::uint32_t> order_;
  std::uint64_t averaged_ = 0;
  std::uint64_t pending_ = 0;
  std::uint64_t steps_ = 0;
  std::uint64_t rows_ = 0;
  double shown_ = 0;
  std::uint64_t shown_rows_ = 0;
  double whole_ = 0;
  std::uint64_t whole_rows_ = 0;
  double pass_loss_ = 0;
};

}  // namespace leat
