// Reads a CSV file and prints the flights that left twenty hours late.
#include <leat/leat.hpp>

#include <iostream>

using namespace leat;

Graph hello(const Args&) {
  Graph g{"hello"};
  g.source("read", csv::blocks("examples/data/flights-200k.csv"))
      .map("parse", csv::parse())
      .map("late", where([](double delay) { return delay > 1200; }, "delay"))
      .sink("print", [](const Table& late) {
        for (std::size_t row = 0; row < late.rows(); ++row) {
          std::cout << "row " << late.row_number(row) << ": " << late.number(0, row) << " minutes\n";
        }
      });
  return g;
}

int main(int argc, char** argv) { return leat::app(argc, argv, hello); }
