#include <leat/actors/models/predict.hpp>

#include <leat/actors/models/saved_model.hpp>
#include <leat/schemas/chunk.capnp.h>

#include "support/folder.hpp"
#include "actors/tables.hpp"

#include <capnp/message.h>

#include <rapidcheck.h>

#include <cmath>
#include <cstring>

using namespace leat;
using namespace leat::tests;

namespace {

// y = 2 a - b + 1
std::string saved(Pool& pool) {
  Building<schema::LinearModel> building(pool, 512);
  auto root = building.root();
  root.setTarget("y");
  auto features = root.initFeatures(2);
  features.set(0, "a");
  features.set(1, "b");
  auto coefficients = root.initCoefficients(2);
  coefficients.set(0, 2);
  coefficients.set(1, -1);
  root.setIntercept(1);
  return model_bytes(std::move(building).finish());
}

std::string start_sentence(const std::string& path) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  return sentence(predict(path).actor({})->start(out));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(predict)

BOOST_AUTO_TEST_CASE(rows_get_the_prediction_of_the_saved_model) {
  Folder folder;
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  write_text(folder / "m", saved(*pool));
  Table table = table_of(*pool, {{"b", {1, 2, {}}, ColumnType::I64}, {"c", {0, 0, 0}},
                                 {"a", {10, 20, 30}, ColumnType::F32}});
  auto fed = feed(*leat::predict(folder / "m").actor({}), {table.chunk()}, out);
  BOOST_REQUIRE_MESSAGE(fed.ok(), sentence(fed));
  Table made(out.emitted.at(0));
  auto column = *made.find("prediction");
  BOOST_TEST(column == 3u);
  BOOST_TEST(made.values<double>(column)[0] == 20.0);
  BOOST_TEST(made.values<double>(column)[1] == 39.0);
  BOOST_TEST(!made.valid(column, 2));
}

BOOST_AUTO_TEST_CASE(missing_features_are_named_with_what_there_is) {
  Folder folder;
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  write_text(folder / "m", saved(*pool));
  Table table = table_of(*pool, {{"a", {1}}, {"bb", {1}}});
  auto said = sentence(feed(*leat::predict(folder / "m").actor({}), {table.chunk()}, out));
  BOOST_TEST(says(said, {"column b", "a and bb"}));
}

BOOST_AUTO_TEST_CASE(files_that_hold_no_model_are_refused_at_the_start) {
  Folder folder;
  auto pool = Pool::make();
  std::string whole = saved(*pool);
  BOOST_TEST(says(start_sentence(folder / "none"), {"none", "no such file"}));
  BOOST_TEST(says(start_sentence(folder.path()), {"not a file"}));
  write_text(folder / "empty", "");
  BOOST_TEST(says(start_sentence(folder / "empty"), {"empty", "damaged"}));
  write_text(folder / "text", "x,y\n1,2\nthis is no model but text of some length\n");
  BOOST_TEST(says(start_sentence(folder / "text"), {"text", "damaged"}));
  write_text(folder / "cut", whole.substr(0, whole.size() / 2));
  BOOST_TEST(says(start_sentence(folder / "cut"), {"cut", "damaged"}));
  Building<schema::Number> number(*pool, 64);
  number.root().setValue(3);
  write_text(folder / "number", model_bytes(std::move(number).finish()));
  BOOST_TEST(says(start_sentence(folder / "number"), {"number", "not a linear model"}));
}

BOOST_AUTO_TEST_CASE(every_byte_of_a_model_is_under_its_checksum) {
  Folder folder;
  auto pool = Pool::make();
  std::string whole = saved(*pool);
  write_text(folder / "m", whole);
  BOOST_TEST(start_sentence(folder / "m") == "");
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string damaged = whole;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
    write_text(folder / "m", damaged);
    BOOST_TEST(says(start_sentence(folder / "m"), {"damaged"}), "byte " << i);
  }
  write_text(folder / "m", whole + whole.substr(0, 8));
  BOOST_TEST(says(start_sentence(folder / "m"), {"damaged, its checksum does not fit"}));
}

