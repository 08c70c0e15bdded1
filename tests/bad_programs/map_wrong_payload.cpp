// expect: leat: this map takes another payload than the stream above it carries
#include <program.hpp>

using namespace leat;

void build() {
  Graph g{"bad"};
  numbers(g)
      .map("thin", [](Table table) { return table; })
      .map("again", [](Table table) { return table; }, replicas(1, 4).ordered())
      .sink("out", [](Table) {});
}
