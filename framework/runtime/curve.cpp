#include <leat/runtime/curve.hpp>

#include <cmath>

namespace leat {

void Curve::add(Sample sample) {
  if (!std::isfinite(sample.x) || !std::isfinite(sample.y)) return;
  last_ = sample;
  if (count_++ % every_ != 0) return;
  // One is for the last.
  if (kept_.size() + 1 == kMost) {
    for (std::size_t i = 0; 2 * i < kept_.size(); ++i) kept_[i] = kept_[2 * i];
    kept_.resize((kept_.size() + 1) / 2);
    every_ *= 2;
    if ((count_ - 1) % every_ != 0) return;
  }
  kept_.push_back(sample);
}

std::vector<Sample> Curve::samples() const {
  std::vector<Sample> all = kept_;
  if (count_ > 0 && (count_ - 1) % every_ != 0) all.push_back(last_);
  return all;
}

}  // namespace leat
