#include <algorithm>
#include <cmath>

#include <leat/actors/moments/histogram.hpp>

namespace leat {
namespace {

constexpr int kDigits = 50;  // of a bin's number: exact in a double, with room to add
constexpr int kLeast = -1000;

std::int64_t bin_of(double number, int exponent) {
  return static_cast<std::int64_t>(std::floor(std::ldexp(number, -exponent)));
}

// At which the numbers of bins are exact.
int finest(double least, double greatest) {
  double most = std::max(std::abs(least), std::abs(greatest));
  return most == 0 ? kLeast : std::max(std::ilogb(most) - kDigits, kLeast);
}

bool fits(std::int64_t first, std::int64_t last) {
  return last - first < static_cast<std::int64_t>(Histogram::kMost);
}

}  // namespace

double Histogram::from() const {
  return std::ldexp(static_cast<double>(first_), exponent_);
}
double Histogram::width() const {
  return std::ldexp(1.0, exponent_);
}

void Histogram::widen(int exponent) {
  int by = exponent - exponent_;
  if (by <= 0) return;
  auto wider = [by](std::int64_t bin) { return by < 63 ? bin >> by : bin < 0 ? -1 : 0; };
  std::int64_t first = wider(first_);
  std::vector<std::uint64_t> counts(
      counts_.empty()
          ? 0
          : static_cast<std::size_t>(wider(first_ + static_cast<std::int64_t>(counts_.size()) - 1) - first + 1));
  for (std::size_t i = 0; i < counts_.size(); ++i)
    counts[static_cast<std::size_t>(wider(first_ + static_cast<std::int64_t>(i)) - first)] += counts_[i];
  exponent_ = exponent;
  first_ = first;
  counts_ = std::move(counts);
}

// For these bins, of the width that it has, and those that are there: as wide as all of them need.
void Histogram::make_room(std::int64_t first, std::int64_t last) {
  if (!counts_.empty()) {
    first = std::min(first, first_);
    last = std::max(last, first_ + static_cast<std::int64_t>(counts_.size()) - 1);
  }
  int by = 0;
  while (!fits(first >> by, last >> by)) ++by;
  widen(exponent_ + by);
  first >>= by;
  last >>= by;
  if (counts_.empty()) first_ = first;
  counts_.insert(counts_.begin(), static_cast<std::size_t>(first_ - first), 0);
  first_ = first;
  counts_.resize(static_cast<std::size_t>(last - first + 1));
}

void Histogram::add(const double* numbers, std::size_t count, double least, double greatest) {
  int exponent = finest(least, greatest);
  if (counts_.empty()) exponent_ = exponent;
  widen(exponent);
  // Of what is far narrower than this the bins are too many to be numbered.
  while (std::max(std::abs(least), std::abs(greatest)) > std::ldexp(1.0, exponent_ + 60)) widen(exponent_ + 1);
  make_room(bin_of(least, exponent_), bin_of(greatest, exponent_));
  double scale = std::ldexp(1.0, -exponent_);
  bool exact = std::isfinite(scale) && scale > 0;
  for (std::size_t i = 0; i < count; ++i) {
    auto bin = exact ? static_cast<std::int64_t>(std::floor(numbers[i] * scale)) : bin_of(numbers[i], exponent_);
    ++counts_[static_cast<std::size_t>(bin - first_)];
  }
}

void Histogram::join(const Histogram& other) {
  if (other.counts_.empty()) return;
  Histogram theirs = other;
  if (counts_.empty()) exponent_ = theirs.exponent_;
  widen(theirs.exponent_);
  theirs.widen(exponent_);
  make_room(theirs.first_, theirs.first_ + static_cast<std::int64_t>(theirs.counts_.size()) - 1);
  theirs.widen(exponent_);
  for (std::size_t i = 0; i < theirs.counts_.size(); ++i) {
    counts_[static_cast<std::size_t>(theirs.first_ - first_) + i] += theirs.counts_[i];
  }
}

}  // namespace leat
