#include <leat/runtime/stage_metrics.hpp>

#include <leat/runtime/machine.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace leat {
namespace {

constexpr double kSecond = 1e9;  // in nanoseconds

}  // namespace

std::uint64_t StageCounters::later_ns(Time now) const {
  Time since = later_since.load(std::memory_order_relaxed);
  return since < now ? static_cast<std::uint64_t>((now - since).count()) : 0;
}

std::uint64_t StageMetric::units(const StageProgress& stage) const {
  return number ? stage.*number : static_cast<std::uint64_t>(std::llround(stage.*seconds * kSecond));
}

double StageMetric::value(const StageProgress& stage) const {
  return number ? static_cast<double>(stage.*number) : stage.*seconds;
}

void StageMetric::add(StageProgress& to, std::uint64_t units) const {
  if (number) {
    to.*number = largest ? std::max(to.*number, units) : to.*number + units;
  } else {
    double more = static_cast<double>(units) / kSecond;
    to.*seconds = largest ? std::max(to.*seconds, more) : to.*seconds + more;
  }
}

void add(StageProgress& to, const StageProgress& from) {
  to.replicas += from.replicas;
  for (const StageMetric& metric : kStageMetrics) metric.add(to, metric.units(from));
  for (const auto& [name, number] : from.counts) to.counts[name] += number;
}

void add(StageProgress& to, const StageCounters& from, StageCounters::Time now) {
  for (const StageMetric& metric : kStageMetrics) metric.add(to, metric.read(from, now));
}

void book_pages(StageCounters& counters, std::chrono::steady_clock::time_point now) {
  constexpr auto kEvery = std::chrono::microseconds(100);
  thread_local std::chrono::steady_clock::time_point asked{};
  thread_local std::uint64_t before = 0;
  if (now - asked < kEvery) return;
  std::uint64_t pages = touched_pages();
  counters.touched.add(pages - std::exchange(before, pages));
  asked = now;
}

}  // namespace leat
