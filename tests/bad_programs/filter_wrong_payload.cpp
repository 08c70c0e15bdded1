// expect: leat: a filter must take the payload the stream above it carries and return bool
#include <program.hpp>

using namespace leat;

void build() {
  Graph g{"bad"};
  numbers(g)
      .filter("some", [](const Table& table) { return table.rows() > 0; })
      .by_key("value", [](const Number& number) { return (*number).getValue(); })
      .sink("out", [](Number) {});
}
