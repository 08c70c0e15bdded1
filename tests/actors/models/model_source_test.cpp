#include <leat/actors/models/model_file.hpp>
#include <leat/actors/models/model_source.hpp>
#include <leat/actors/regression/linear_regression.hpp>
#include <leat/graph/actor_kit.hpp>

#include "actors/tables.hpp"
#include "support/folder.hpp"

using namespace leat;
using namespace leat::tests;

BOOST_AUTO_TEST_SUITE(model_source)

BOOST_AUTO_TEST_CASE(a_saved_model_comes_back_once_and_it_passes_the_source_kit) {
  Folder folder;
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  auto chunks = cut(*pool, {{"x", {1, 2, 3, 4}}, {"y", {3, 5, 7, 9}}}, {});
  auto model = fold(linear_regression({.target = "y"}), chunks, 1, out);
  BOOST_REQUIRE(model.ok());
  auto file = model_file(folder / "kept.model").actor({});
  OutputName name{"job", 0, 1, 0, true};
  BOOST_REQUIRE(feed(*file, {*model}, out).ok());
  BOOST_REQUIRE(file->seal(name).ok());
  BOOST_REQUIRE(file->commit(name).ok());
  auto kind = leat::model_source(folder / "kept.model");
  BOOST_TEST(sentence(kit::try_source(kind)) == "");
  auto source = kind.source();
  auto described = source->probe();
  BOOST_REQUIRE_MESSAGE(described.ok(), sentence(described));
  RecordingOutbox given(*pool);
  BOOST_REQUIRE(drain(*source, given).ok());
  BOOST_REQUIRE(given.emitted.size() == 1u);
  BOOST_TEST(given.emitted[0].footprint() <= described->max_chunk);
  auto read = given.emitted[0].root<schema::LinearModel>();
  BOOST_TEST(std::string(read.getTarget().cStr()) == "y");
  BOOST_TEST(read.getCoefficients()[0] == 2.0);
}

BOOST_AUTO_TEST_CASE(what_is_no_model_is_one_sentence) {
  Folder folder;
  BOOST_TEST(
      says(sentence(leat::model_source(folder / "none").source()->probe()), {"cannot read the model", "no such file"}));
  write_text(folder / "text", "x,y\n1,2\n");
  BOOST_TEST(says(sentence(leat::model_source(folder / "text").source()->probe()), {"damaged or not a linear model"}));
}

BOOST_AUTO_TEST_SUITE_END()
