// expect: leat: this sink takes another payload than the stream above it carries
#include <program.hpp>

using namespace leat;

void build() {
  Graph g{"bad"};
  numbers(g).sink("out", discard()).blocking();
}
