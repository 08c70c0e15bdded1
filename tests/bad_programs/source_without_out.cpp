// expect: leat: a source must be a source kind or a function bool(Out<Q>&) of the payload Q it emits
#include <program.hpp>

using namespace leat;

void build() {
  Graph g{"bad"};
  g.source("count", [n = 0]() mutable { return ++n < 10; })
      .map("thin", thin())
      .merge(tables(g))
      .sink("out", discard());
}
