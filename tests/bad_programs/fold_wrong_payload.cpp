// expect: leat: a fold must have add() for the payload the stream above it carries and finish() that returns a payload
#include <program.hpp>

using namespace leat;

struct Last {
  Number last;
  void add(const Number& number) { last = number; }
  Number finish() { return last; }
};

void build() {
  Graph g{"bad"};
  tables(g).fold("last", Last{}).state(100).sink("out", [](Number) {});
}
