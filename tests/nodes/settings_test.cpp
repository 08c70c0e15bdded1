#include <functional>

#include <boost/test/unit_test.hpp>

#include <leat/actors/actors.hpp>
#include <leat/graph/fingerprint.hpp>
#include <leat/graph/layout.hpp>
#include <leat/graph/stream.hpp>

#include "nodes/graph_program.hpp"
#include "nodes/graphs.hpp"

using namespace leat;
using namespace leat::nodes;

namespace {

using Rows = Stream<Table>;
using Folded = Stream<Message<schema::Moments>>;

// What a graph says in TOML, of a stage and of its combiner, and how it says so in C++.
struct Setting {
  std::string name;
  std::string value;
  std::function<Rows(Rows)> feeds = [](Rows rows) { return rows; };
  std::function<Folded(Folded, const Rows& gate)> sets = [](Folded folded, const Rows&) { return folded; };
  Replicas replicas = {};
};

const std::vector<Setting> kSettings = {
    {.name = "after", .value = "\"gate\"", .sets = [](auto s, const Rows& gate) { return s.after(gate); }},
    {.name = "ordered", .value = "true", .replicas = Replicas{}.ordered()},
    {.name = "isolated", .value = "true", .sets = [](auto s, auto&) { return s.isolated(); }},
    {.name = "blocking", .value = "true", .sets = [](auto s, auto&) { return s.blocking(); }},
    {.name = "on", .value = "\"gpu\"", .sets = [](auto s, auto&) { return s.on("gpu"); }},
    {.name = "credit",
     .value = "\"2MiB\"",
     .feeds = [](auto s) { return s.credit(2 << 20, kDefaultWindow.chunks); }},
    {.name = "compressed", .value = "true", .feeds = [](auto s) { return s.compressed(); }},
    {.name = "state", .value = "77", .sets = [](auto s, auto&) { return s.state(77); }},
    {.name = "emits_at_most", .value = "78", .sets = [](auto s, auto&) { return s.emits_at_most(78); }},
    {.name = "dead_letters", .value = "79", .sets = [](auto s, auto&) { return s.dead_letters(79); }},
    {.name = "replicas", .value = "[2, 3]", .replicas = replicas(2, 3)},
    {.name = "dispatch", .value = "\"broadcast\"", .feeds = [](auto s) { return s.broadcast(); }},
    {.name = "dispatch", .value = "{ key = \"a\" }", .feeds = [](auto s) { return s.by_column("a"); }},
};

std::string toml(const std::string& said) {
  return R"(name = "g"
[[stage]]
name = "read"
kind = "csv.blocks"
path = "f.csv"
[[stage]]
name = "gate"
kind = "csv.parse"
from = "read"
[[stage]]
name = "kept"
kind = "discard"
from = "gate"
[[stage]]
name = "parse"
kind = "csv.parse"
from = "read"
[[stage]]
name = "fold"
kind = "moments"
from = "parse"
)" + said + R"(
[[stage]]
name = "out"
kind = "discard"
from = "fold"
)";
}

std::vector<std::string> from_toml(const std::string& said) {
  Complaints complaints;
  auto all = stock_kinds();
  GraphFile file = read_graph(toml(said), all, complaints);
  auto graph = build_graph(file, parameters_of(file, {}), "", complaints);
  BOOST_TEST(complaints.empty(), said << (complaints.empty() ? "" : ": " + complaints[0].sentence));
  BOOST_REQUIRE(graph);
  return canonical_lines(*graph);
}

// Sinks like those of the file, whatever they are fed.
template <class P> Kind<void, P> discards(const Stage& like) {
  Kind<void, P> kind;
  static_cast<StageKind&>(kind) = like.kind;
  return kind;
}

