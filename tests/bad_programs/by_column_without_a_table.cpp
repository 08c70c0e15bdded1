// expect: leat: by_column is for streams of Tables
#include <program.hpp>

using namespace leat;

void build() {
  Graph g{"bad"};
  numbers(g).by_column("x").map("same", [](Number n) { return n; }).sink("out", [](Number) {});
}
