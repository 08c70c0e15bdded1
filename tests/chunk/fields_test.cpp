#include <boost/test/unit_test.hpp>

#include <leat/chunk/fields.hpp>

using namespace leat;

namespace {

Fields named(std::initializer_list<const char*> names) {
  Fields out;
  for (const char* name : names)
    out.push_back({name});
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(fields)

BOOST_AUTO_TEST_CASE(every_type_has_a_name_that_finds_it_again) {
  for (auto type :
       {ColumnType::F64, ColumnType::F32, ColumnType::F16, ColumnType::I64, ColumnType::I32,
        ColumnType::BOOL, ColumnType::TEXT, ColumnType::BYTES, ColumnType::TIMESTAMP}) {
    BOOST_TEST((type_named(type_name(type)) == type));
  }
  BOOST_TEST(type_name(ColumnType::TIMESTAMP) == "timestamp");
  BOOST_TEST(!type_named("float"));
  BOOST_TEST(!type_named(""));
  BOOST_TEST(type_name(static_cast<ColumnType>(99)) == "unknown");
}

BOOST_AUTO_TEST_CASE(cells_have_the_width_of_their_type) {
  BOOST_TEST(cell_bytes(ColumnType::F64) == 8u);
  BOOST_TEST(cell_bytes(ColumnType::F32) == 4u);
  BOOST_TEST(cell_bytes(ColumnType::F16) == 2u);
  BOOST_TEST(cell_bytes(ColumnType::BOOL) == 1u);
  BOOST_TEST(cell_bytes(ColumnType::TEXT) == sizeof(Span));
  BOOST_TEST(cell_bytes(ColumnType::TEXT, true) == 4u);
}

BOOST_AUTO_TEST_CASE(text_bytes_and_timestamps_are_not_numeric) {
  BOOST_TEST(is_numeric(ColumnType::BOOL));
  BOOST_TEST(is_numeric(ColumnType::F16));
  BOOST_TEST(!is_numeric(ColumnType::TEXT));
  BOOST_TEST(!is_numeric(ColumnType::BYTES));
  BOOST_TEST(!is_numeric(ColumnType::TIMESTAMP));
}

BOOST_AUTO_TEST_CASE(a_field_is_found_by_its_whole_name) {
  Fields fields = named({"a", "speed", "b"});
  BOOST_TEST((find_field(fields, "speed") == std::size_t{1}));
  BOOST_TEST(!find_field(fields, "spee"));
  BOOST_TEST(!find_field(fields, ""));
}

BOOST_AUTO_TEST_CASE(names_are_listed_as_a_sentence_has_them) {
  BOOST_TEST(listed({}) == "none");
  BOOST_TEST(listed(named({"a"})) == "a");
  BOOST_TEST(listed(named({"a", "b"})) == "a and b");
  BOOST_TEST(listed(named({"a", "b", "c"})) == "a, b and c");
  BOOST_TEST(listed(named({"a", "b", "c", "d"}), 2) == "a, b and 2 more");
}

BOOST_AUTO_TEST_CASE(a_list_never_says_and_one_more) {
  BOOST_TEST(listed(named({"a", "b", "c"}), 2) == "a, b and c");
}

BOOST_AUTO_TEST_CASE(the_nearest_name_is_the_one_with_the_fewest_edits) {
  Fields fields = named({"speed", "mass", "distance"});
  BOOST_TEST(nearest_name(fields, "sped") == "speed");
  BOOST_TEST(nearest_name(fields, "speeed") == "speed");
  BOOST_TEST(nearest_name(fields, "distanec") == "distance");
  BOOST_TEST(nearest_name(fields, "mess") == "mass");
}

BOOST_AUTO_TEST_CASE(a_name_unlike_all_is_near_none) {
  BOOST_TEST(nearest_name(named({"speed", "mass"}), "temperature") == "");
  BOOST_TEST(nearest_name(named({"y"}), "x") == "");
  BOOST_TEST(nearest_name({}, "x") == "");
}

BOOST_AUTO_TEST_SUITE_END()
