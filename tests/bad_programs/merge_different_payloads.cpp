// expect: leat: merged streams must carry one payload
#include <program.hpp>

using namespace leat;

void build() {
  Graph g{"bad"};
  tables(g).merge(tables(g), numbers(g)).map("thin", thin()).sink("out", discard());
}
