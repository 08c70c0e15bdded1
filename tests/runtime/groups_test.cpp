// Group-bys, distinct rows and the top in whole runs: any number of replicas gives the same.
#include <leat/actors/actors.hpp>
#include <leat/graph/memory.hpp>
#include <leat/graph/stream.hpp>
#include <leat/runtime/run.hpp>

#include "actors/seeded_rows.hpp"

using namespace leat;
using namespace leat::tests;

namespace {

std::vector<Table> tables(Pool& pool, const SeededRows& rows) {
  std::mt19937 random(1);
  std::vector<Table> made;
  for (Chunk& chunk : cut(pool, rows, random, 200)) made.emplace_back(std::move(chunk));
  return made;
}

std::string ran(const Kind<Table, Table>& kind, const std::vector<Table>& from, std::size_t replicas_of_it) {
  Graph g{"groups"};
  Collected<Table> out;
  g.source("in", from_memory(from)).fold("fold", kind, replicas(replicas_of_it)).sink("out", collect(out));
  RunOptions options;
  options.threads = 2;
  auto report = run(g, options);
  if (!report) return report.error().sentence;
  std::vector<Chunk> chunks;
  for (const Table& table : out.take()) chunks.push_back(table.chunk());
  std::string all;
  for (const Row& row : rows_of(chunks)) all += shown(row) + "\n";
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(groups)

BOOST_AUTO_TEST_CASE(any_number_of_replicas_gives_the_same_rows_in_the_same_order) {
  auto pool = Pool::make();
  auto from = tables(*pool, seeded_rows(3000, 5, 70));
  for (const Kind<Table, Table>& kind :
       {group({.by = {"text", "bool"}, .columns = {"n = count()", "s = sum(f64)", "d = distinct(i64)", "f = first(dict)"}}),
        distinct({.columns = {"f64"}}), top({.by = {"f64", "text"}, .count = 50})}) {
    std::string one = ran(kind, from, 1);
    BOOST_TEST(std::count(one.begin(), one.end(), '\n') > 20);
    for (std::size_t replicas = 2; replicas <= 8; ++replicas) BOOST_TEST(ran(kind, from, replicas) == one);
  }
}

BOOST_AUTO_TEST_CASE(a_group_by_behind_a_function_finds_its_columns_in_the_first_chunk) {
  auto pool = Pool::make();
  auto from = tables(*pool, seeded_rows(500, 6, 20));
  Graph g{"behind"};
  Collected<Table> out;
  g.source("in", from_memory(from))
      .map("pass", [](Table table) { return table; })
      .fold("fold", group({.by = {"i32"}, .columns = {"n = count()", "m = mean(f32)"}}))
      .sink("out", collect(out));
  auto report = run(g);
  BOOST_TEST((report.ok() ? "" : report.error().sentence) == "");
  auto made = out.take();
  BOOST_REQUIRE(made.size() == 1);
  BOOST_TEST(made[0].columns() == 3u);
}

BOOST_AUTO_TEST_CASE(groups_that_do_not_fit_name_the_stage_the_budget_and_the_option) {
  auto pool = Pool::make();
  SeededRows rows;
  rows.fields = {{"key", ColumnType::I64}};
  for (std::int64_t row = 0; row < 20000; ++row) rows.rows.push_back({row});
  std::string said = ran(group({.by = {"key"}, .columns = {"n = count()"}, .memory = 256 << 10}), tables(*pool, rows), 2);
  BOOST_TEST(said.find("fold combine") != std::string::npos, said);
  BOOST_TEST(said.find("262144 bytes") != std::string::npos, said);
  BOOST_TEST(said.find("option memory") != std::string::npos, said);
}

BOOST_AUTO_TEST_SUITE_END()
