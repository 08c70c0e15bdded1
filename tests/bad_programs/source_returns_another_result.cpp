// expect: leat: a source must be a source kind or a function bool(Out<Q>&) of the payload Q it emits
#include <program.hpp>

using namespace leat;

void build() {
  Graph g{"bad"};
  g.source("made", [](Out<Table>&) -> Result<int> { return 0; }).map("thin", thin()).sink("out", discard());
}
