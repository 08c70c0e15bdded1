// What is read below goes up: through stages that pass columns on, joins, tees, keys and merges.
#include <leat/graph/wanted_columns.hpp>

#include "graph/sample_kinds.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

const Fields kFields = {{"a"}, {"b"}, {"c"}, {"d"}};

// Passes on what is wanted, and reads some itself.
Kind<Table, Table> passing_on(std::vector<std::string> own) {
  auto kind = passing<Table>();
  kind.reads = [own](const std::vector<Description>&, ColumnNames wanted) {
    wanted.add(ColumnNames::of(own));
    return std::vector{wanted};
  };
  return kind;
}

// Makes no more than is wanted.
Kind<Table, Table> making() {
  auto kind = passing_on({});
  kind.describe = [](const std::vector<Description>& inputs) -> Result<Described> {
    return Described{inputs[0], {}};
  };
  kind.narrow = [](const std::vector<Description>& inputs, const ColumnNames& wanted) -> Result<Described> {
    Described made{inputs[0], {}};
    std::erase_if(made.output.fields, [&](const Field& field) { return !wanted.has(field.name); });
    return made;
  };
  return kind;
}

Kind<void, Table> reading(std::vector<std::string> columns) {
  auto kind = stage_kind<void, Table>("test.read", "");
  kind.actor = [](const Making&) { return std::make_unique<Pass>(); };
  kind.reads = [columns](const std::vector<Description>&, const ColumnNames&) {
    return std::vector{ColumnNames::of(columns)};
  };
  return kind;
}