// The root of a model as it was before there were checksums: three numbers and three pointers.
BOOST_AUTO_TEST_CASE(a_model_without_a_checksum_is_read_as_before) {
  Folder folder;
  auto pool = Pool::make();
  std::string whole = saved(*pool);
  // Head: no far pointer, offset 0, so many words of data, so many pointers.
  const std::uint64_t root = std::uint64_t{3} << 32 | std::uint64_t{3} << 48;
  auto word = [&](std::size_t at) {
    std::uint64_t value;
    std::memcpy(&value, &whole[8 * at], 8);
    return value;
  };
  std::uint64_t data = word(1) >> 32 & 0xFFFF, pointers = word(1) >> 48;
  std::vector<std::uint64_t> words = {0, root, word(2), word(3), word(4)};
  // What pointers point to moves nearer by the words that are left out.
  for (std::size_t i = 0; i < 3; ++i) words.push_back(word(2 + data + i) - 4 * (pointers - 3));
  for (std::size_t at = 2 + data + pointers; at < whole.size() / 8; ++at) words.push_back(word(at));
  words[0] = (words.size() - 1) << 32;
  write_text(folder / "old", std::string(reinterpret_cast<const char*>(words.data()), 8 * words.size()));
  BOOST_TEST(start_sentence(folder / "old") == "");
}

BOOST_AUTO_TEST_CASE(features_that_are_not_finite_are_refused_as_in_training) {
  Folder folder;
  auto pool = Pool::make();
  write_text(folder / "m", saved(*pool));
  auto said = [&](std::optional<double> a, std::optional<double> b) {
    RecordingOutbox out(*pool);
    Table table = table_of(*pool, {{"a", {1, a}}, {"b", {1, b}}}, 70);
    return sentence(feed(*leat::predict(folder / "m").actor({}), {table.chunk()}, out));
  };
  BOOST_TEST(says(said(NAN, 1), {"predict found NaN in row 72 (the first is 1)", "column a"}));
  BOOST_TEST(says(said(1, -INFINITY), {"-infinity in row 72", "column b"}));
  BOOST_TEST(says(said(1.7e308, 1), {"too large", "row 72"}));
  // In a row without a prediction nobody asks.
  BOOST_TEST(said(NAN, {}) == "");
}

BOOST_AUTO_TEST_CASE(a_feature_that_two_columns_could_be_is_refused) {
  Folder folder;
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  write_text(folder / "m", saved(*pool));
  Table table = table_of(*pool, {{"a", {100}}, {"a", {1}}, {"b", {2}}, {"c", {3}}});
  auto said = sentence(feed(*leat::predict(folder / "m").actor({}), {table.chunk()}, out));
  BOOST_TEST(says(said, {"column a", "two of that name", "the 1st and the 2nd of 4"}));
  // A source gives the second another name, and says so.
  Description rows;
  rows.fields = {{"a"}, {"a_2"}, {"b"}, {"c"}};
  auto kind = leat::predict(folder / "m");
  auto model = kind.probe();
  BOOST_REQUIRE_MESSAGE(model, sentence(model));
  BOOST_TEST(sentence(kind.describe({rows, *model})) == "");
  rows.notes["twice a"] = "1 and 2";
  BOOST_TEST(says(sentence(kind.describe({rows, *model})), {"column a", "as columns 1 and 2"}));
}

BOOST_AUTO_TEST_CASE(damaged_bytes_never_do_more_than_be_refused) {
  Folder folder;
  auto pool = Pool::make();
  std::string whole = saved(*pool);
  bool holds = rc::check("a model with changed bytes is read or refused", [&] {
    std::string damaged = whole;
    auto changes = *rc::gen::inRange(1, 6);
    for (int i = 0; i < changes; ++i) {
      damaged[*rc::gen::inRange<std::size_t>(0, whole.size())] =
          static_cast<char>(*rc::gen::inRange(0, 256));
    }
    write_text(folder / "damaged", damaged);
    (void)start_sentence(folder / "damaged");
  });
  BOOST_TEST(holds);
}

BOOST_AUTO_TEST_CASE(the_column_is_described_and_may_not_be_there_before) {
  Description rows;
  rows.fields = {{"a"}, {"b"}};
  auto described = leat::predict("m").describe({rows});
  BOOST_TEST(described->output.fields.back().name == "prediction");
  rows.fields.push_back({"prediction"});
  BOOST_TEST(says(sentence(leat::predict("m").describe({rows})), {"prediction", "already"}));
}

BOOST_AUTO_TEST_SUITE_END()
