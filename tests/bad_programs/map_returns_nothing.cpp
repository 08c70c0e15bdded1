// expect: leat: a map must return a payload: a Table, a Message<T> or a Result of one
#include <program.hpp>

using namespace leat;

void build() {
  Graph g{"bad"};
  tables(g).map("look", [](Table) {}).isolated().sink("out", discard());
}
