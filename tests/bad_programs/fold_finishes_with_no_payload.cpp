// expect: leat: a fold must have add() for the payload the stream above it carries and finish() that returns a payload
#include <program.hpp>

using namespace leat;

struct Rows {
  std::size_t rows = 0;
  void add(const Table& table) { rows += table.rows(); }
  std::size_t finish() { return rows; }
};

void build() {
  Graph g{"bad"};
  tables(g).fold("rows", Rows{}).sink("out", [](std::size_t) {});
}
