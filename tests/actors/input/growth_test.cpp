#include <boost/test/unit_test.hpp>

#include <fstream>
#include <future>
#include <thread>

#include <leat/actors/input/file.hpp>

#include "actors/csv/fixture.hpp"
#include "actors/input/packed.hpp"

using namespace leat;
using csv_fixture::contains;
using csv_fixture::Files;

namespace {

// A file of which some is there, and what is said beside it.
struct Coming {
  explicit Coming(std::string all, std::size_t first) : text(std::move(all)) {
    files.write(std::to_string(text.size()), "f.growing");
    path = files.write(text.substr(0, first), "f");
    written = first;
  }
  void write(std::size_t bytes) {
    std::ofstream(path, std::ios::binary | std::ios::app) << text.substr(written, bytes);
    written += bytes;
  }
  InputFile open() const {
    auto file = InputFile::open(path);
    BOOST_REQUIRE_MESSAGE(file.ok(), (file ? "" : file.error().sentence));
    return std::move(*file);
  }

  Files files;
  std::string text, path;
  std::size_t written = 0;
};

std::string some_text() {
  std::string text;
  for (int i = 0; i < 50000; ++i) text += std::to_string(i * 7919 % 100003) + "\n";
  return text;
}

// Waits for each wake, and adds what is there then.
std::string read_on(InputFile& file, const std::function<void()>& more) {
  std::string all, buffer(10'000, '\0');
  while (!file.ended()) {
    auto got = file.read(buffer.data(), buffer.size());
    if (!got) return got.error().sentence;
    all.append(buffer, 0, *got);
    if (!file.waits()) continue;
    std::promise<void> woken;
    file.wake_when_more([&] { woken.set_value(); });
    more();
    woken.get_future().get();
  }
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(growth)

BOOST_AUTO_TEST_CASE(a_file_that_is_still_coming_is_read_as_it_comes) {
  for (const std::string& lies : {some_text(), leat::tests::gzip(some_text()), leat::tests::zstd(some_text())}) {
    Coming coming(lies, 1000);
    InputFile file = coming.open();
    BOOST_TEST((file.coming() && file.lies() == lies.size()));
    int wakes = 0;
    std::string all = read_on(file, [&] {
      ++wakes;
      coming.write(lies.size() / 5);
    });
    BOOST_TEST((all == some_text()));
    BOOST_TEST(wakes >= 4);
  }
}

BOOST_AUTO_TEST_CASE(who_waits_for_all_of_a_beginning_gets_it) {
  Coming coming(some_text(), 0);
  std::thread writer([&] {
    for (int i = 0; i < 10; ++i) coming.write(coming.text.size() / 10 + 1);
  });
  InputFile file = coming.open();
  std::string all(coming.text.size() + 1, '\0');
  auto got = file.read_whole(all.data(), all.size());
  writer.join();
  BOOST_REQUIRE(got.ok());
  all.resize(*got);
  BOOST_TEST((all == coming.text && file.ended()));
}

BOOST_AUTO_TEST_CASE(what_may_be_taken_away_again_is_not_there_yet) {
  Coming coming(some_text(), 1000);
  std::ofstream(coming.path + ".unchecked") << 400;
  InputFile file = coming.open();
  std::string buffer(5000, '\0');
  BOOST_TEST(*file.read(buffer.data(), 5000) == 400u);
  BOOST_TEST(file.waits());
  std::promise<void> woken;
  file.wake_when_more([&] { woken.set_value(); });
  std::filesystem::remove(coming.path + ".unchecked");
  woken.get_future().get();
  BOOST_TEST(*file.read(buffer.data(), 5000) == 600u);
  BOOST_TEST((buffer.substr(0, 600) == coming.text.substr(400, 600)));
}

BOOST_AUTO_TEST_CASE(one_that_is_removed_or_cut_is_one_sentence) {
  Coming gone(some_text(), 1000);
  InputFile file = gone.open();
  std::string all = read_on(file, [&] { std::filesystem::remove(gone.path); });
  BOOST_TEST(contains(all, "was removed before all of it had come: 1000 of"));
  Coming cut(some_text(), 1000);
  InputFile other = cut.open();
  all = read_on(other, [&] { std::filesystem::resize_file(cut.path, 10); });
  BOOST_TEST(contains(all, "became shorter while it came: 10 of"));
}

BOOST_AUTO_TEST_CASE(one_that_is_whole_is_as_any_other) {
  Coming coming("a\n1\n", 4);
  InputFile file = coming.open();
  BOOST_TEST(!file.coming());
  Coming half(some_text(), 10);
  auto opened = InputBytes::open(half.path);
  BOOST_REQUIRE(opened.ok());
  char some[20];
  auto read = opened->read(some, 20, 0);
  BOOST_TEST((!read && contains(read.error().sentence, "is still coming, 10 of")));
}

BOOST_AUTO_TEST_SUITE_END()
