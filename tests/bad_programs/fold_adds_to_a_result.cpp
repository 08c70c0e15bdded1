// expect: leat: a fold's add() must return nothing or a Result<void>
#include <program.hpp>

using namespace leat;

struct Keep {
  Result<Table> add(const Table& table) { return table; }
  Table finish() { return {}; }
};

void build() {
  Graph g{"bad"};
  tables(g).fold("keep", Keep{}).map("thin", thin()).sink("out", discard());
}
