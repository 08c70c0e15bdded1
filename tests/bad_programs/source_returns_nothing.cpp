// expect: leat: a source must be a source kind or a function bool(Out<Q>&) of the payload Q it emits
#include <program.hpp>

using namespace leat;

void build() {
  Graph g{"bad"};
  g.source("once", [](Out<Table>& out) { out.emit(Table()); })
      .credit(1 << 20, 4)
      .broadcast()
      .sink("out", discard());
}
