// expect: leat: a setting changes the stream that it returns: use that one
#include <program.hpp>

using namespace leat;

void build() {
  Graph g{"thrown away"};
  auto rows = tables(g).map("thin", thin());
  rows.isolated();
  rows.sink("out", discard()).isolated();
}
