/// A small HTTP/1.1 endpoint for probes and metrics: GET and HEAD of fixed paths, no bodies read.
#pragma once

#include <leat/chunk/log.hpp>
#include <leat/chunk/result.hpp>
#include <leat/net/endpoint.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string>

namespace leat {

struct HttpAnswer {
  unsigned status = 200;
  std::string type = "text/plain; charset=utf-8";
  std::string body;
};

/// Threads: any. Owns one I/O thread, on which the functions are called.
class HttpEndpoint {
 public:
  struct Options {
    Endpoint listen;
    std::map<std::string, std::function<HttpAnswer()>> paths;  ///< "/livez" ...
    Log log;
  };
  /// Errors: invalid off loopback, failed (port in use).
  static Result<std::unique_ptr<HttpEndpoint>> open(Options options);
  virtual ~HttpEndpoint() = default;
  virtual Endpoint endpoint() const = 0;
};

}  // namespace leat
