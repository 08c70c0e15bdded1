// A stateful stage of one's own between stock ones: flights hour by hour, as a CSV file.
#include "hourly.hpp"

#include <leat/leat.hpp>

using namespace leat;

Graph by_hour(const Args& args) {
  Graph g{"by_hour"};
  g.source("read", csv::blocks(args.list("data")))
      .map("parse", csv::parse())
      .fold("by hour", hourly())
      .sink("write", csv::write(args["out"]));
  return g;
}

int main(int argc, char** argv) {
  return leat::app(argc, argv,
                   {{.name = "by_hour",
                     .sentence = "Counts flights and averages their delay hour by hour.",
                     .params = {{"data", OptionType::paths, "CSV files with the columns time and delay",
                                 "examples/data/flights-200k.csv"},
                                output_path("out", "CSV file to write", "by-hour.csv")},
                     .build = by_hour}});
}
