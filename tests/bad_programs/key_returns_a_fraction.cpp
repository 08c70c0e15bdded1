// expect: leat: a key must take the payload the stream carries and return an integer
#include <program.hpp>

using namespace leat;

void build() {
  Graph g{"bad"};
  tables(g).by_key("rows", [](const Table& table) { return table.rows() / 2.5; }).map("thin", thin()).sink("out", discard());
}
