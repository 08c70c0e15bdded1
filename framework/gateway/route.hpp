/// A route: what is asked, who may, what it takes, and the function that answers.
#pragma once

#include <leat/gateway/pending_request.hpp>
#include <leat/gateway/role.hpp>
#include <leat/graph/option.hpp>
#include <leat/net/http_server.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace leat {

/// A request that may do what it asks for, with its parameters read.
struct RouteCall {
  const HttpRequest& request;
  const Identity& who;
  const OptionValues& params;  ///< those of Route::params that were given, or have a fallback
  const std::string& body;
  std::chrono::steady_clock::time_point deadline;  ///< who answers later answers nobody
};

/// How a route is kept to what it should cost.
struct RouteLimits {
  double rate = 0;                    ///< requests a second of one client; 0: any
  double burst = 0;                   ///< at once; 0: the rate, 1 at least
  std::chrono::milliseconds deadline{30'000};
  std::size_t body = 0;               ///< bytes that are taken
};

struct Route {
  std::string method;
  std::string pattern;   ///< "/api/v1/jobs/{id}": see RouteTable
  Role role = Role::read;
  std::string sentence;  ///< what it does, for OpenAPI
  /// Those in the pattern, which are always given, and those of the query.
  std::vector<Option> params = {};
  std::vector<std::string> optional = {};  ///< of those without a fallback: what may be left out
  RouteLimits limits = {};
  /// What a request's and an answer's JSON is, as a name among the schemas of OpenAPI; "": none, or no JSON.
  std::string takes = {};
  std::string gives = {};
  unsigned status = 200;  ///< of an answer that is no error

  /// Answers on a thread of the pool, or on the server's where `quick`; what it throws is answered with 500.
  std::function<Result<HttpAnswer>(const RouteCall&)> answer = {};
  bool quick = false;  ///< waits for nothing
  /// Instead of `answer`: is given the request with its body on the server's thread, waits for nothing, and has it answered
  /// later.
  std::function<void(PendingRequest)> later = {};
  /// Instead of `answer`: takes the exchange itself, on the server's thread, and reads the body or goes on as a WebSocket.
  std::function<void(std::shared_ptr<HttpExchange>, Identity, OptionValues)> take = {};
};

/// An answer of JSON; `text` is all of it, without a line's end.
HttpAnswer json_answer(std::string text, unsigned status = 200);

}  // namespace leat
