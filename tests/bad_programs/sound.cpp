// The control: uses what the bad programs misuse, rightly, and must compile.
#include <program.hpp>

using namespace leat;

struct Count {
  std::uint64_t seen = 0;
  void add(const Number&) { ++seen; }
  Number finish(Pool& pool) {
    Building<schema::Number> building(pool);
    building.root().setValue(seen);
    return Number(std::move(building).finish());
  }
};

struct Last {
  Number last;
  void add(const Number& number) { last = number; }
  Result<Number> finish() { return last; }
};

struct Tried {
  Result<void> add(const Number&) { return {}; }
  Result<Number> finish() { return Number(); }
};

void build() {
  Graph g{"sound"};
  auto made = g.source("made", [n = 0](Out<Number>& out) mutable -> bool {
    out.emit(Number());
    return ++n < 3;
  });
  auto kept = made.map("same", [](Number number) { return number; })
                  .map("tried", [](Number number, Pool&) -> Result<Number> { return number; })
                  .filter("odd", [](const Number& number) { return (*number).getValue() % 2 == 1; })
                  .flat_map("twice", [](Number number, Out<Number>& out) {
                    out.emit(number);
                    out.emit(number);
                  });
  auto counted = kept.by_key("value", [](const Number& n) { return (*n).getValue(); })
                     .fold("count", Count{})
                     .merge(kept.fold("last", Last{}), made);
  counted.sink("look", [](Number) {}).after(kept);
  counted.sink("try", [](Number) -> Result<void> { return {}; });
  made.flat_map("tried twice", [](Number, Out<Number>&) -> Result<void> { return {}; }).sink("all", [](Number) {});
  made.fold("tried last", Tried{}).sink("tried", [](Number) {});

  auto rows = tables(g).map("thin", thin(), replicas(1, 4).ordered()).by_column("x");
  rows.filter("thinner", thin()).after(counted).sink("rows", discard());
  rows.join("pair", counted, pair()).isolated().sink("pairs", discard()).after(rows);

  auto set = kept.merge(made.credit(1 << 20, 4)).isolated().state(10).after(counted).on("gpu").emits_at_most(100);
  set.combiner().blocking().compressed().sink("set", [](Number) {}).after(rows).blocking().on("disk").state(1);

  Collected<Table> out;
  rows.broadcast().credit(1 << 20, 4).map("again", thin()).state(10).sink("out", collect(out));
}
