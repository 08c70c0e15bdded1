/// Events as they happen and the jobs as they are, over a WebSocket.
///
/// It opens with {"type": "hello", "number": N}, the number of the last event. Then come those after the number that was
/// said, {"type": "gap"} first where some of them are not kept any more, and each new one at once. Who is away and comes
/// again says the last number it has had.
///
/// Between them come pictures of the jobs that run and wait, {"type": "jobs", "number": N, ...}: one at once, others as
/// something changes, at most ten a second and the latest only (LiveJobs); with all events up to the Nth.
///
/// Of who asks for one job the events are those of that job, and the pictures are of it, {"type": "job", "number": N, ...}:
/// ten a second while it runs, and one when it has ended (JobPicture).
///
/// With form=cbor pictures are binary messages, the same values as CBOR; all else is JSON all the same.
#pragma once

#include <leat/gateway/event_log.hpp>
#include <leat/gateway/live_jobs.hpp>
#include <leat/gateway/route.hpp>

namespace leat {

/// /api/v1/live. Refers to both, which live longer than the server.
Route live_route(EventLog& events, LiveJobs& jobs);

}  // namespace leat
