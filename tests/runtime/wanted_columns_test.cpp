// A whole run: what nobody reads is not parsed, and changes no result.
#include <boost/test/unit_test.hpp>

#include <leat/actors/actors.hpp>
#include <leat/graph/memory.hpp>
#include <leat/graph/stream.hpp>
#include <leat/runtime/run.hpp>

#include "support/folder.hpp"

using namespace leat;

namespace {

// Moments of b of the rows whose a is above 1; "c" has a cell that is no number.
Graph graph_of(const std::string& path, Collected<Message<schema::Moments>>& out, Collected<Table>* rows = nullptr) {
  Graph g{"g"};
  auto parsed = g.source("read", csv::blocks(path)).map("parse", csv::parse({.numbers = {"a", "b", "c"}}), replicas(2));
  parsed.filter("late", where("a > 1"))
      .fold("look", moments({"b"}))
      .sink("out", collect(out));
  if (rows) parsed.sink("rows", collect(*rows));
  return g;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(wanted_columns)

BOOST_AUTO_TEST_CASE(a_bad_cell_that_nobody_reads_fails_nothing) {
  tests::Folder folder;
  tests::write_text(folder / "a.csv", "a,b,c\n1,10,1\n2,20,x\n3,40,3\n");
  Collected<Message<schema::Moments>> out;
  auto report = run(graph_of(folder / "a.csv", out));
  BOOST_REQUIRE_MESSAGE(report, (report ? "" : report.error().sentence));
  auto made = out.take();
  BOOST_REQUIRE(made.size() == 1u);
  BOOST_TEST(made[0].read().getMean()[0] == 30.0);
}

BOOST_AUTO_TEST_CASE(a_bad_cell_that_anybody_reads_fails_the_job) {
  tests::Folder folder;
  tests::write_text(folder / "a.csv", "a,b,c\n1,10,1\n2,20,x\n3,40,3\n");
  Collected<Message<schema::Moments>> out;
  Collected<Table> rows;
  auto report = run(graph_of(folder / "a.csv", out, &rows));
  BOOST_REQUIRE(!report);
  BOOST_TEST(report.error().sentence.find("a.csv:3: column c: \"x\"") != std::string::npos, report.error().sentence);
  BOOST_TEST(report.error().subject().stage == "parse");
  BOOST_TEST(report.error().subject().line == 3u);
}

BOOST_AUTO_TEST_SUITE_END()
