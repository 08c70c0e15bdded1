/// A program's service: its graphs as jobs over HTTP, and what else the program adds.
///
///   int main(int argc, char** argv) {
///     leat::JobService service;
///     service.get("/collatz/{n}", {.params = {{"n", leat::OptionType::integer, "where it begins", {}, "", 1}}},
///                 [](const leat::RouteCall& call) { return leat::json_answer(steps_of(call.params["n"].integer)); });
///     service.stand("/longest/{n}", {.params = {{"n", leat::OptionType::integer, "the last number", {}, "", 1, 1e6}}},
///                   [](leat::Stream<leat::ServiceRequest> requests) { return requests.map("search", search); });
///     return leat::app(argc, argv, programs, service);
///   }
///
/// A route of a function is right for what takes microseconds; a standing graph for what takes long, wants more threads than
/// one, or keeps something between requests. `search` takes a ServiceRequest and a Pool and gives a ServiceReply (request.hpp).
///
/// `PROGRAM serve` then prints where it listens and a link that makes one browser known. All but probes needs a token:
/// curl -H "Authorization: Bearer TOKEN" http://127.0.0.1:8080/api/v1/jobs. What there is: /api/v1/openapi.json.
#pragma once

#include <leat/app/service.hpp>
#include <leat/gateway/panels.hpp>
#include <leat/gateway/route.hpp>
#include <leat/gateway/standing_graph.hpp>

#include <functional>
#include <string>
#include <vector>

namespace leat {

/// What a program says of a route of its own.
struct OwnRoute {
  std::string sentence = {};
  /// Those in its pattern, and those of the query. Of get() and post() a path is said as jobs' are (data:FILE,
  /// result:JOB/NAME, upload:ID), and the function is given the file; an upload may be still coming.
  std::vector<Option> params = {};
  double rate = 0;                  ///< requests a second of one client; 0: any
  std::chrono::milliseconds deadline{30'000};
  Role role = Role::read;           ///< none: declared open to all who reach the service
  std::size_t body = 0;             ///< bytes that are taken
  std::vector<std::string> optional = {};  ///< of `params` without a fallback: what may be left out
};

/// Threads: one until serve(); what routes call is called on several at once.
class JobService final : public Service {
 public:
  using Answer = std::function<Result<HttpAnswer>(const RouteCall&)>;

  /// A route is wrong, or there already: serve() says so.
  JobService& get(const std::string& pattern, OwnRoute route, Answer answer) { return add("GET", pattern, std::move(route), std::move(answer)); }
  JobService& post(const std::string& pattern, OwnRoute route, Answer answer) { return add("POST", pattern, std::move(route), std::move(answer)); }

  /// Requests of this route go into a graph that stands as long as the service (standing_graph.hpp), of whose stages
  /// `stages` is the middle, and are answered by the replies that come out: by GET, or by POST where it takes a body. A
  /// request with `Priority: u=2` or less (RFC 9218) overtakes the others. `threads`: of the graph.
  JobService& stand(const std::string& pattern, OwnRoute route, std::function<Stream<ServiceReply>(Stream<ServiceRequest>)> stages,
                    std::size_t threads = 1);
  /// Adds a panel to the page: `module` is JavaScript, an ES module, which is loaded once somebody opens the panel.
  JobService& panel(const std::string& name, std::string module);

  Result<void> serve(const ServiceCall& call) override;

 private:
  struct Standing {
    std::size_t route = 0;  // in own_
    StandingStages stages;
  };
  JobService& add(const char* method, const std::string& pattern, OwnRoute route, Answer answer);

  std::vector<Route> own_;
  std::vector<Standing> standing_;
  std::vector<Panel> panels_;
};

}  // namespace leat
