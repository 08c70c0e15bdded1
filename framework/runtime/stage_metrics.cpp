#include <leat/runtime/stage_metrics.hpp>

#include <leat/runtime/cell_activity.hpp>
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

std::uint64_t StageCounters::waiting_ns(Time now) const {
  return cell ? cell->read(now).times[static_cast<std::size_t>(Activity::credit)] : 0;
}

std::uint64_t StageCounters::idle_ns(Time now) const {
  if (!cell) return 0;
  auto times = cell->read(now).times;
  std::uint64_t sum = 0;
  for (Activity each : {Activity::input, Activity::turn, Activity::order, Activity::build, Activity::gate, Activity::later}) {
    sum += times[static_cast<std::size_t>(each)];
  }
  return sum;
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

void book_usage(StageCounters& counters, StageCounters::Time since, StageCounters::Time now) {
  constexpr auto kEvery = std::chrono::microseconds(100);
  constexpr auto kLong = std::chrono::milliseconds(100);
  thread_local StageCounters::Time asked{};
  thread_local ThreadUsage before;
  if (now - asked < kEvery) return;
  ThreadUsage usage = thread_usage();
  counters.touched.add(usage.pages - before.pages);
  // What the thread used before the visit is in it too: so none is taken for blocked that is not. One that others
  // kept from its CPU has not waited.
  bool idled = usage.waits > before.waits && (usage.cpu - before.cpu) * 10 < now - since;
  if (now - since >= kLong && idled) counters.blocked_ns.add(now - since);
  before = usage;
  asked = now;
}

}  // namespace leat
