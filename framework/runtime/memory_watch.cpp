#include <leat/runtime/memory_watch.hpp>

#include <leat/runtime/machine.hpp>

#include <algorithm>
#include <atomic>

namespace leat {
namespace {

std::atomic<std::uint64_t> watches{0};  // that there are
std::atomic<std::uint64_t> begun{0};    // that there have been

}  // namespace

std::optional<std::string> over_bound(std::uint64_t used, std::uint64_t bound, std::string_view most) {
  if (used <= bound || used - bound <= bound / 10) return std::nullopt;
  std::string who = most.empty() ? "a stage" : "stage " + std::string(most) + ", which touched most of it,";
  return "the process used " + byte_text(used) + " of memory where its plan allows " + byte_text(bound) + ": " + who +
         " holds more than it declares (Needs::state, or .state() in the graph): declare it, or hold less";
}

MemoryWatch::MemoryWatch()
    : began_with_(resident_memory()),
      peak_before_(peak_memory()),
      seen_(began_with_),
      number_(++begun),
      alone_(watches++ == 0) {}

MemoryWatch::~MemoryWatch() { --watches; }

void MemoryWatch::look() { seen_ = std::max(seen_, resident_memory()); }

std::optional<std::string> MemoryWatch::over(const Bound& bound, std::string_view most) {
  look();
  std::uint64_t peak = peak_memory();
  if (peak > peak_before_) seen_ = std::max(seen_, peak);
  if (!memory_tells() || !alone_ || begun != number_) return std::nullopt;
  return over_bound(seen_, bound.total() - bound.of(BoundTerm::What::process_base) + began_with_, most);
}

}  // namespace leat
