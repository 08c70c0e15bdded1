/// Wakes: how what sleeps is told that there is something to do.
#pragma once

#include <functional>

namespace leat {

/// Wakes a cell, a stage or a source: cheap, from any thread, as often as one likes, also when what it
/// wakes has gone.
using Wake = std::function<void()>;

}  // namespace leat
