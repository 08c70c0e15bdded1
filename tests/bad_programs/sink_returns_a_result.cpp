// expect: leat: a sink must return nothing or a Result<void>
#include <program.hpp>

using namespace leat;

void build() {
  Graph g{"bad"};
  tables(g).sink("out", [](Table table) -> Result<Table> { return table; }).isolated();
}
