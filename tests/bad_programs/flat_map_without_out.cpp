// expect: leat: a flat map must take the payload the stream above it carries and an Out<Q>& of the payload Q it emits
#include <program.hpp>

using namespace leat;

void build() {
  Graph g{"bad"};
  tables(g)
      .flat_map("split", [](Table table) { return std::vector<Table>{table, table}; })
      .map("thin", thin())
      .sink("out", discard());
}
