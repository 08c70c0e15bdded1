// What a service reads of a request before it knows who asks: path, query, fields; and the bodies of its API.
#include <leat/gateway/access.hpp>
#include <leat/gateway/file_answer.hpp>
#include <leat/gateway/job_json.hpp>
#include <leat/gateway/job_paths.hpp>
#include <leat/gateway/route_table.hpp>
#include <leat/gateway/tus.hpp>

#include <cstdlib>
#include <string>

namespace {

const leat::RouteTable& table() {
  static const leat::RouteTable made = [] {
    leat::RouteTable routes;
    for (const char* pattern : {"/", "/api/v1/jobs", "/api/v1/jobs/{id}", "/api/v1/jobs/{id}/results/{name}", "/collatz/{n}"}) {
      if (!routes.add("GET", pattern)) std::abort();
    }
    return routes;
  }();
  return made;
}

// The input is a target, a line end, fields a line each, an empty line, a body.
leat::HttpRequest request_of(const std::string& text, std::string& body) {
  leat::HttpRequest request{"GET", text.substr(0, text.find('\n'))};
  std::size_t at = request.target.size() + 1;
  while (at < text.size() && request.fields.size() < 50) {
    std::string line = text.substr(at, text.find('\n', at) - at);
    at += line.size() + 1;
    if (line.empty()) break;
    std::size_t colon = std::min(line.find(':'), line.size());
    request.fields.push_back({line.substr(0, colon), line.substr(std::min(line.size(), colon + 1))});
  }
  if (at < text.size()) body = text.substr(at);
  return request;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  std::string body;
  leat::HttpRequest request = request_of(std::string(reinterpret_cast<const char*>(data), size), body);
  auto found = table().find(request.method, request.path());
  if (found && found->match) {
    for (const auto& [name, value] : found->match->values) {
      if (value.empty() || value == "." || value == "..") std::abort();
      [[maybe_unused]] bool result = leat::is_result_name(value);
    }
  }
  if (auto values = leat::query_values(request.query())) {
    for (const auto& [name, value] : *values) {
      auto again = leat::percent_decoded(leat::percent_encoded(value));
      if (value.find('\0') == value.npos && (!again || *again != value)) std::abort();
    }
  }
  leat::AccessRules rules;
  rules.hosts = {"127.0.0.1:8080"};
  rules.by_token = [](const std::string& token) { return token == "t" ? std::optional(leat::Identity{"a", leat::Role::run}) : std::nullopt; };
  rules.by_cookie = rules.by_token;
  auto decided = leat::decide(request, leat::Role::run, rules);
  const std::string* host = request.field("Host");
  if (decided.index() == 0 && (!host || !leat::same_word(*host, "127.0.0.1:8080"))) std::abort();
  for (const leat::HttpField& field : request.fields) {
    auto range = leat::byte_range(field.value, size);
    if (range && *range && ((*range)->bytes == 0 || (*range)->from + (*range)->bytes > size)) std::abort();
    [[maybe_unused]] auto name = leat::upload_metadata(field.value, "filename");
    [[maybe_unused]] auto checksum = leat::upload_checksum(field.value);
  }
  [[maybe_unused]] auto job = leat::parse_job_request(body);
  [[maybe_unused]] auto change = leat::parse_job_change(body);
  return 0;
}