std::vector<std::string> from_cpp(const Setting& setting, bool of_combiner) {
  Complaints complaints;
  auto all = stock_kinds();
  GraphFile file = read_graph(toml(""), all, complaints);
  Graph like = *build_graph(file, parameters_of(file, {}), "", complaints);
  Graph g{"g"};
  auto read = g.source("read", csv::blocks("f.csv"));
  Rows gate = read.map("gate", csv::parse({}));
  gate.sink("kept", discards<Table>(like.stages()[2]));
  Rows rows = read.map("parse", csv::parse({}));
  if (!of_combiner) rows = setting.feeds(rows);
  Folded folded = rows.fold("fold", moments(), of_combiner ? Replicas{} : setting.replicas);
  setting.sets(of_combiner ? folded.combiner() : folded, gate)
      .sink("out", discards<Message<schema::Moments>>(like.stages().back()));
  return canonical_lines(g);
}

bool known(const std::string& name) {
  return std::any_of(kSettings.begin(), kSettings.end(), [&](const Setting& s) { return s.name == name; });
}

bool of_combiners(const std::string& name) {
  auto settings = combiner_settings();
  return name == "after" ||
         std::any_of(settings.begin(), settings.end(), [&](const Option& o) { return o.name == name; });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(settings)

BOOST_AUTO_TEST_CASE(every_setting_is_the_same_in_cpp_and_in_toml_and_changes_the_fingerprint) {
  const auto plain = from_toml("");
  for (const Setting& setting : kSettings) {
    auto lines = from_toml(setting.name + " = " + setting.value);
    BOOST_TEST_CONTEXT(setting.name) {
      BOOST_TEST(lines == from_cpp(setting, false), boost::test_tools::per_element());
      BOOST_TEST(fingerprint(lines) != fingerprint(plain));
    }
  }
}

BOOST_AUTO_TEST_CASE(every_setting_of_a_combiner_is_the_same_in_cpp_and_in_toml) {
  const auto plain = from_toml("");
  for (const Setting& setting : kSettings) {
    if (!of_combiners(setting.name)) continue;
    auto lines = from_toml("combine = { " + setting.name + " = " + setting.value + " }");
    BOOST_TEST_CONTEXT(setting.name) {
      BOOST_TEST(lines == from_cpp(setting, true), boost::test_tools::per_element());
      BOOST_TEST(fingerprint(lines) != fingerprint(plain));
      BOOST_TEST(fingerprint(lines) != fingerprint(from_toml(setting.name + " = " + setting.value)));
    }
  }
}

BOOST_AUTO_TEST_CASE(no_setting_is_left_out_above) {
  for (const Option& setting : stage_settings()) BOOST_TEST(known(setting.name), setting.name);
}

BOOST_AUTO_TEST_CASE(what_is_wrong_with_a_combiners_settings_is_named_with_its_place) {
  auto of = [](const std::string& said) {
    return changed("kind = \"csv.write\"\nfrom = \"parse\"\npath = \"${out}\"",
                   "kind = \"moments\"\nfrom = \"parse\"\n" + said +
                       "\n[[stage]]\nname = \"end\"\nkind = \"discard\"\nfrom = \"write\"");
  };
  says(of("combine = { stat = 1 }"),
       {"16:13: stage write: combine: there is no setting stat, did you mean state?"});
  says(of("combine = { replicas = 2 }"),
       {"16:13: stage write: combine: there is no setting replicas of a combiner: there are after, isolated, "
        "blocking, on, state and emits_at_most"});
  says(of("combine = true"),
       {"16:11: stage write: combine: expected the combiner's settings, { on = \"LABEL\" }, found a boolean"});
  says(of("combine = { after = \"parsed\" }"),
       {"16:21: stage write: combine: after: there is no stage parsed, did you mean parse?"});
  says(of("combine = { state = \"much\" }"),
       {"16:21: stage write: combine: state: \"much\" must be a size such as 64MiB"});
  says(changed("from = \"read\"", "from = \"read\"\ncombine = { state = 1 }"),
       {"12:11: stage parse: combine: csv.parse has no combiner: leave combine out"});
  auto cycle = said(of("combine = { after = \"write\" }"));
  BOOST_REQUIRE(cycle.size() == 1u);
  BOOST_TEST(cycle[0] == "16:21: stage write: the stages form a cycle: write waits for write");
}

BOOST_AUTO_TEST_SUITE_END()
