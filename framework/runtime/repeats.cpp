#include <leat/runtime/repeats.hpp>

namespace leat {

std::chrono::milliseconds repeat_delay(std::size_t which, std::uint64_t random) {
  if (which <= 1) return std::chrono::milliseconds(0);
  std::int64_t delay = std::int64_t{100} << (which - 2);
  std::int64_t spread = delay / 4;
  return std::chrono::milliseconds(delay - spread +
                                   static_cast<std::int64_t>(random % static_cast<std::uint64_t>(2 * spread + 1)));
}

}  // namespace leat
