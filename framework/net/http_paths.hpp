/// Serves fixed paths, for probes and metrics: GET and HEAD, no bodies.
#pragma once

#include <leat/net/http_server.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string>

namespace leat {

/// By path, without a query; called on the server's thread.
using HttpPaths = std::map<std::string, std::function<HttpAnswer()>>;

/// What HttpServer::Options::serve is for them.
std::function<void(std::shared_ptr<HttpExchange>)> serve_paths(HttpPaths paths);

}  // namespace leat
