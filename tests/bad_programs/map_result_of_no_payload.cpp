// expect: leat: a map must return a payload: a Table, a Message<T> or a Result of one
#include <program.hpp>

using namespace leat;

void build() {
  Graph g{"bad"};
  tables(g).map("rows", [](Table table) -> Result<std::size_t> { return table.rows(); })
      .filter("some", [](const Table&) { return true; })
      .sink("out", discard());
}
