/// A curve that a stage draws while it runs, of a bounded number of points. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace leat {

/// One point.
struct Sample {
  double x = 0;
  double y = 0;

  friend bool operator==(const Sample&, const Sample&) = default;
};

/// Keeps every sample, then every second one, then every fourth ... and always the last. Threads: one.
class Curve {
 public:
  static constexpr std::size_t kMost = 4096;

  /// What is not finite is left out.
  void add(Sample sample);
  /// At most kMost, in the order they came.
  std::vector<Sample> samples() const;

 private:
  std::vector<Sample> kept_;
  Sample last_;
  std::uint64_t count_ = 0;
  std::uint64_t every_ = 1;
};

/// A curve as progress and reports have it.
struct NamedCurve {
  std::string stage;
  std::string name;
  std::vector<Sample> samples;
};

}  // namespace leat
