// expect: leat: this map takes another payload than the stream above it carries
#include <program.hpp>

using namespace leat;

// What is refused once is passed on in every way a stream can be.
Stream<Table> again(const Stream<Table>& rows) { return rows.map("again", thin()); }

void build() {
  Graph g{"bad"};
  auto refused = numbers(g).map("thin", [](Table table) { return table; });
  auto rows = tables(g);
  rows.after(refused).join("pair", refused, pair()).sink("pairs", discard()).after(refused);
  rows.merge(refused).map("merged", thin()).sink("merged", discard());
  rows.merge(rows, refused, numbers(g)).sink("more", discard());
  refused.merge(rows).join("pair", rows, pair()).after(rows).sink("out", discard());
  Stream<Table> typed = refused;
  End end = again(typed).merge(again(refused)).sink("typed", discard());
  End none = refused.sink("none", discard());
}
