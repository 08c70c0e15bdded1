#include <leat/gateway/router.hpp>

#include <leat/actor/guard.hpp>
#include <leat/chunk/fields.hpp>
#include <leat/chunk/one_line.hpp>
#include <leat/gateway/request.hpp>

#include <algorithm>
#include <cmath>
#include <variant>

namespace leat {
namespace {

using Clock = std::chrono::steady_clock;

// Without the port: another connection is no other client.
std::string client_of(const Identity& who, const HttpRequest& request) {
  return who.name.empty() ? request.peer.substr(0, request.peer.rfind(':')) : who.name;
}

const Option* declared(const Route& route, const std::string& name) {
  auto found = std::find_if(route.params.begin(), route.params.end(), [&](const Option& one) { return one.name == name; });
  return found == route.params.end() ? nullptr : &*found;
}

std::string listed_methods(const std::vector<std::string>& methods) {
  std::string all;
  for (const std::string& one : methods) all += (all.empty() ? "" : ", ") + one + (one == "GET" ? ", HEAD" : "");
  return all;
}

}  // namespace

HttpAnswer json_answer(std::string text, unsigned status) { return {status, "application/json", std::move(text) + "\n"}; }

Result<void> Router::add(Route route) {
  auto added = table_.add(route.method, route.pattern);
  if (!added) return std::move(added).error();
  for (std::size_t at = 0; (at = route.pattern.find('{', at)) != std::string::npos; ++at) {
    std::string name = route.pattern.substr(at + 1, route.pattern.find('}', at) - at - 1);
    if (!declared(route, name)) return invalid("the route " + route.pattern + ": " + name + " is not among its parameters");
  }
  routes_.push_back(std::move(route));
  counts_.push_back(std::make_unique<Count>());
  return {};
}

Result<OptionValues> Router::params_of(const Route& route, const std::map<std::string, std::string>& path,
                                       const HttpRequest& request) const {
  std::map<std::string, std::string> given = path;
  auto query = query_values(request.query());
  if (!query) return std::move(query).error();
  for (auto& [name, value] : *query) {
    if (path.count(name) > 0) return invalid("the parameter " + one_line(name) + " is a part of the path: it is given there");
    if (!declared(route, name)) {
      Fields names;
      for (const Option& one : route.params) names.push_back({one.name});
      std::string near = nearest_name(names, name);
      return invalid("there is no parameter " + one_line(name) + (near.empty() ? "" : ", did you mean " + near + "?"));
    }
    if (!given.emplace(name, value).second) return invalid("the parameter " + one_line(name) + " is given twice");
  }
  OptionValues values;
  for (const Option& param : route.params) {
    auto found = given.find(param.name);
    if (found == given.end() && !param.fallback) {
      if (std::find(route.optional.begin(), route.optional.end(), param.name) != route.optional.end()) continue;
      return invalid("the parameter " + param.name + " is missing: " + param.sentence);
    }
    auto value = option_value(param, found == given.end() ? *param.fallback : found->second);
    if (!value) return invalid(param.name + " " + value.error().sentence);
    values.set(param.name, std::move(*value));
  }
  return values;
}

std::variant<Router::Found, HttpAnswer> Router::find(const HttpRequest& request) {
  auto searched = table_.find(request.method, request.path());
  const RouteMatch* match = searched && searched->match ? &*searched->match : nullptr;
  auto decided = decide(request, match ? routes_[match->route].role : Role::none, rules_);
  if (auto* refused = std::get_if<HttpAnswer>(&decided)) return std::move(*refused);
  if (!searched) return refusal(400, searched.error().sentence);
  if (!match && searched->allowed.empty()) return refusal(404, "there is nothing at " + one_line(std::string(request.path())) + ": see /api/v1/openapi.json");
  if (!match) {
    std::string methods = listed_methods(searched->allowed);
    HttpAnswer answer = refusal(405, "this is asked with " + methods);
    answer.fields.push_back({"Allow", methods});
    return answer;
  }
  auto params = params_of(routes_[match->route], match->values, request);
  if (!params) return refusal(400, params.error().sentence);
  return Found{match->route, std::move(std::get<Identity>(decided)), std::move(*params)};
}

bool Router::within_rate(const Found& found, const HttpRequest& request, double& wait) {
  const RouteLimits& limits = routes_[found.route].limits;
  auto now = Clock::now();
  if (buckets_.size() > kClients) std::erase_if(buckets_, [now](auto& entry) { return entry.second.full(now); });
  std::string client = client_of(found.who, request);
  auto take = [&](std::size_t route, double rate, double burst) {
    TokenBucket& bucket = buckets_.try_emplace({client, route}, rate, burst).first->second;
    if (bucket.take(now)) return true;
    wait = bucket.wait(now);
    return false;
  };
  if (!take(routes_.size(), kRate, kBurst)) return false;
  return limits.rate <= 0 || take(found.route, limits.rate, std::max(1.0, limits.burst > 0 ? limits.burst : limits.rate));
}

void Router::serve(const std::shared_ptr<HttpExchange>& exchange) {
  const HttpRequest& request = exchange->request();
  auto search = find(request);
  if (auto* refused = std::get_if<HttpAnswer>(&search)) return exchange->answer(std::move(*refused));
  auto found = std::make_shared<Found>(std::move(std::get<Found>(search)));
  const Route& route = routes_[found->route];
  ++counts_[found->route]->asked;
  double wait = 0;
  if (!within_rate(*found, request, wait)) {
    HttpAnswer answer = refusal(429, "this is asked too often: ask again in " + std::to_string(static_cast<int>(std::ceil(wait))) + " s");
    answer.fields.push_back({"Retry-After", std::to_string(static_cast<int>(std::ceil(wait)))});
    return exchange->answer(std::move(answer));
  }
  if (route.take) return route.take(exchange, std::move(found->who), std::move(found->params));
  run(exchange, found);
}

void Router::run(const std::shared_ptr<HttpExchange>& exchange, const std::shared_ptr<Found>& found) {
  const Route& route = routes_[found->route];
  auto deadline = Clock::now() + route.limits.deadline;
  if (exchange->request().body && route.limits.body == 0) return exchange->answer(refusal(413, "no body is read here"));
  read_body(exchange, route.limits.body, [this, exchange, found, deadline](Result<std::string> body) {
    if (!body) {
      bool large = body.error().kind == ErrorKind::overloaded;
      return exchange->answer(large ? refusal(413, body.error().sentence) : refusal(body.error()));
    }
    if (routes_[found->route].later) return postpone(exchange, found, std::move(*body), deadline);
    auto text = std::make_shared<std::string>(std::move(*body));
    if (routes_[found->route].quick) return answer(exchange, *found, *text, deadline);
    bool added = pool_.add([this, exchange, found, text, deadline] { answer(exchange, *found, *text, deadline); });
    if (!added) exchange->answer(refusal(503, "too much is asked at this moment: ask again"));
  });
}

void Router::answer(const std::shared_ptr<HttpExchange>& exchange, const Found& found, const std::string& body, Clock::time_point deadline) {
  if (exchange->left()) return;
  if (Clock::now() >= deadline) return exchange->answer(refusal(503, "there was no time for this before its deadline: ask again"));
  const Route& route = routes_[found.route];
  RouteCall call{exchange->request(), found.who, found.params, body, deadline};
  end(*exchange, found.route, guarded([&] { return route.answer(call); }));
}

void Router::postpone(const std::shared_ptr<HttpExchange>& exchange, const std::shared_ptr<Found>& found, std::string body,
                      Clock::time_point deadline) {
  PendingRequest pending{std::move(found->who), std::move(found->params), std::move(body), urgency_of(exchange->request()), deadline};
  exchange->watch();
  pending.left = [exchange] { return exchange->left(); };
  pending.answer = [this, exchange, route = found->route](Result<HttpAnswer> answered) { end(*exchange, route, std::move(answered)); };
  routes_[found->route].later(std::move(pending));
}

void Router::end(HttpExchange& exchange, std::size_t route, Result<HttpAnswer> answered) {
  if (answered) return exchange.answer(finished(std::move(*answered), exchange.request()));
  if (answered.error().thrown) log_.error("route failed", {{"route", routes_[route].pattern}, {"why", answered.error().sentence}});
  HttpAnswer refused = answered.error().thrown ? refusal(500, "this request has met a bug here") : refusal(answered.error());
  if (refused.status >= 500) ++counts_[route]->failed;
  exchange.answer(std::move(refused));
}

}  // namespace leat
