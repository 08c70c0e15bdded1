#include <algorithm>
#include <cmath>
#include <numeric>

#include <leat/actors/sgd/descent.hpp>

namespace leat {
namespace {

// SplitMix64 (G. Steele, D. Lea and C. Flood, 2014).
std::uint64_t next_random(std::uint64_t& state) {
  std::uint64_t mixed = state += 0x9e3779b97f4a7c15U;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9U;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebU;
  return mixed ^ (mixed >> 31);
}

// Fisher and Yates, as R. Durstenfeld has it (1964); n is far below 2^32, so that the bias is none that counts.
void shuffle(std::vector<std::uint32_t>& order, std::uint64_t& state) {
  for (std::size_t left = order.size(); left > 1; --left) {
    std::swap(order[left - 1], order[next_random(state) % left]);
  }
}

double deviation(const ColumnMoments& moments) {
  return std::sqrt(moments.squares / static_cast<double>(moments.count));
}

std::string short_text(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", number);
  return text;
}

constexpr double kHopeless = 1e6;
constexpr double kWorse = 10;

void set(capnp::List<double>::Builder to, const std::vector<double>& numbers) {
  for (capnp::uint i = 0; i < to.size(); ++i) to.set(i, numbers[i]);
}

void get(capnp::List<double>::Reader from, std::vector<double>& numbers) {
  for (capnp::uint i = 0; i < from.size() && i < numbers.size(); ++i) numbers[i] = from[i];
}

}  // namespace

Descent::Descent(const DescentOptions& options, std::span<const ColumnMoments> moments, std::uint64_t passes)
    : loss_(options.loss),
      rate_(options.rate),
      batch_(options.batch),
      l2_(options.l2),
      standardise_(options.standardise),
      random_(options.seed),
      weights_(moments.size()),
      averages_(moments.size()),
      gradient_(moments.size()),
      floats_(moments.size() - 1),
      sums_(kSummedRows) {
  for (const ColumnMoments& column : moments) {
    shifts_.push_back(standardise_ ? static_cast<double>(static_cast<float>(column.mean)) : 0);
    inverse_.push_back(standardise_ ? 1 / deviation(column) : 1);
  }
  const ColumnMoments& target = moments.back();
  if (loss_ == Loss::logistic) {
    shifts_.back() = 0;
    inverse_.back() = 1;
    double share = std::clamp(target.mean, 1e-9, 1 - 1e-9);
    weights_.back() = std::log(share / (1 - share));
    base_ = -(share * std::log(share) + (1 - share) * std::log(1 - share));
  } else {
    weights_.back() = (target.mean - shifts_.back()) * inverse_.back();
    base_ = std::max(target.squares / static_cast<double>(target.count) / unit(), 1e-300);
  }
  std::uint64_t rows = target.count;
  average_from_ = passes > 1 ? rows * (passes - 1) : rows / 2;
  set_floats();
}

// Batches begin where rows of the chunk are aligned: what an earlier chunk has left is filled up from its end.
void Descent::add(const FloatColumns& columns, const float* targets, std::size_t rows) {
  std::size_t end = rows;
  order_.resize((rows - std::min<std::size_t>(rows, pending_ > 0 ? batch_ - pending_ : 0)) / batch_);
  std::iota(order_.begin(), order_.end(), 0);
  shuffle(order_, random_);
  std::size_t begin = order_.empty() ? 0 : order_[0] * batch_;
  if (pending_ > 0) {
    std::size_t wanted = std::min<std::size_t>(rows, batch_ - pending_);
    end = rows - wanted;
    add_rows(columns, targets, end, wanted, begin);
  }
  std::size_t rest = order_.size() * batch_;
  for (std::size_t i = 0; i < order_.size(); ++i) {
    std::size_t next = i + 1 < order_.size() ? order_[i + 1] * batch_ : rest;
    add_rows(columns, targets, order_[i] * batch_, batch_, next);
  }
  if (rest < end) add_rows(columns, targets, rest, end - rest, rest);
}

// At most one batch.
void Descent::add_rows(const FloatColumns& columns, const float* targets, std::size_t first, std::size_t rows,
                       std::size_t next) {
  for (std::size_t at = 0; at < rows; at += kSummedRows) {
    bool last = at + kSummedRows >= rows;
    add_block(columns, targets + first + at, first + at, std::min(kSummedRows, rows - at),
              last ? next : first + at + kSummedRows);
  }
  pending_ += rows;
  rows_ += rows;
  if (pending_ == batch_) step();
}

void Descent::add_block(const FloatColumns& columns, const float* targets, std::size_t first, std::size_t rows,
                        std::size_t next) {
  weighted_sums(columns, floats_.data(), intercept_, first, rows, next, sums_.data());
  double loss = losses(targets, rows);
  shown_ += loss;
  shown_rows_ += rows;
  whole_ += loss;
  whole_rows_ += rows;
  add_products(columns, sums_.data(), first, rows, gradient_.data());
  gradient_.back() +=
      static_cast<double>(Eigen::Map<const Eigen::ArrayXf>(sums_.data(), static_cast<Eigen::Index>(rows)).sum());
}

// What is predicted becomes what it is too much.
double Descent::losses(const float* targets, std::size_t rows) {
  auto count = static_cast<Eigen::Index>(rows);
  Eigen::Map<Eigen::ArrayXf> sums(sums_.data(), count);
  Eigen::Map<const Eigen::ArrayXf> wanted(targets, count);
  if (loss_ == Loss::squared) {
    sums -= wanted;
    return static_cast<double>(sums.square().sum());
  }
  // log(1 + exp(s)) - y s, without the exponential of what is large.
  float loss = (sums.cwiseMax(0) + (1 + (-sums.abs()).exp()).log() - wanted * sums).sum();
  sums = 1 / (1 + (-sums).exp()) - wanted;
  return static_cast<double>(loss);
}

void Descent::step() {
  double by = rate_ / static_cast<double>(pending_);
  std::size_t features = floats_.size();
  for (std::size_t i = 0; i < features; ++i) {
    weights_[i] -= by * gradient_[i] * inverse_[i] + rate_ * l2_ * weights_[i];
  }
  weights_[features] -= by * gradient_[features];
  std::fill(gradient_.begin(), gradient_.end(), 0);
  pending_ = 0;
  ++steps_;
  set_floats();
  if (rows_ <= average_from_) return;
  double share = 1 / static_cast<double>(++averaged_);
  for (std::size_t i = 0; i <= features; ++i) averages_[i] += (weights_[i] - averages_[i]) * share;
}

void Descent::set_floats() {
  for (std::size_t i = 0; i < floats_.size(); ++i) floats_[i] = static_cast<float>(weights_[i] * inverse_[i]);
  intercept_ = static_cast<float>(weights_.back());
}

Result<void> Descent::converges() const {
  double loss = shown_rows_ ? shown_ / static_cast<double>(shown_rows_) : 0;
  if (!(loss <= kHopeless * base_)) return diverges(loss);
  return {};
}

Result<void> Descent::end_pass() {
  if (pending_ > 0) step();
  double loss = whole_rows_ ? whole_ / static_cast<double>(whole_rows_) : 0;
  if (!(loss <= kWorse * base_)) return diverges(loss);
  pass_loss_ = loss * unit();
  whole_ = 0;
  whole_rows_ = 0;
  return {};
}

Error Descent::diverges(double loss) const {
  std::string how = std::isfinite(loss) ? short_text(loss / base_) + " times" : "infinitely beyond";
  std::string remedy = "take a smaller rate, such as " + short_text(rate_ / 10) + ", than " + short_text(rate_);
  if (!standardise_) remedy += ", or standardise the columns";
  return invalid("sgd diverges: at step " + std::to_string(steps_) + " its loss is " + how +
                 " that of predicting the mean; " + remedy);
}

std::uint64_t Descent::take_loss(double& mean) {
  std::uint64_t rows = shown_rows_;
  mean = rows ? shown_ / static_cast<double>(rows) * unit() : 0;
  shown_ = 0;
  shown_rows_ = 0;
  return rows;
}

std::vector<double> Descent::weights() const {
  const std::vector<double>& of = averaged_ > 0 ? averages_ : weights_;
  std::vector<double> made;
  double intercept = of.back();
  for (std::size_t i = 0; i < floats_.size(); ++i) {
    made.push_back(of[i] * inverse_[i] / inverse_.back());
    intercept -= of[i] * inverse_[i] * shifts_[i];
  }
  made.push_back(intercept / inverse_.back() + shifts_.back());
  return made;
}

void Descent::write(schema::Descent::Builder to) const {
  auto count = static_cast<capnp::uint>(weights_.size());
  to.setRandom(random_);
  to.setSteps(steps_);
  to.setRows(rows_);
  set(to.initWeights(count), weights_);
  set(to.initAverages(count), averages_);
  to.setAveraged(averaged_);
  set(to.initGradient(count), gradient_);
  to.setPending(pending_);
  to.setShown(shown_);
  to.setShownRows(shown_rows_);
  to.setWhole(whole_);
  to.setWholeRows(whole_rows_);
}

void Descent::read(schema::Descent::Reader from) {
  random_ = from.getRandom();
  steps_ = from.getSteps();
  rows_ = from.getRows();
  get(from.getWeights(), weights_);
  get(from.getAverages(), averages_);
  averaged_ = from.getAveraged();
  get(from.getGradient(), gradient_);
  pending_ = from.getPending();
  shown_ = from.getShown();
  shown_rows_ = from.getShownRows();
  whole_ = from.getWhole();
  whole_rows_ = from.getWholeRows();
  set_floats();
}

}  // namespace leat
