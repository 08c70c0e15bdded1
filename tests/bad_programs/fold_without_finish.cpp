// expect: leat: a fold must have add() for the payload the stream above it carries and finish() that returns a payload
#include <program.hpp>

using namespace leat;

struct Keep {
  void add(const Table&) {}
};

void build() {
  Graph g{"bad"};
  tables(g).fold("keep", Keep{}).map("thin", thin()).sink("out", discard());
}
