// service: a program whose graph runs as jobs over HTTP, with a route of its own, a graph that answers requests, and a panel.
//
//   service serve --listen 127.0.0.1:8080 --data-root examples/data
//   curl -H "Authorization: Bearer TOKEN" http://127.0.0.1:8080/collatz/27
//   curl -H "Authorization: Bearer TOKEN" -H "Priority: u=1" http://127.0.0.1:8080/longest/1000
#include <leat/gateway/job_service.hpp>
#include <leat/leat.hpp>

using namespace leat;

namespace {

// How often the number of each row is to be halved, or tripled and one more, until it is 1 (Collatz, 1937).
std::int64_t steps_of(std::int64_t n) {
  std::int64_t steps = 0;
  for (; n != 1; ++steps) n = n % 2 == 0 ? n / 2 : 3 * n + 1;
  return steps;
}

Graph delays(const Args& args) {
  Graph g{"delays"};
  g.source("read", csv::blocks(args.list("data")))
      .map("parse", csv::parse())
      .map("keys", compute({"hour = int(floor(time))"}))
      .fold("by hour", group({{"hour"}, {"flights = count()", "delay = mean(delay)"}}))
      .sink("write", csv::write(args["out"]));
  return g;
}

// Of the numbers up to n that which takes the most steps: work for a graph, as it may take long.
ServiceReply longest(const ServiceRequest& request, Pool& pool) {
  std::int64_t best = 1;
  for (std::int64_t n = 2; n <= request.integer("n"); ++n) best = steps_of(n) > steps_of(best) ? n : best;
  return reply(request, json_answer("{\"number\":" + std::to_string(best) + ",\"steps\":" + std::to_string(steps_of(best)) + "}"), pool);
}

constexpr const char* kPanel = R"(export default (root, fetch) =>
  fetch("/longest/1000").then(answer => answer.json()).then(found => root.textContent = `${found.number}: ${found.steps} steps`);
)";

}  // namespace

int main(int argc, char** argv) {
  JobService service;
  service.get("/collatz/{n}",
              {.sentence = "The steps of a number to 1.",
               .params = {{"n", OptionType::integer, "where it begins", {}, "", 1, 1e12}},
               .rate = 100},
              [](const RouteCall& call) -> Result<HttpAnswer> {
                return json_answer("{\"steps\":" + std::to_string(steps_of(call.params["n"].integer)) + "}");
              });
  service.stand("/longest/{n}",
                {.sentence = "The number up to n that takes the most steps to 1.",
                 .params = {{"n", OptionType::integer, "the last number", {}, "", 1, 1e6}},
                 .deadline = std::chrono::seconds(5)},
                [](Stream<ServiceRequest> requests) { return requests.map("search", longest); });
  service.panel("Longest", kPanel);
  return app(argc, argv,
             {{.name = "delays",
               .sentence = "Counts flights and averages their delay by time of day.",
               .params = {{"data", OptionType::paths, "CSV files with the columns time and delay"},
                          output_path("out", "CSV file to write", "delays.csv")},
               .build = delays}},
             service);
}
