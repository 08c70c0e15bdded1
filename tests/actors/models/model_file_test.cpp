#include <leat/actors/models/model_file.hpp>

#include "support/folder.hpp"
#include "actors/tables.hpp"

#include <capnp/serialize.h>
#include <fcntl.h>

using namespace leat;
using namespace leat::tests;

namespace {

Chunk model_chunk(Pool& pool) {
  Building<schema::LinearModel> building(pool, 512);
  auto root = building.root();
  root.setTarget("y");
  root.initFeatures(1).set(0, "a");
  root.initCoefficients(1).set(0, 2.5);
  root.setIntercept(1);
  root.setRows(12);
  return std::move(building).finish();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(model_file)

BOOST_AUTO_TEST_CASE(a_committed_model_is_read_by_any_capnp_reader) {
  Folder folder;
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  auto actor = leat::model_file(folder / "m").actor({});
  BOOST_TEST(feed(*actor, {model_chunk(*pool)}, out).ok());
  BOOST_TEST(!std::filesystem::exists(folder / "m"));
  OutputName name{"job", 0, 1, 0, true};
  BOOST_TEST(actor->seal(name).ok());
  BOOST_TEST(actor->commit(name).ok());
  BOOST_TEST(out.reports.at(0).first == "model");
  BOOST_TEST(out.reports.at(0).second == folder / "m");
  int file = ::open((folder / "m").c_str(), O_RDONLY);
  {
    capnp::StreamFdMessageReader reader(file);
    auto model = reader.getRoot<schema::LinearModel>();
    BOOST_TEST(model.getFeatures()[0].cStr() == "a");
    BOOST_TEST(model.getCoefficients()[0] == 2.5);
    BOOST_TEST(model.getRows() == 12u);
    BOOST_TEST(model.getChecksum() != 0u);
  }
  ::close(file);
}

BOOST_AUTO_TEST_CASE(an_interrupted_job_leaves_what_was_there) {
  Folder folder;
  write_text(folder / "m", "old");
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  auto actor = leat::model_file(folder / "m").actor({});
  BOOST_TEST(feed(*actor, {model_chunk(*pool)}, out, Ending::interrupted).ok());
  actor.reset();
  BOOST_TEST(text_of(folder / "m") == "old");
  BOOST_TEST(folder.files() == 1u);
  BOOST_TEST(out.reports.empty());
}

BOOST_AUTO_TEST_CASE(a_path_that_cannot_be_written_fails_at_the_start) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  auto actor = leat::model_file("/nowhere/at/all/m").actor({});
  BOOST_TEST(says(sentence(actor->start(out)), {"/nowhere/at/all/m", "no folder"}));
}

BOOST_AUTO_TEST_CASE(no_model_and_two_models_are_said) {
  Folder folder;
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  auto kind = leat::model_file(folder / "m");
  BOOST_TEST(says(sentence(feed(*kind.actor({}), {}, out)), {"no model", (folder / "m").c_str()}));
  Chunk model = model_chunk(*pool);
  BOOST_TEST(says(sentence(feed(*kind.actor({}), {model, model}, out)), {"two models"}));
}

BOOST_AUTO_TEST_SUITE_END()
