// expect: leat: a key must take the payload the stream carries and return an integer
#include <program.hpp>

using namespace leat;

void build() {
  Graph g{"bad"};
  numbers(g)
      .by_key("rows", [](const Table& table) { return table.rows(); })
      .map("same", [](Number n) { return n; })
      .sink("out", [](Number) {});
}
