// expect: leat: this actor kind takes another payload than the stream above it carries
#include <program.hpp>

using namespace leat;

void build() {
  Graph g{"bad"};
  numbers(g).map("thin", thin()).map("again", thin()).sink("out", discard());
}
