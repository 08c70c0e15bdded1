// expect: leat: a filter must take the payload the stream above it carries and return bool
#include <program.hpp>

using namespace leat;

void build() {
  Graph g{"bad"};
  tables(g).filter("some", [](const Table&) -> Result<bool> { return true; }).sink("out", discard());
}
