/// What a cell does: one thing at a time, so that over any window its times add up to the window.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace leat {

/// What a cell does at a moment. Its name in text and JSON is activity_name().
enum class Activity : std::uint8_t {
  visit,     ///< in a stage's own code
  read,      ///< in its source's own code
  move,      ///< in leat's code: takes, splits, sends
  ready,     ///< could go on, and has no thread
  input,     ///< waits for a chunk on its links
  credit,    ///< waits for a consumer's credit
  turn,      ///< waits until another replica has pulled their source
  order,     ///< has chunks, and waits for the one with the next number
  build,     ///< waits until a build side has been read whole
  gate,      ///< waits until another stage has ended
  later,     ///< waits for what a stage or its source answered Step::later for
};
inline constexpr std::size_t kActivities = 11;

/// "visit", "read" ...: one word.
std::string_view activity_name(Activity activity);

/// Nanoseconds by activity.
using ActivityTimes = std::array<std::uint64_t, kActivities>;

}  // namespace leat
