// expect: leat: this join takes other payloads than the two streams carry
#include <program.hpp>

using namespace leat;

void build() {
  Graph g{"bad"};
  numbers(g).join("pair", tables(g), pair()).map("thin", thin()).sink("out", discard());
}
