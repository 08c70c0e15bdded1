// expect: leat: a source must be a source kind or a function bool(Out<Q>&) of the payload Q it emits
#include <program.hpp>

using namespace leat;

void build() {
  Graph g{"bad"};
  g.source("count", [n = 0](Out<int>& out) mutable -> bool {
     out.emit(n);
     return ++n < 10;
   }).sink("out", [](int) {});
}
