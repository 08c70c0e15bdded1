// Lines of a file that rows begin on: as the file has them, and in what is complained of.
#include <boost/test/unit_test.hpp>
#include <rapidcheck.h>

#include <leat/actors/columns/derive.hpp>
#include <leat/actors/columns/select.hpp>
#include <leat/actors/models/evaluate.hpp>
#include <leat/actors/models/predict.hpp>
#include <leat/actors/moments/moments.hpp>
#include <leat/actors/regression/linear_regression.hpp>
#include <leat/actors/rows/where.hpp>

#include "actors/csv/fixture.hpp"
#include "actors/tables.hpp"

using namespace leat;
using namespace leat::tests;
using csv_fixture::Files;
using Lines = std::vector<std::uint64_t>;

namespace {

Lines lines_of(const std::vector<Table>& tables) {
  Lines lines;
  for (const Table& table : tables) {
    for (std::size_t row = 0; row < table.rows(); ++row) lines.push_back(table.line(row));
  }
  return lines;
}

Lines lines_of(const std::string& content, csv::ParseOptions parsing = {}, csv::BlockOptions reading = {}) {
  Files files;
  auto got = csv_fixture::read(files.write(content), std::move(parsing), std::move(reading));
  BOOST_TEST(got.error == "");
  return lines_of(got.tables);
}

// What a stage makes of the tables of a file.
template <class Kind>
Lines through(const Kind& kind, const std::string& content) {
  Files files;
  auto got = csv_fixture::read(files.write(content));
  std::vector<Chunk> chunks;
  for (const Table& table : got.tables) chunks.push_back(table.chunk());
  RecordingOutbox out(*got.pool);
  BOOST_REQUIRE(feed(*kind.actor(Making{0, 1, {got.described.output}}), chunks, out).ok());
  std::vector<Table> tables;
  for (const Chunk& chunk : out.emitted) tables.emplace_back(chunk);
  return lines_of(tables);
}

const std::string kPlain = "x,y\n1,1\n2,2\n3,3\n4,4\n";
// A comment, a quoted line end in the second record, a blank line before the third.
const std::string kOdd = "# c\nx,y\n1,1\n2,\"2\n\"\n\n3,3\n4,4\n";

Error complaint(const StageKind& kind, const std::string& content, std::vector<Description> more = {}) {
  static Files files;
  auto got = csv_fixture::read(files.write(content, "in.csv"), {.types = {{"y", ColumnType::F64}}});
  std::vector<Description> inputs = {got.described.output};
  inputs.insert(inputs.end(), more.begin(), more.end());
  std::vector<Chunk> chunks;
  for (const Table& table : got.tables) chunks.push_back(table.chunk());
  RecordingOutbox out(*got.pool);
  auto fed = feed(*kind.actor(Making{0, 1, inputs}), chunks, out);
  BOOST_REQUIRE(!fed);
  return fed.error();
}

bool at_line(const Error& error, const std::string& sentence, std::size_t line) {
  std::string place = "in.csv:" + std::to_string(line) + ": " + sentence;
  BOOST_TEST_MESSAGE(error.sentence);
  return csv_fixture::contains(error.sentence, place) && error.subject().line == line &&
         csv_fixture::contains(error.subject().file, "in.csv");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(row_lines)

BOOST_AUTO_TEST_CASE(rows_know_the_line_they_begin_on) {
  BOOST_TEST(lines_of(kPlain) == (Lines{2, 3, 4, 5}), boost::test_tools::per_element());
  BOOST_TEST(lines_of(kOdd) == (Lines{3, 4, 7, 8}), boost::test_tools::per_element());
  BOOST_TEST(lines_of("1\r\n\r\n2\r3\n4", {}, {.header = false}) == (Lines{1, 3, 4, 5}), boost::test_tools::per_element());
  BOOST_TEST(lines_of("x,y\n1,1\na,2\n3,3\n", {.types = {{"x", ColumnType::F64}}, .bad = csv::BadCells::drop}) ==
                 (Lines{2, 4}),
             boost::test_tools::per_element());
  BOOST_TEST(lines_of("x,y\na,\"\n\"\n3,3\n", {.types = {{"x", ColumnType::F64}}, .bad = csv::BadCells::drop}) ==
                 (Lines{4}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(rows_of_plain_lines_keep_no_list_of_them) {
  Files files;
  BOOST_TEST(!csv_fixture::read(files.write(kPlain)).tables.at(0).lines());
  BOOST_TEST(!csv_fixture::read(files.write("x\n1\n2")).tables.at(0).lines());
  BOOST_TEST(csv_fixture::read(files.write(kOdd)).tables.at(0).lines());
}

BOOST_AUTO_TEST_CASE(stages_keep_the_lines_of_rows) {
  auto large = where([](double x) { return x > 1.5; }, "x");
  auto sum = derive("z", [](double x) { return x + 1; }, "x");
  auto some = leat::select({"y"});
  BOOST_TEST(through(large, kPlain) == (Lines{3, 4, 5}), boost::test_tools::per_element());
  BOOST_TEST(through(large, kOdd) == (Lines{4, 7, 8}), boost::test_tools::per_element());
  BOOST_TEST(through(sum, kPlain) == (Lines{2, 3, 4, 5}), boost::test_tools::per_element());
  BOOST_TEST(through(sum, kOdd) == (Lines{3, 4, 7, 8}), boost::test_tools::per_element());
  BOOST_TEST(through(some, kPlain) == (Lines{2, 3, 4, 5}), boost::test_tools::per_element());
  BOOST_TEST(through(some, kOdd) == (Lines{3, 4, 7, 8}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(lines_do_not_depend_on_blocks_and_tables) {
  rc::check("every record's line, whatever is between and in them", [] {
    std::string content = "x,y\n";
    Lines expected;
    std::uint64_t line = 2;
    auto records = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 8));
    RC_PRE(!records.empty());
    for (int what : records) {
      if (what == 5) content += "\n", ++line;
      if (what == 6) content += "bad,1\n", ++line;
      expected.push_back(line);
      content += what == 7 ? "1,\"a\n\nb\"\n" : "1,a\n";
      line += what == 7 ? 3 : 1;
    }
    auto block = *rc::gen::element<std::size_t>(64, 100, 256 * 1024);
    csv::ParseOptions parsing{.types = {{"x", ColumnType::F64}, {"y", ColumnType::TEXT}}, .bad = csv::BadCells::drop};
    RC_ASSERT(lines_of(content, parsing, {.block_bytes = block, .header = true}) == expected);
  });
}

BOOST_AUTO_TEST_CASE(what_is_not_finite_is_complained_of_with_file_and_line) {
  const std::string bad = "x,y\n1,1\n\"2\",nan\n3,inf\n";
  BOOST_TEST(at_line(complaint(leat::moments(), bad), "moments found NaN in row 2 (the first is 1), column y", 3));
  BOOST_TEST(at_line(complaint(leat::linear_regression({.target = "y"}), bad), "linear_regression found NaN", 3));
  BOOST_TEST(at_line(complaint(leat::moments(), "# c\nx,y\n\n1,1\n2,inf\n"), "moments found infinity in row 2", 5));
}

BOOST_AUTO_TEST_CASE(rows_of_several_files_know_no_line_as_nobody_knows_which) {
  Files files;
  files.write("x\n1\n2\n", "a.csv");
  files.write("x\n3\n4\n", "b.csv");
  auto got = csv_fixture::read(files.path("*.csv"));
  BOOST_TEST(got.error == "");
  BOOST_TEST(lines_of(got.tables) == (Lines{0, 0, 0, 0}), boost::test_tools::per_element());
  BOOST_TEST(lines_of(csv_fixture::read(files.path("b.csv")).tables) == (Lines{2, 3}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_row_with_a_null_is_none_that_is_complained_of) {
  auto error = complaint(leat::linear_regression({.target = "y"}), "x,y\n1,1\n,nan\n2,nan\n");
  BOOST_TEST(at_line(error, "linear_regression found NaN in row 3", 4));
}

BOOST_AUTO_TEST_SUITE_END()
