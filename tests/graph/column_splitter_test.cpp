#include <cmath>
#include <map>

#include <leat/chunk/table_builder.hpp>

#include "graph/sample_kinds.hpp"

using namespace leat;

namespace {

using Pieces = std::vector<std::pair<std::size_t, Chunk>>;

Pieces split(Pool& pool, const Table& table, std::size_t replicas) {
  Pieces pieces;
  auto ok = streams::column_splitter("key")(pool, table.chunk(), replicas, pieces);
  BOOST_REQUIRE_MESSAGE(ok, (ok ? "" : ok.error().sentence));
  return pieces;
}

// Keys i % distinct, and a value i, for each row i.
Table keyed(Pool& pool, std::size_t rows, std::int32_t distinct) {
  TableBuilder builder(pool, {{"key", ColumnType::I32}, {"v", ColumnType::I32}}, rows);
  for (std::size_t row = 0; row < rows; ++row) {
    builder.cells<std::int32_t>(0)[row] = static_cast<std::int32_t>(row) % distinct;
    builder.cells<std::int32_t>(1)[row] = static_cast<std::int32_t>(row);
  }
  return std::move(builder).finish(rows, 100);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(column_splitter)

BOOST_AUTO_TEST_CASE(every_row_goes_to_one_replica_and_equal_keys_to_the_same) {
  auto pool = Pool::make();
  std::map<double, std::size_t> home;
  std::vector<int> seen(1000);
  for (const auto& [replica, chunk] : split(*pool, keyed(*pool, 1000, 17), 3)) {
    Table piece(chunk);
    for (std::size_t row = 0; row < piece.rows(); ++row) {
      BOOST_TEST(home.try_emplace(piece.number(0, row), replica).first->second == replica);
      ++seen[static_cast<std::size_t>(piece.number(1, row))];
      BOOST_TEST(piece.row_number(row) == 100 + piece.number(1, row));
    }
  }
  BOOST_TEST(home.size() == 17u);
  BOOST_TEST(std::count(seen.begin(), seen.end(), 1) == 1000);
}

BOOST_AUTO_TEST_CASE(a_table_of_one_key_is_handed_on_as_it_is) {
  auto pool = Pool::make();
  Table table = keyed(*pool, 1000, 1);
  Pieces pieces = split(*pool, table, 3);
  BOOST_REQUIRE(pieces.size() == 1u);
  BOOST_TEST(pieces[0].second.message().data() == table.chunk().message().data());
}

BOOST_AUTO_TEST_CASE(no_piece_pins_more_than_the_table_did) {
  auto pool = Pool::make();
  // All rows but one have one key: with row numbers they take twice as much as before.
  TableBuilder builder(*pool, {{"key", ColumnType::BOOL}}, 100'000);
  std::fill_n(builder.cells<std::uint8_t>(0).data(), 100'000, 1);
  builder.cells<std::uint8_t>(0)[50'000] = 0;
  Table table = std::move(builder).finish(100'000, 0);
  for (std::size_t replicas : {2, 3, 4, 5}) {
    std::size_t rows = 0;
    for (const auto& [replica, chunk] : split(*pool, table, replicas)) {
      BOOST_TEST(chunk.footprint() <= table.chunk().footprint());
      rows += Table(chunk).rows();
    }
    BOOST_TEST(rows == 100'000u);
  }
}

BOOST_AUTO_TEST_CASE(nulls_are_one_key_whatever_the_dictionary) {
  auto pool = Pool::make();
  for (std::size_t replicas : {2, 3, 5, 8}) {
    std::vector<std::size_t> homes;
    for (std::string other : {"red", "green", "blue", "grey", "white"}) {
      TableBuilder builder(*pool, {{"key", ColumnType::TEXT, true, true}},
                           TableRoom{.rows = 2, .heap = 10});
      builder.put(0, 0, other);
      builder.set_null(0, 1);
      for (const auto& [replica, chunk] : split(*pool, std::move(builder).finish(2, 0), replicas)) {
        Table piece(chunk);
        if (!piece.valid(0, piece.rows() - 1)) homes.push_back(replica);
      }
    }
    BOOST_REQUIRE(homes.size() == 5u);
    BOOST_TEST(std::count(homes.begin(), homes.end(), homes[0]) == 5);
  }
}

BOOST_AUTO_TEST_CASE(zero_and_minus_zero_are_one_key) {
  auto pool = Pool::make();
  for (std::size_t replicas = 2; replicas < 20; ++replicas) {
    TableBuilder builder(*pool, {{"key"}}, 2);
    builder.cells<double>(0)[0] = 0.0;
    builder.cells<double>(0)[1] = -0.0;
    BOOST_TEST(split(*pool, std::move(builder).finish(2, 0), replicas).size() == 1u);
  }
}

BOOST_AUTO_TEST_CASE(a_column_that_is_not_there_is_refused) {
  auto pool = Pool::make();
  Table table = TableBuilder(*pool, {{"x"}}, 0).finish(0, 0);
  Pieces pieces;
  auto ok = streams::column_splitter("key")(*pool, table.chunk(), 2, pieces);
  BOOST_REQUIRE(!ok);
  BOOST_TEST(ok.error().sentence ==
             "the stream is keyed by column key, which it does not have: it has x");
}

BOOST_AUTO_TEST_SUITE_END()
