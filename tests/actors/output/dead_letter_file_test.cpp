#include <leat/actors/csv/csv.hpp>
#include <leat/actors/output/dead_letter_file.hpp>
#include <leat/schemas/csv.capnp.h>

#include <sys/stat.h>

#include "support/folder.hpp"
#include "actors/tables.hpp"

using namespace leat;
using namespace leat::tests;

namespace {

DeadLetter letter(Pool& pool, std::uint64_t number) {
  return {"parse", 1, 0, 77, "read", number, "threw an exception: \"no\"\nat all", Table::payload_type(),
          table_of(pool, {{"x", {1.0, {}, 3.5}}}, 10 * number).chunk()};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(dead_letter_file)

BOOST_AUTO_TEST_CASE(letters_are_there_once_they_are_committed_and_read_as_they_were_put_aside) {
  Folder folder;
  auto pool = Pool::make();
  OutputName name{"job", 0, 1, 0, true};
  auto place = dead_letter_folder(folder / "letters");
  auto letters = place("graph-job");
  for (std::uint64_t i = 0; i < 3; ++i) BOOST_TEST(letters->add(letter(*pool, i)).ok());
  std::string path = folder / "letters/graph-job.letters";
  BOOST_TEST(!std::filesystem::exists(path));
  BOOST_TEST(letters->seal(name).ok());
  BOOST_TEST(!std::filesystem::exists(path));
  BOOST_TEST(letters->commit(name).ok());
  auto read = read_dead_letters(path, *pool);
  BOOST_REQUIRE_MESSAGE(read.ok(), sentence(read));
  BOOST_REQUIRE(read->size() == 3u);
  for (std::uint64_t i = 0; i < 3; ++i) {
    const DeadLetter& one = (*read)[i];
    DeadLetter was = letter(*pool, i);
    BOOST_TEST(one.stage == was.stage);
    BOOST_TEST(one.replica == was.replica);
    BOOST_TEST(one.port == was.port);
    BOOST_TEST(one.position == was.position);
    BOOST_TEST(one.source == was.source);
    BOOST_TEST(one.number == was.number);
    BOOST_TEST(one.reason == was.reason);
    BOOST_TEST(bool(one.type == was.type));
    BOOST_TEST(one.type.name == was.type.name);
    BOOST_TEST(one.chunk.hash() == was.chunk.hash());
  }
}

BOOST_AUTO_TEST_CASE(a_job_without_letters_makes_no_file_and_one_that_fails_leaves_none) {
  Folder folder;
  auto pool = Pool::make();
  OutputName name{"job", 0, 1, 0, true};
  auto none = dead_letter_folder(folder / "letters")("a");
  BOOST_TEST(none->seal(name).ok());
  BOOST_TEST(none->commit(name).ok());
  BOOST_TEST(folder.files() == 0u);
  auto fails = dead_letter_folder(folder / "letters")("b");
  BOOST_TEST(fails->add(letter(*pool, 0)).ok());
  BOOST_TEST(fails->seal(name).ok());
  BOOST_TEST(fails->abort(name).ok());
  BOOST_TEST(std::filesystem::is_empty(folder / "letters"));
}

BOOST_AUTO_TEST_CASE(files_that_are_none_or_are_cut_or_changed_are_refused) {
  Folder folder;
  auto pool = Pool::make();
  auto said = [&](const std::string& path) { return sentence(read_dead_letters(path, *pool)); };
  BOOST_TEST(says(said(folder / "none"), {"none", "cannot be read"}));
  write_text(folder / "text", "this is some text, of no use to anybody.");
  BOOST_TEST(says(said(folder / "text"), {"text", "no file of dead letters"}));
  OutputName name{"job", 0, 1, 0, true};
  auto letters = dead_letter_folder(folder.path())("whole");
  for (std::uint64_t i = 0; i < 2; ++i) BOOST_TEST(letters->add(letter(*pool, i)).ok());
  BOOST_TEST(letters->seal(name).ok());
  BOOST_TEST(letters->commit(name).ok());
  std::string whole = text_of(folder / "whole.letters");
  for (std::size_t size : {std::size_t{8}, std::size_t{64}, whole.size() - 8, whole.size() - 3, whole.size() / 2 + 8}) {
    write_text(folder / "cut", whole.substr(0, size));
    BOOST_TEST(says(said(folder / "cut"), {"cut", "is damaged"}), size);
  }
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 0x10);
    write_text(folder / "changed", changed);
    BOOST_TEST(says(said(folder / "changed"), {"changed", "is damaged"}), at);
  }
}

BOOST_AUTO_TEST_CASE(folders_and_pipes_are_refused) {
  Folder folder;
  auto pool = Pool::make();
  BOOST_REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  for (const std::string& path : {folder.path(), folder / "pipe"}) {
    BOOST_TEST(says(sentence(read_dead_letters(path, *pool)), {path.c_str(), "not a regular file"}));
  }
}

BOOST_AUTO_TEST_CASE(a_letter_may_be_larger_than_64_mib) {
  Folder folder;
  auto pool = Pool::make();
  constexpr std::size_t kSize = std::size_t{70} << 20;
  Building<schema::CsvBlock> building(*pool, kSize + 4096);
  building.root().initText(kSize);
  DeadLetter large{"parse", 0, 0, 0, "read", 0, "no", Message<schema::CsvBlock>::payload_type(), std::move(building).finish()};
  OutputName name{"job", 0, 1, 0, true};
  auto letters = dead_letter_folder(folder.path())("large");
  for (int times = 0; times < 2; ++times) BOOST_TEST(letters->add(large).ok());
  BOOST_TEST(letters->seal(name).ok());
  BOOST_TEST(letters->commit(name).ok());
  auto read = read_dead_letters(folder / "large.letters", *pool);
  BOOST_REQUIRE_MESSAGE(read.ok(), sentence(read));
  BOOST_REQUIRE(read->size() == 2u);
  BOOST_TEST((*read)[1].chunk.bytes() == large.chunk.bytes());
}

BOOST_AUTO_TEST_SUITE_END()
