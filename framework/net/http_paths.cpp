#include <leat/net/http_paths.hpp>

namespace leat {
namespace {

HttpAnswer answered(const HttpPaths& paths, const HttpRequest& request) {
  if (request.body) return {413, "text/plain", "no bodies are read here\n"};
  if (request.method != "GET" && request.method != "HEAD") {
    return {405, "text/plain", "GET and HEAD only\n", {{"Allow", "GET, HEAD"}}};
  }
  auto found = paths.find(std::string(request.path()));
  return found == paths.end() ? HttpAnswer{404, "text/plain", "no such path\n"} : found->second();
}

}  // namespace

std::function<void(std::shared_ptr<HttpExchange>)> serve_paths(HttpPaths paths) {
  return [paths = std::move(paths)](const std::shared_ptr<HttpExchange>& exchange) {
    exchange->answer(answered(paths, exchange->request()));
  };
}

}  // namespace leat
