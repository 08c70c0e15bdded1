// expect: leat: this actor kind has an output: only one without ends a stream in sink()
#include <program.hpp>

using namespace leat;

void build() {
  Graph g{"bad"};
  tables(g).sink("out", thin()).isolated();
}
