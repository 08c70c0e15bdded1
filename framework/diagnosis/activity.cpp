#include <leat/diagnosis/activity.hpp>

namespace leat {

std::string_view activity_name(Activity activity) {
  static constexpr std::array<std::string_view, kActivities> kNames{"visit", "read", "move",  "ready", "input", "credit",
                                                                    "turn",  "order", "build", "gate",  "later"};
  auto index = static_cast<std::size_t>(activity);
  return index < kNames.size() ? kNames[index] : "move";
}

}  // namespace leat
