#include "graph/sample_kinds.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

/// A source that counts how often it was looked at.
struct Counted final : Source {
  explicit Counted(std::shared_ptr<int> n, bool there) : probes(std::move(n)), found(there) {}
  Result<Description> probe() override {
    ++*probes;
    if (!found) return failed("there is nothing");
    Description description;
    description.fields = {{"x"}, {"y"}};
    description.max_chunk = 4096;
    description.rows = 12;
    description.notes["delimiter"] = ";";
    return description;
  }
  Result<Step> pull(Outbox&) override { return Step::done; }
  std::shared_ptr<int> probes;
  bool found;
};

Kind<Table> counted(std::shared_ptr<int> probes, bool found = true) {
  auto kind = stage_kind<Table>("test.counted", "");
  kind.source = [=] { return std::make_unique<Counted>(probes, found); };
  return kind;
}

Graph one_source(std::shared_ptr<int> probes, bool found = true) {
  Graph g{"g"};
  g.source("read", counted(std::move(probes), found)).map("pass", passing<Table>()).sink("out", drop_table());
  return g;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(probe)

BOOST_AUTO_TEST_CASE(what_was_probed_elsewhere_describes_the_graph_without_looking_again) {
  auto there = std::make_shared<int>(0);
  auto here = std::make_shared<int>(0);
  auto probes = one_source(there).probe({0});
  BOOST_REQUIRE(probes);
  auto checked = one_source(here).check(*probes);
  BOOST_REQUIRE(checked);
  BOOST_TEST(*there == 1);
  BOOST_TEST(*here == 0);
  BOOST_TEST(checked->described[0].output.notes.at("delimiter") == ";");
  BOOST_TEST(checked->described[1].output.rows == 12u);
  BOOST_TEST(checked->described[0].needs.max_output == 4096u);
  BOOST_TEST(!checked->sources[0]);
}

BOOST_AUTO_TEST_CASE(a_source_probed_by_this_graph_is_handed_out) {
  auto looked = std::make_shared<int>(0);
  Graph g = one_source(looked);
  auto probes = g.probe({0});
  BOOST_REQUIRE(probes);
  auto checked = Graph(g).check(*probes);
  BOOST_REQUIRE(checked);
  BOOST_TEST(static_cast<bool>(checked->sources[0]));
  BOOST_TEST(*looked == 1);
  auto before = checked->sources[0];
  probes = g.probe({0});
  BOOST_REQUIRE(probes);
  BOOST_TEST((g.check(*probes)->sources[0] != before));
}

BOOST_AUTO_TEST_CASE(probes_and_a_plain_check_describe_alike) {
  auto looked = std::make_shared<int>(0);
  Graph g = one_source(looked);
  auto plain = g.check();
  auto probes = g.probe({0});
  BOOST_REQUIRE((plain && probes));
  auto probed = g.check(*probes);
  BOOST_REQUIRE(probed);
  for (StageId id = 0; id < g.stages().size(); ++id) {
    BOOST_TEST((plain->described[id].output.fields == probed->described[id].output.fields));
    BOOST_TEST(plain->described[id].output.max_chunk == probed->described[id].output.max_chunk);
    BOOST_TEST(plain->described[id].needs.max_output == probed->described[id].needs.max_output);
  }
}

BOOST_AUTO_TEST_CASE(a_source_without_a_probe_is_unknown_and_not_looked_at) {
  auto looked = std::make_shared<int>(0);
  auto checked = one_source(looked).check(Graph::Probes{});
  BOOST_REQUIRE(checked);
  BOOST_TEST(*looked == 0);
  BOOST_TEST(!checked->described[0].output.fields_known);
  BOOST_TEST(!checked->sources[0]);
}

BOOST_AUTO_TEST_CASE(columns_are_checked_against_the_probe) {
  Graph g{"g"};
  g.source("read", counted(std::make_shared<int>(0)))
      .by_column("z")
      .map("pass", passing<Table>(), replicas(2))
      .sink("out", drop_table());
  auto checked = g.check(*g.probe({0}));
  BOOST_REQUIRE(!checked);
  BOOST_TEST(checked.error().sentence.find("keyed by column z") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_probe_that_fails_says_why_and_keeps_nothing) {
  auto looked = std::make_shared<int>(0);
  Graph g = one_source(looked, false);
  auto probes = g.probe({0});
  BOOST_REQUIRE(!probes);
  BOOST_TEST(probes.error().sentence == "there is nothing");
  auto checked = g.check({{0, Description{}}});
  BOOST_REQUIRE(checked);
  BOOST_TEST(!checked->sources[0]);
}

BOOST_AUTO_TEST_CASE(only_sources_are_probed) {
  Graph g = one_source(std::make_shared<int>(0));
  auto probes = g.probe({1});
  BOOST_REQUIRE(!probes);
  BOOST_TEST(probes.error().sentence == "graph g: stage pass is no source and cannot be probed");
  BOOST_TEST(!g.probe({99}).ok());
}

BOOST_AUTO_TEST_SUITE_END()
