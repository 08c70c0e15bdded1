/// Text for one line of a terminal: names and words from files must not break lines or move cursors.
#pragma once

#include <string>
#include <string_view>

namespace leat {

/// The text with its control characters escaped: "\n", "\x1b". Threads: any.
std::string one_line(std::string_view text);

}  // namespace leat
