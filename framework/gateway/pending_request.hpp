/// A request that is answered later than the call that brings it.
#pragma once

#include <leat/chunk/result.hpp>
#include <leat/gateway/role.hpp>
#include <leat/graph/option.hpp>
#include <leat/net/http_message.hpp>

#include <chrono>
#include <functional>
#include <string>

namespace leat {

/// Threads: one at a time; `left` and `answer` from any. One that is dropped without an answer is answered with 500.
struct PendingRequest {
  Identity who = {};
  OptionValues params = {};
  std::string body = {};
  unsigned urgency = 3;  ///< 0 (most) to 7: see urgency_of()
  std::chrono::steady_clock::time_point deadline = {};
  std::function<bool()> left = {};  ///< whether its client has gone
  std::function<void(Result<HttpAnswer>)> answer = {};
};

}  // namespace leat
