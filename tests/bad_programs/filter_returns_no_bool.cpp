// expect: leat: a filter must take the payload the stream above it carries and return bool
#include <program.hpp>

using namespace leat;

void build() {
  Graph g{"bad"};
  tables(g)
      .filter("name", [](const Table&) { return std::string("yes"); })
      .filter("again", [](const Table& table) { return table.rows() > 0; })
      .sink("out", discard());
}
