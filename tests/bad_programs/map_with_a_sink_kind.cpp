// expect: leat: this actor kind has no output: a stream ends with it in sink()
#include <program.hpp>

using namespace leat;

void build() {
  Graph g{"bad"};
  tables(g).map("discard", discard()).map("thin", thin()).sink("out", discard());
}
