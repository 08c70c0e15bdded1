#include <memory>

#include <boost/test/unit_test.hpp>

#include <leat/chunk/result.hpp>

using namespace leat;

BOOST_AUTO_TEST_SUITE(result)

BOOST_AUTO_TEST_CASE(a_result_is_a_value_or_an_error) {
  Result<int> value = 7;
  Result<int> error = corrupt("line 3 is short");
  BOOST_TEST(value.ok());
  BOOST_TEST(*value == 7);
  BOOST_TEST(!error.ok());
  BOOST_TEST((error.error().kind == ErrorKind::corrupt));
  BOOST_TEST(error.error().sentence == "line 3 is short");
}

BOOST_AUTO_TEST_CASE(reading_the_wrong_side_throws) {
  Result<int> value = 7;
  Result<int> error = invalid("no");
  BOOST_CHECK_THROW(static_cast<void>(value.error()), std::bad_variant_access);
  BOOST_CHECK_THROW(static_cast<void>(*error), std::bad_variant_access);
}

BOOST_AUTO_TEST_CASE(a_result_of_what_cannot_be_copied_moves) {
  Result<std::unique_ptr<int>> held = std::make_unique<int>(3);
  std::unique_ptr<int> out = std::move(held).value();
  BOOST_TEST(*out == 3);
}

BOOST_AUTO_TEST_CASE(a_result_of_nothing_is_success_or_an_error) {
  BOOST_TEST(Result<void>().ok());
  Result<void> full = overloaded("the budget is full");
  BOOST_TEST(!full.ok());
  BOOST_TEST((full.error().kind == ErrorKind::overloaded));
  BOOST_TEST((Result<void>(failed("disk")).error().kind == ErrorKind::failed));
}

BOOST_AUTO_TEST_CASE(a_subject_is_told_apart_from_the_sentence) {
  Error plain = invalid("no");
  BOOST_TEST((plain.subject() == Subject()));
  Error said = plain.about({.stage = "fit"}).in("stage fit").about({.graph = "g", .stage = "other"}).and_then("!");
  BOOST_TEST(said.sentence == "stage fit: no!");
  BOOST_TEST((said.subject() == Subject{.graph = "g", .stage = "fit"}));
  BOOST_TEST((plain.subject() == Subject()));
}

BOOST_AUTO_TEST_CASE(a_place_in_a_file_is_one_thing) {
  Error cell = corrupt("bad cell").about({.file = "a.csv", .line = 7});
  Error shown = cell.about({.stage = "parse", .file = "g.toml", .line = 3, .column = 1});
  BOOST_TEST((shown.subject() == Subject{.stage = "parse", .file = "a.csv", .line = 7}));
}

BOOST_AUTO_TEST_CASE(errors_copy_and_move_with_their_subject) {
  Error first = failed("no").about({.stage = "a"});
  Error second = first;
  first = invalid("other");
  BOOST_TEST(second.subject().stage == "a");
  BOOST_TEST(first.subject().stage == "");
  first = second;
  Error third = std::move(second);
  BOOST_TEST(first.subject().stage + third.subject().stage == "aa");
  BOOST_TEST((third.kind == ErrorKind::failed));
}

// As large as a kind, a sentence and a flag were.
static_assert(sizeof(Error) <= sizeof(std::string) + 2 * sizeof(void*));

BOOST_AUTO_TEST_SUITE_END()
