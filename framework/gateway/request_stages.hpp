/// Requests as a source, and replies as a sink: the two ends of a standing graph.
#pragma once

#include <leat/gateway/request.hpp>
#include <leat/gateway/request_queue.hpp>
#include <leat/graph/kind.hpp>

#include <cstddef>
#include <memory>
#include <vector>

namespace leat {

/// Gives the requests of `queue` one by one; it ends with the queue. `body`: bytes of a request's body, at most. As all that
/// comes from outside, what it gave is gone: it returns to no position.
Kind<ServiceRequest> requests_source(std::shared_ptr<RequestQueue> queue, std::vector<Option> params, std::size_t body);

/// Answers each request as soon as its reply comes, before and without any commit.
Kind<void, ServiceReply> replies_sink(std::shared_ptr<RequestQueue> queue);

}  // namespace leat
