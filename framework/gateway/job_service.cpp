#include <leat/gateway/job_service.hpp>

#include <leat/gateway/running_service.hpp>

namespace leat {

JobService& JobService::add(const char* method, const std::string& pattern, OwnRoute route, Answer answer) {
  Route made{.method = method, .pattern = pattern, .role = route.role, .sentence = std::move(route.sentence), .params = std::move(route.params)};
  made.limits.rate = route.rate;
  made.limits.deadline = route.deadline;
  made.limits.body = route.body;
  made.answer = std::move(answer);
  own_.push_back(std::move(made));
  return *this;
}

Result<void> JobService::serve(const ServiceCall& call) {
  auto serving = RunningService::open(call, own_);
  if (!serving) return std::move(serving).error();
  return (*serving)->wait(call.stop);
}

}  // namespace leat
