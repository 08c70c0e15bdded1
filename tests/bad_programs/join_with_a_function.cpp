// expect: leat: a join takes an actor kind with two inputs and an output
#include <program.hpp>

using namespace leat;

void build() {
  Graph g{"bad"};
  tables(g)
      .join("pair", numbers(g), [](Table table, Number) { return table; })
      .sink("out", discard());
}
