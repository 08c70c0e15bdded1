// Equal tables are equal bytes, whatever memory they were built in; and they take no more of it
// than was foretold.
#include <numeric>

#include <boost/test/unit_test.hpp>
#include <rapidcheck/boost_test.h>

#include <leat/chunk/gather.hpp>
#include <leat/chunk/table_builder.hpp>

#include "chunk/dirty_pool.hpp"

using namespace leat;

namespace {

struct Recipe {
  Fields fields;
  TableRoom room;
  std::size_t rows = 0;
  std::size_t text = 0;  ///< bytes of a text cell
  bool nulls = false;
};

Recipe any_recipe() {
  Recipe recipe;
  auto types = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 9));
  for (std::size_t i = 0; i < types.size() && i < 8; ++i) {
    auto type = static_cast<ColumnType>(types[i]);
    bool in_heap = type == ColumnType::TEXT || type == ColumnType::BYTES;
    std::string name = std::to_string(i) + std::string(*rc::gen::inRange<std::size_t>(0, 20), 'n');
    recipe.fields.push_back(
        {name, type, *rc::gen::arbitrary<bool>(), in_heap && *rc::gen::arbitrary<bool>()});
  }
  recipe.rows = *rc::gen::inRange<std::size_t>(0, 70);
  recipe.text = *rc::gen::inRange<std::size_t>(0, 12);
  recipe.nulls = *rc::gen::arbitrary<bool>();
  recipe.room.rows = recipe.rows + *rc::gen::inRange<std::size_t>(0, 40);
  recipe.room.heap =
      types.size() * recipe.rows * recipe.text + *rc::gen::inRange<std::size_t>(0, 20);
  recipe.room.row_numbers = *rc::gen::arbitrary<bool>();
  recipe.room.lines = *rc::gen::arbitrary<bool>();
  return recipe;
}

void fill(TableBuilder& builder, const Recipe& recipe, std::size_t c, std::size_t row) {
  const Field& field = recipe.fields[c];
  if (field.type == ColumnType::TEXT || field.type == ColumnType::BYTES) {
    BOOST_REQUIRE(builder.put(c, row, std::string(recipe.text, static_cast<char>('a' + row % 26))));
  } else {
    std::memset(builder.raw_cells(c) + row * cell_bytes(field.type), static_cast<int>(row % 2),
                cell_bytes(field.type));
  }
  if (field.nullable && recipe.nulls && row % 3 == 1) builder.set_null(c, row);
}

Table build(Pool& pool, const Recipe& recipe) {
  TableBuilder builder(pool, recipe.fields, recipe.room);
  for (std::size_t c = 0; c < recipe.fields.size(); ++c) {
    for (std::size_t row = 0; row < recipe.rows; ++row)
      fill(builder, recipe, c, row);
  }
  if (recipe.room.row_numbers) {
    std::iota(builder.row_numbers(), builder.row_numbers() + recipe.rows, 5);
  }
  if (recipe.room.lines) std::iota(builder.lines(), builder.lines() + recipe.rows, 5);
  return std::move(builder).finish(recipe.rows, 5);
}

std::vector<std::uint32_t> even_rows(const Table& table) {
  std::vector<std::uint32_t> out;
  for (std::uint32_t row = 0; row < table.rows(); row += 2)
    out.push_back(row);
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(table_bytes)

RC_BOOST_PROP(equal_tables_have_equal_hashes_in_fresh_and_in_used_memory, ()) {
  Recipe recipe = any_recipe();
  auto fresh = Pool::make();
  auto used = testing::dirty_pool(TableBuilder::footprint(recipe.fields, recipe.room));
  Table a = build(*fresh, recipe);
  Table b = build(*used, recipe);
  RC_ASSERT(a.chunk().bytes() == b.chunk().bytes());
  RC_ASSERT(a.chunk().hash() == b.chunk().hash());
}

RC_BOOST_PROP(selected_rows_have_equal_hashes_in_fresh_and_in_used_memory, ()) {
  Recipe recipe = any_recipe();
  auto fresh = Pool::make();
  auto used = testing::dirty_pool(TableBuilder::footprint(recipe.fields, recipe.room));
  Table table = build(*fresh, recipe);
  auto rows = even_rows(table);
  RC_ASSERT(select_rows(*fresh, table, rows).chunk().hash() ==
            select_rows(*used, table, rows).chunk().hash());
}

RC_BOOST_PROP(a_table_pins_no_more_than_was_foretold, ()) {
  Recipe recipe = any_recipe();
  auto pool = Pool::make();
  RC_ASSERT(build(*pool, recipe).chunk().footprint() <=
            TableBuilder::footprint(recipe.fields, recipe.room));
}

RC_BOOST_PROP(a_table_is_one_segment, ()) {
  Recipe recipe = any_recipe();
  auto pool = Pool::make();
  Table table = build(*pool, recipe);
  auto message = table.chunk().message();
  kj::ArrayPtr<const capnp::word> segment(reinterpret_cast<const capnp::word*>(message.data()),
                                          message.size() / sizeof(capnp::word));
  kj::ArrayPtr<const kj::ArrayPtr<const capnp::word>> segments(&segment, 1);
  capnp::SegmentArrayMessageReader reader(segments);
  auto root = reader.getRoot<schema::Table>();
  RC_ASSERT(root.getBody().size() >= root.getHeap() + root.getHeapSize());
  RC_ASSERT(root.getColumns().size() == recipe.fields.size());
}

BOOST_AUTO_TEST_CASE(a_full_heap_of_any_length_leaves_no_stale_bytes) {
  for (std::size_t heap = 0; heap < 20; ++heap) {
    auto fresh = Pool::make();
    auto used = testing::dirty_pool(4096);
    std::string hashes[2];
    for (Pool* pool : {fresh.get(), used.get()}) {
      TableBuilder builder(*pool, {{"s", ColumnType::TEXT}}, TableRoom{.rows = 1, .heap = heap});
      BOOST_REQUIRE(builder.put(0, 0, std::string(heap, 'h')));
      hashes[pool == used.get()] = std::move(builder).finish(1, 0).chunk().hash();
    }
    BOOST_TEST(hashes[0] == hashes[1], "with a heap of " << heap);
  }
}

BOOST_AUTO_TEST_SUITE_END()
