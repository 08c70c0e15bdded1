// expect: leat: this actor kind takes another payload than the stream above it carries
#include <program.hpp>

using namespace leat;

void build() {
  Graph g{"bad"};
  numbers(g).filter("thin", thin()).by_column("x").fold("again", thin()).sink("out", discard());
}
