// expect: leat: a flat map must return nothing or a Result<void>
#include <program.hpp>

using namespace leat;

void build() {
  Graph g{"bad"};
  tables(g)
      .flat_map("twice", [](Table table, Out<Table>&) -> Result<Table> { return table; })
      .sink("out", discard());
}
