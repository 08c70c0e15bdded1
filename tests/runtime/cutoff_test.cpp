// What a stage cuts off reaches the source that feeds it alone, and changes no result.
#include <boost/test/unit_test.hpp>

#include <leat/actors/actors.hpp>
#include <leat/graph/stream.hpp>
#include <leat/runtime/run.hpp>

#include "support/folder.hpp"

using namespace leat;
using namespace leat::tests;

namespace {

// Rows of numbers that come again, in some hundred chunks of a table file.
void write_rows(const Folder& folder) {
  std::string rows = "id,x,name\n";
  for (std::uint32_t id = 0; id < 40'000; ++id) {
    rows += std::to_string(id) + "," + std::to_string(id * 2'654'435'761U % 50) + ",n" + std::to_string(id % 7) + "\n";
  }
  write_text(folder / "rows.csv", rows);
  Graph g{"write"};
  g.source("read", csv::blocks(folder / "rows.csv", {.block_bytes = 4096}))
      .map("parse", csv::parse())
      .sink("write", tables::write(folder / "rows.tables"));
  auto report = run(g, {.threads = 1});
  BOOST_REQUIRE_MESSAGE(report, (report ? "" : report.error().sentence));
}

std::uint64_t left_out(const Report& report) {
  auto found = report.progress.stages.at(0).counts.find("rows left out");
  return found == report.progress.stages.at(0).counts.end() ? 0 : found->second;
}

// The first rows of the file, and how many others were not read.
std::pair<std::string, std::uint64_t> first_of(const Folder& folder, const std::string& file, const Top& options,
                                               std::size_t count, bool beside = false) {
  Graph g{"first"};
  auto rows = file.ends_with(".csv")
                  ? g.source("read", csv::blocks(folder / file)).map("parse", csv::parse())
                  : g.source("read", tables::read(folder / file));
  rows.fold("top", top(options), replicas(count)).sink("write", csv::write(folder / "out.csv"));
  if (beside) rows.sink("all", csv::write(folder / "all.csv"));
  auto report = run(g, {.threads = 2});
  BOOST_REQUIRE_MESSAGE(report, (report ? "" : report.error().sentence));
  BOOST_TEST((file.ends_with(".csv") || report->progress.rows == 40'000u));
  return {text_of(folder / "out.csv"), left_out(*report)};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cutoff)

BOOST_AUTO_TEST_CASE(rows_that_cannot_come_first_are_not_read) {
  Folder folder;
  write_rows(folder);
  for (const Top& options : {Top{.by = {"x"}, .count = 20}, Top{.by = {"x"}, .count = 20, .least = true},
                             Top{.by = {"id"}, .count = 7, .least = true}}) {
    auto expected = first_of(folder, "rows.csv", options, 1).first;
    for (std::size_t replicas : {1, 3}) {
      auto [made, left] = first_of(folder, "rows.tables", options, replicas);
      BOOST_TEST(made == expected);
      BOOST_TEST(left > 20'000u);
    }
  }
  // The best are the last.
  Top last{.by = {"id"}, .count = 7};
  BOOST_TEST((first_of(folder, "rows.tables", last, 1) == std::pair(first_of(folder, "rows.csv", last, 1).first, std::uint64_t{0})));
}

BOOST_AUTO_TEST_CASE(several_files_of_one_top_are_cut_off_by_it) {
  Folder folder;
  write_rows(folder);
  for (const Top& options : {Top{.by = {"x"}, .count = 20}, Top{.by = {"x", "name"}, .count = 3, .least = true}}) {
    auto first = [&](const std::string& file, std::size_t count) {
      Graph g{"first"};
      auto rows = [&](const char* name) {
        if (file.ends_with(".tables")) return g.source(name, tables::read(folder / file));
        return g.source(name, csv::blocks(folder / file)).map(std::string("parse ") + name, csv::parse());
      };
      auto both = rows("a").merge(rows("b"));
      both.fold("top", top(options), replicas(count)).sink("write", csv::write(folder / "out.csv"));
      auto report = run(g, {.threads = 2});
      BOOST_REQUIRE_MESSAGE(report, (report ? "" : report.error().sentence));
      return text_of(folder / "out.csv");
    };
    auto expected = first("rows.csv", 1);
    for (std::size_t replicas : {1, 2}) BOOST_TEST(first("rows.tables", replicas) == expected);
  }
}

BOOST_AUTO_TEST_CASE(two_tops_of_one_source_cut_off_nothing) {
  Folder folder;
  write_rows(folder);
  Top most{.by = {"x"}, .count = 20}, least{.by = {"x"}, .count = 20, .least = true};
  Graph g{"two"};
  auto rows = g.source("read", tables::read(folder / "rows.tables"));
  rows.fold("most", top(most)).sink("write most", csv::write(folder / "most.csv"));
  rows.fold("least", top(least)).sink("write least", csv::write(folder / "least.csv"));
  auto report = run(g, {.threads = 2});
  BOOST_REQUIRE_MESSAGE(report, (report ? "" : report.error().sentence));
  BOOST_TEST(left_out(*report) == 0u);
  BOOST_TEST(text_of(folder / "most.csv") == first_of(folder, "rows.csv", most, 1).first);
  BOOST_TEST(text_of(folder / "least.csv") == first_of(folder, "rows.csv", least, 1).first);
}

BOOST_AUTO_TEST_CASE(a_source_that_feeds_others_is_read_whole) {
  Folder folder;
  write_rows(folder);
  Top options{.by = {"x"}, .count = 20};
  auto [made, left] = first_of(folder, "rows.tables", options, 2, true);
  BOOST_TEST(made == first_of(folder, "rows.csv", options, 1).first);
  BOOST_TEST(left == 0u);
  BOOST_TEST((text_of(folder / "all.csv") == text_of(folder / "rows.csv")));
}

BOOST_AUTO_TEST_SUITE_END()
