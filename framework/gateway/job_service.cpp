#include <leat/gateway/job_service.hpp>

#include <leat/gateway/running_service.hpp>

namespace leat {

JobService& JobService::add(const char* method, const std::string& pattern, OwnRoute route, Answer answer) {
  Route made{.method = method, .pattern = pattern, .role = route.role, .sentence = std::move(route.sentence), .params = std::move(route.params)};
  made.limits.rate = route.rate;
  made.limits.deadline = route.deadline;
  made.limits.body = route.body;
  made.answer = std::move(answer);
  made.optional = std::move(route.optional);
  own_.push_back(std::move(made));
  return *this;
}

JobService& JobService::stand(const std::string& pattern, OwnRoute route,
                              std::function<Stream<ServiceReply>(Stream<ServiceRequest>)> stages, std::size_t threads) {
  StandingStages made{pattern, route.params, route.body, std::move(stages), threads};
  add(route.body > 0 ? "POST" : "GET", pattern, std::move(route), {});
  standing_.push_back({own_.size() - 1, std::move(made)});
  return *this;
}

JobService& JobService::panel(const std::string& name, std::string module) {
  panels_.push_back({name, std::move(module)});
  return *this;
}

Result<void> JobService::serve(const ServiceCall& call) {
  std::vector<Route> routes = own_;
  StandingGraphs standing;
  for (const Standing& one : standing_) {
    auto opened = StandingGraph::open(one.stages, call.log);
    if (!opened) return std::move(opened).error();
    routes[one.route].later = [queue = (*opened)->queue()](PendingRequest request) { queue->add(std::move(request)); };
    standing.push_back(std::move(*opened));
  }
  for (Route& route : panel_routes(panels_)) routes.push_back(std::move(route));
  auto serving = RunningService::open(call, routes, standing);
  if (!serving) return std::move(serving).error();
  auto waited = (*serving)->wait(call.stop);
  standing.clear();  // they answer through the service
  return waited;
}

}  // namespace leat
