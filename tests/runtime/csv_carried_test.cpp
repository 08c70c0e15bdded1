// Columns on their way from a file to a writer: what nobody reads or changes comes out as it was.
#include <boost/test/unit_test.hpp>
#include <rapidcheck.h>

#include <leat/actors/columns/compute.hpp>
#include <leat/actors/columns/select.hpp>
#include <leat/actors/csv/format.hpp>
#include <leat/actors/rows/where.hpp>
#include <leat/runtime/run.hpp>

#include "actors/csv/fixture.hpp"
#include "actors/tables.hpp"

using namespace leat;
using namespace leat::tests;
using csv_fixture::Files;

namespace {

using Rows = Stream<Table>;

// What a graph from csv.parse to csv.write makes of a file.
template <class Steps>
std::string rewritten(const Files& files, const std::string& content, Steps steps, csv::ParseOptions parsing = {},
                      csv::BlockOptions reading = {}, csv::Writing writing = {}) {
  Graph g{"carried"};
  Rows rows = g.source("read", csv::blocks(files.write(content), reading)).map("parse", csv::parse(parsing));
  steps(g, rows).sink("write", csv::write(files.path("out.csv"), writing));
  auto report = run(g);
  BOOST_REQUIRE_MESSAGE(report, (report ? "" : report.error().sentence));
  return text_of(files.path("out.csv"));
}

Rows unchanged(Graph&, Rows rows) { return rows; }

const std::string kOdd =
    "id,big,phone,\"price\",when,day,flag,x\n"
    "00123,9007199254740993,+4912345678,1.10,2024-05-01 12:30,2024-05-01,true,1\n"
    "\"01234\",123456789012345678,0049123, 2.00 ,9999-12-31,Nan,1,2\n"
    "A,NA,,\"a \"\"b\"\"\",nan(abc),\"x\ny\",-0,3\n";

}  // namespace

BOOST_AUTO_TEST_SUITE(csv_carried)

BOOST_AUTO_TEST_CASE(what_no_stage_reads_is_written_byte_for_byte) {
  Files files;
  BOOST_TEST(rewritten(files, kOdd, unchanged) == kOdd);
  BOOST_TEST(rewritten(files, kOdd, unchanged, {.bad = csv::BadCells::drop}) == kOdd);
  // Names that are empty or twice there, and its own delimiter and line ends, too.
  BOOST_TEST(rewritten(files, ",a,\"a\",\"\"\n01,2,3,x\n", unchanged) == ",a,\"a\",\"\"\n01,2,3,x\n");
  BOOST_TEST(rewritten(files, "a;b\r\n01;\"x;\"\r\n", unchanged) == "a;b\r\n01;\"x;\"\r\n");
}

BOOST_AUTO_TEST_CASE(what_a_stage_reads_and_passes_on_is_written_byte_for_byte) {
  Files files;
  auto large = [](Graph&, Rows rows) { return rows.map("large", where([](double x) { return x > 1; }, "x")); };
  std::string rest = kOdd.substr(0, kOdd.find('\n') + 1) + kOdd.substr(kOdd.find("\"01234\""));
  BOOST_TEST(rewritten(files, kOdd, large) == rest);
  auto some = [](Graph&, Rows rows) {
    return rows.map("large", where([](double x) { return x > 0; }, "x")).map("some", leat::select({"x", "id"}));
  };
  BOOST_TEST(rewritten(files, "id,x\n007,1.10\n\"8\",+2.0\nc,NA\n", some) == "x,id\n1.10,007\n+2.0,\"8\"\n");
}

BOOST_AUTO_TEST_CASE(what_a_function_may_have_changed_is_written_from_its_values) {
  Files files;
  auto through = [](Graph&, Rows rows) { return rows.map("pass", [](const Table& table) { return table; }); };
  BOOST_TEST(rewritten(files, "id,x\n007,1.10\n", through) == "id,x\n007,1.1\n");
  // Also where another branch writes the same columns.
  auto both = [&](Graph& g, Rows rows) {
    rows.sink("copy", csv::write(files.path("copy.csv")));
    return through(g, rows);
  };
  BOOST_TEST(rewritten(files, "id,x\n007,1.10\n", both) == "id,x\n007,1.1\n");
  BOOST_TEST(text_of(files.path("copy.csv")) == "id,x\n007,1.10\n");
}

BOOST_AUTO_TEST_CASE(what_one_branch_changes_the_others_write_byte_for_byte) {
  Files files;
  const std::string content = "id,x,y\n007,1.10,1.50\n008,3.0,2.50\n";
  auto beside = [&](auto change) {
    return rewritten(files, content, [&](Graph& g, Rows rows) {
      rows.sink("copy", csv::write(files.path("copy.csv")));
      return change(g, rows);
    });
  };
  auto filled = [](Graph&, Rows rows) { return rows.map("fill", compute({"x = x * 2"})); };
  BOOST_TEST(beside(filled) == "id,x,y\n007,2.2,1.50\n008,6,2.50\n");
  BOOST_TEST(text_of(files.path("copy.csv")) == content);
  // In its own branch a column stays what it was above the change.
  auto after = [&](Graph&, Rows rows) {
    auto made = rows.map("double", compute({"x = x * 2"}));
    made.sink("copy", csv::write(files.path("copy.csv")));
    return made.map("pass", [](const Table& table) { return table; });
  };
  BOOST_TEST(rewritten(files, content, after) == "id,x,y\n007,2.2,1.5\n008,6,2.5\n");
  BOOST_TEST(text_of(files.path("copy.csv")) == "id,x,y\n007,2.2,1.50\n008,6,2.50\n");
}

BOOST_AUTO_TEST_CASE(cells_that_another_delimiter_would_cut_are_quoted) {
  Files files;
  BOOST_TEST(rewritten(files, "a;b\n1,5;\"x;y\"\n", unchanged, {}, {}, {.delimiter = ','}) == "a,b\n\"1,5\",\"x;y\"\n");
}

BOOST_AUTO_TEST_CASE(a_row_that_lacks_cells_has_empty_ones) {
  Files files;
  BOOST_TEST(rewritten(files, "a,b\n01\n02,x\n", unchanged, {.bad = csv::BadCells::null}) == "a,b\n01,\n02,x\n");
}

BOOST_AUTO_TEST_CASE(a_column_that_turns_to_text_late_is_judged_only_where_it_is_read) {
  Files files;
  std::string late = "id,x\n";
  for (int i = 100'000; i < 160'000; ++i) late += std::to_string(i) + "," + std::to_string(i % 4) + "\n";
  late += "A60000,3\n";
  BOOST_TEST((rewritten(files, late, unchanged) == late));
  auto got = csv_fixture::read(files.path("a.csv"));
  BOOST_TEST(csv_fixture::contains(got.error, ":60002: column id: \"A60000\" is not an i64"), got.error);
}

BOOST_AUTO_TEST_SUITE_END()
