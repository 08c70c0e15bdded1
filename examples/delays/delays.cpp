// Mean delay by hour and by band of distance, as CSV, and the ten longest delays, into a SQLite database.
#include <leat/leat.hpp>
using namespace leat;

Graph delays(const Args& args) {
  Graph g{"delays"};
  auto flights = g.source("read", csv::blocks(args["data"]))
                     .map("parse", csv::parse())
                     .map("keys", compute({"hour = int(floor(time))", "band = distance // 500 * 500"}));
  auto mean = [](std::string key) { return group({{key}, {"flights = count()", "delay = mean(delay)"}}); };
  flights.fold("by hour", mean("hour")).sink("hours", csv::write(args["hours"]));
  flights.fold("by band", mean("band")).sink("bands", csv::write(args["bands"]));
  flights.fold("longest", top({.by = {"delay"}, .count = 10}))
      .sink("top", sqlite::write({.path = args["top"], .table = "longest", .mode = sqlite::Mode::replace}));
  return g;
}

int main(int argc, char** argv) {
  return app(argc, argv, {{"delays",
                           "Sums up the delays of flights.",
                           {{"data", OptionType::path, "CSV file", "examples/data/flights-200k.csv"},
                            output_path("hours", "CSV file to write", "hours.csv"),
                            output_path("bands", "CSV file to write", "bands.csv"),
                            output_path("top", "SQLite database to write", "delays.db")},
                           delays}});
}
