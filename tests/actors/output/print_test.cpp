#include <leat/actors/output/print.hpp>

#include <leat/graph/actor_kit.hpp>

#include "actors/tables.hpp"

using namespace leat;
using namespace leat::tests;

namespace {

std::string printed(const PrintOptions& options, const std::vector<Chunk>& chunks, Pool& pool) {
  RecordingOutbox out(pool);
  auto actor = leat::print(options).actor({});
  auto fed = feed(*actor, chunks, out);
  BOOST_REQUIRE_MESSAGE(fed.ok(), sentence(fed));
  BOOST_REQUIRE(out.reports.size() == 1u);
  BOOST_TEST(out.reports[0].first == options.title);
  return out.reports[0].second;
}

Chunk word(Pool& pool, std::string_view text) {
  TableBuilder builder(pool, {{"word", ColumnType::TEXT, true}}, {.rows = 2, .heap = text.size()});
  builder.put(0, 0, text);
  builder.set_null(0, 1);
  return std::move(builder).finish(2, 0).chunk();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(print)

BOOST_AUTO_TEST_CASE(the_first_rows_are_shown_and_the_others_counted) {
  auto pool = Pool::make();
  Chunk chunk = table_of(*pool, {{"x", {1, 2.5, 3}}, {"y", {4, 5, 6}}}).chunk();
  BOOST_TEST(printed({}, {chunk.share()}, *pool) == "x,y\n1,4\n2.5,5\n3,6\n");
  BOOST_TEST(printed({.rows = 2, .title = "best"}, {chunk.share(), chunk.share()}, *pool) ==
             "x,y\n1,4\n2.5,5\n... and 4 rows more\n");
  BOOST_TEST(printed({.rows = 5}, {chunk.share(), chunk.share()}, *pool) ==
             "x,y\n1,4\n2.5,5\n3,6\n1,4\n2.5,5\n... and 1 row more\n");
}

BOOST_AUTO_TEST_CASE(without_a_row_it_says_so) {
  auto pool = Pool::make();
  BOOST_TEST(printed({}, {}, *pool) == "none");
}

BOOST_AUTO_TEST_CASE(tables_with_other_columns_begin_with_their_names) {
  auto pool = Pool::make();
  Chunk one = table_of(*pool, {{"x", {1}}}).chunk();
  BOOST_TEST(printed({}, {one.share(), word(*pool, "a \"b\"")}, *pool) == "x\n1\nword\n\"a \"\"b\"\"\"\n\n");
  BOOST_TEST(printed({.rows = 1}, {one.share(), word(*pool, "a")}, *pool) == "x\n1\n... and 2 rows more\n");
}

BOOST_AUTO_TEST_CASE(what_is_kept_is_bounded_however_long_cells_are) {
  auto pool = Pool::make();
  std::vector<Chunk> chunks;
  for (int i = 0; i < 30; ++i) chunks.push_back(word(*pool, std::string(100'000, 'a')));
  std::string text = printed({.rows = 1000}, chunks, *pool);
  BOOST_TEST(text.size() <= (std::size_t{64} << 10) + 40);
  BOOST_TEST(text.find("aa ...\n") != text.npos);
  BOOST_TEST(text.find("rows more") != text.npos);
}

BOOST_AUTO_TEST_CASE(it_passes_the_actor_kit) {
  auto pool = Pool::make();
  Chunk chunk = table_of(*pool, {{"x", {1, 2.5, 3}}}).chunk();
  Description known;
  known.fields = Table(chunk.share()).fields();
  known.fields_known = true;
  kit::Trial trial{leat::print({.rows = 4}), {known}, {}};
  for (int i = 0; i < 3; ++i) trial.chunks.push_back({chunk.share()});
  auto tried = kit::try_actor(trial);
  BOOST_TEST(tried.ok(), sentence(tried));
}

BOOST_AUTO_TEST_CASE(bytes_have_no_form) {
  Description known;
  known.fields = {{"b", ColumnType::BYTES}};
  auto described = leat::print().describe({known});
  BOOST_REQUIRE(!described);
  BOOST_TEST(described.error().sentence.find("column b, which is bytes") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
