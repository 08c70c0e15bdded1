/// Events as they happen, over a WebSocket.
///
/// It opens with {"type": "hello", "number": N}, the number of the last event. Then come those after the number that was
/// said, {"type": "gap"} first where some of them are not kept any more, and each new one at once. Who is away and comes
/// again says the last number it has had.
#pragma once

#include <leat/gateway/event_log.hpp>
#include <leat/gateway/route.hpp>

namespace leat {

/// /api/v1/live. Refers to the log, which lives longer than the server.
Route live_route(EventLog& events);

}  // namespace leat