// The columns that stage "make" is described with once the graph is checked.
std::string made(const Graph& graph) {
  auto checked = graph.check();
  BOOST_REQUIRE_MESSAGE(checked, (checked ? "" : checked.error().sentence));
  for (StageId id = 0; id < graph.stages().size(); ++id) {
    if (graph.stages()[id].name == "make") return listed(checked->described[id].output.fields);
  }
  return "";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(wanted_columns)

BOOST_AUTO_TEST_CASE(columns_are_all_or_named) {
  ColumnNames some = ColumnNames::of({"a"});
  some.add(ColumnNames::of({"b"}));
  some.remove("a");
  BOOST_TEST((some == ColumnNames::of({"b"})));
  BOOST_TEST(!some.has("a"));
  some.add(ColumnNames::all());
  BOOST_TEST(some.are_all());
  BOOST_TEST(some.has("a"));
  some.remove("a");
  BOOST_TEST(some.has("a"));
  BOOST_TEST((some == ColumnNames::all()));
}

BOOST_AUTO_TEST_CASE(a_column_is_carried_above_a_change_by_others_alone) {
  ColumnNames changed = ColumnNames::carried();
  changed.add(ColumnNames::changed({"a"}));
  BOOST_TEST(changed.changes("a"));
  BOOST_TEST(!changed.changes("b"));
  ColumnNames above = changed.settled();
  BOOST_TEST((above.reads("a") && !above.carries("a") && !above.changes("a")));
  BOOST_TEST((!above.reads("b") && above.carries("b")));
  BOOST_TEST((above == above.settled()));
  for (bool first : {false, true}) {
    ColumnNames both = first ? above : ColumnNames::carried();
    both.add(first ? ColumnNames::carried() : above);
    BOOST_TEST((both.reads("a") && both.carries("a")));
    BOOST_TEST((!both.reads("b") && both.carries("b")));
  }
  ColumnNames more = above;
  more.add(ColumnNames::of({"b"}));
  BOOST_TEST((!more.carries("a") && more.reads("b") && more.carries("b")));
  more.add(ColumnNames::all_changed());
  BOOST_TEST((more.settled() == ColumnNames::all()));
}

BOOST_AUTO_TEST_CASE(a_stage_makes_what_is_read_below_and_no_more) {
  Graph g{"g"};
  g.source("s", tables(kFields)).map("make", making()).map("pass", passing_on({"c"})).sink("end", reading({"a"}));
  BOOST_TEST(made(g) == "a and c");
  auto checked = g.check();
  BOOST_TEST(listed(checked->described[2].output.fields) == "a and c");
  BOOST_TEST((checked->wanted[2] == ColumnNames::of({"a"})));
  BOOST_TEST(listed(checked->described[0].output.fields) == "a, b, c and d");
}

BOOST_AUTO_TEST_CASE(who_says_nothing_reads_all) {
  Graph lambda{"g"};
  lambda.source("s", tables(kFields)).map("make", making()).map("pass", passing_on({"c"})).sink("end", drop_table());
  BOOST_TEST(made(lambda) == "a, b, c and d");
  Graph filter{"g"};
  filter.source("s", tables(kFields))
      .map("make", making())
      .filter("some", [](const Table&) { return true; })
      .sink("end", reading({"a"}));
  BOOST_TEST(made(filter) == "a, b, c and d");
}

BOOST_AUTO_TEST_CASE(several_readers_want_what_any_of_them_reads) {
  Graph g{"g"};
  auto rows = g.source("s", tables(kFields)).map("make", making());
  rows.sink("one", reading({"a"}));
  rows.sink("other", reading({"d"}));
  BOOST_TEST(made(g) == "a and d");
  Graph one_reads_all{"g"};
  auto all = one_reads_all.source("s", tables(kFields)).map("make", making());
  all.sink("one", reading({"a"}));
  all.sink("other", drop_table());
  BOOST_TEST(made(one_reads_all) == "a, b, c and d");
}

BOOST_AUTO_TEST_CASE(a_key_is_read_on_the_way) {
  Graph g{"g"};
  g.source("s", tables(kFields)).map("make", making()).by_column("b").sink("end", reading({"a"}));
  BOOST_TEST(made(g) == "a and b");
  Graph function{"g"};
  function.source("s", tables(kFields))
      .map("make", making())
      .by_key("rows", [](const Table& table) { return table.rows(); })
      .sink("end", reading({"a"}));
  BOOST_TEST(made(function) == "a, b, c and d");
}

BOOST_AUTO_TEST_CASE(streams_that_are_merged_stay_alike) {
  Graph g{"g"};
  auto rows = g.source("s", tables(kFields)).map("make", making());
  rows.sink("aside", reading({"a"}));
  rows.merge(g.source("s2", tables(kFields))).sink("end", reading({"b"}));
  BOOST_TEST(made(g) == "a, b, c and d");
}

BOOST_AUTO_TEST_CASE(a_source_that_can_gives_only_what_is_read_wherever_it_was_probed) {
  struct Telling final : Source {
    explicit Telling(std::shared_ptr<std::string> told) : told_(std::move(told)) {}
    Result<Description> probe() override {
      Description all;
      all.fields = kFields;
      return all;
    }
    void narrow(const Fields& columns) override { *told_ = listed(columns); }
    Result<Step> pull(Outbox&) override { return Step::done; }
    std::shared_ptr<std::string> told_;
  };
  auto told = std::make_shared<std::string>("nothing");
  auto graph = [&](const Kind<void, Table>& end) {
    Graph g{"g"};
    auto kind = stage_kind<Table>("test.telling", "");
    kind.source = [told] { return std::make_unique<Telling>(told); };
    kind.narrow = making().narrow;
    g.source("make", kind).map("pass", passing_on({"c"})).sink("end", end);
    return g;
  };
  BOOST_TEST(made(graph(reading({"a"}))) == "a and c");
  BOOST_TEST(*told == "a and c");
  Graph g = graph(reading({"b"}));
  auto probes = g.probe({0});
  BOOST_REQUIRE(probes.ok());
  auto checked = g.check(*probes);
  BOOST_REQUIRE(checked.ok());
  BOOST_TEST(*told == "b and c");
  BOOST_TEST(checked->described[0].output.notes.at("unread") == "a (f64), d (f64)");
  *told = "nothing";
  Graph whole = graph(reading({"a", "b", "c", "d"}));
  BOOST_TEST(made(whole) == "a, b, c and d");
  BOOST_TEST(*told == "a, b, c and d");
}

BOOST_AUTO_TEST_CASE(a_column_nobody_reads_is_still_held_against_the_whole) {
  Graph g{"g"};
  g.source("s", tables(kFields)).map("make", making()).by_column("x").sink("end", reading({"a"}));
  refused(g, "is keyed by column x");
}

BOOST_AUTO_TEST_CASE(what_reads_throws_names_its_stage) {
  Graph g{"g"};
  auto kind = reading({});
  kind.reads = [](const std::vector<Description>&, const ColumnNames&) -> std::vector<ColumnNames> {
    throw std::runtime_error("ouch");
  };
  g.source("s", tables(kFields)).sink("end", kind);
  auto error = g.check().error();
  BOOST_TEST(error.thrown);
  BOOST_TEST(error.sentence == "graph g: stage end: threw an exception: ouch");
}

BOOST_AUTO_TEST_SUITE_END()
