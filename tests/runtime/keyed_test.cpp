#include <atomic>

#include <leat/chunk/table_builder.hpp>

#include "runtime/numbers.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

// Large tables of narrow rows, nearly all of one key.
auto skewed(int tables) {
  return [left = tables](Out<Table>& out) mutable -> bool {
    if (left-- == 0) return false;
    constexpr std::size_t kRows = 200'000;
    TableBuilder builder(out.pool(), {{"key", ColumnType::I32}}, kRows);
    for (std::size_t row = 0; row < kRows; ++row)
      builder.cells<std::int32_t>(0)[row] = row % 1000 ? 7 : static_cast<int>(row);
    out.emit(std::move(builder).finish(kRows, 0));
    return true;
  };
}

}  // namespace

BOOST_AUTO_TEST_SUITE(keyed)

BOOST_AUTO_TEST_CASE(large_tables_of_nearly_one_key_pass) {
  Graph g{"g"};
  auto rows = std::make_shared<std::atomic<std::uint64_t>>(0);
  g.source("read", skewed(5))
      .emits_at_most(1 << 20)
      .by_column("key")
      .map(
          "same", [](Table t) { return t; }, replicas(3))
      .emits_at_most(1 << 20)
      .sink("out", [rows](const Table& t) { *rows += t.rows(); });
  BOOST_TEST(failure(g) == "");
  BOOST_TEST(*rows == 1'000'000u);
}

BOOST_AUTO_TEST_CASE(a_piece_larger_than_the_credit_fails_and_does_not_hang) {
  Graph g{"g"};
  Stream<Number> count = g.source("count", counting(10));
  Stage stage;
  stage.name = "same";
  stage.kind = callables::kind_of<callables::MapActor<Number, decltype(same())>, Number, Number>(
      "same", same(), Sharing::stateless);
  stage.replicas = replicas(2);
  StageId id = g.add(std::move(stage));
  Dispatch swells;
  swells.rule = Dispatch::Rule::key;
  swells.by = "size";
  swells.splitter = [](Pool& pool, const Chunk&, std::size_t, auto& to) -> Result<void> {
    Building<schema::Number> large(pool, 3 << 20);
    to.emplace_back(1, std::move(large).finish());
    return {};
  };
  g.connect({count.stages()[0], id, 0, swells});
  Stream<Number>(g, {id}).sink("out", [](const Number&) {});
  BOOST_TEST(failure(g) ==
             "stage count: a piece of a keyed chunk takes 3.50 MiB and the credit is 512 KiB: "
             "raise its credit");
}

BOOST_AUTO_TEST_SUITE_END()
