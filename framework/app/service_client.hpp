/// A service that is asked over HTTP, as `serve` answers (docs/service.md): its jobs as the verbs see them.
#pragma once

#include <leat/app/verbs.hpp>
#include <leat/inspect/inspect_client.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace leat {

/// Threads: one at a time.
class ServiceClient {
 public:
  /// Errors: invalid (no token is said, or its file has none).
  static Result<ServiceClient> of(const ServiceAccess& access);

  /// The answer to a request that was granted. Errors: what the service refused it with, in its words (invalid;
  /// overloaded, where to ask again helps), and those of http_ask().
  Result<HttpAnswer> ask(HttpCall call) const;

  /// Its jobs, youngest first, and one of them, as described() has them; one of no process has the service's words.
  Result<std::vector<std::string>> jobs() const;
  Result<std::string> job(inspect::JobNumber number) const;
  /// The job of that number; else the only one of that graph that has not ended. Errors: invalid (none, several).
  Result<inspect::JobNumber> number_of(const std::string& said) const;
  /// Its stage, such as "running" or "done", now or, where it ends before that, in `within`, at most kMostWait.
  Result<std::string> stage_of(inspect::JobNumber number, std::chrono::milliseconds within = {}) const;
  static constexpr std::chrono::milliseconds kMostWait{10'000};

 private:
  ServiceClient(HttpPlace place, std::string token) : place_(std::move(place)), token_(std::move(token)) {}

  HttpPlace place_;
  std::string token_;
};

/// The token that a file has: of a service's own file of tokens the first. "": none.
std::string token_in(const std::string& text);

}  // namespace leat
