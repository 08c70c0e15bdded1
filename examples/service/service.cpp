// service: a program whose graph runs as jobs over HTTP, with a route of its own.
//
//   service serve --listen 127.0.0.1:8080 --data-root examples/data
//   curl -H "Authorization: Bearer TOKEN" http://127.0.0.1:8080/collatz/27
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
  return app(argc, argv,
             {{.name = "delays",
               .sentence = "Counts flights and averages their delay by time of day.",
               .params = {{"data", OptionType::paths, "CSV files with the columns time and delay"},
                          output_path("out", "CSV file to write", "delays.csv")},
               .build = delays}},
             service);
}
