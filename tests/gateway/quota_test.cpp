#include <boost/test/unit_test.hpp>

#include <leat/gateway/kept.hpp>
#include <leat/gateway/quota.hpp>

#include <filesystem>
#include <fstream>

#include <sys/stat.h>

#include "support/folder.hpp"

using namespace leat;

namespace {

std::string why(const Result<void>& room) {
  BOOST_TEST((room.ok() || is_of_quota(room.error())));
  return room ? "" : room.error().sentence;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

Time at(int minute) { return Time(std::chrono::minutes(minute)); }

}  // namespace

BOOST_AUTO_TEST_SUITE(quota)

BOOST_AUTO_TEST_CASE(words_are_quotas_and_what_is_none_is_named) {
  Quota quota;
  for (const char* word : {"jobs=10", "cpu=0.5", "bytes=10GiB", "jobs=10"}) BOOST_TEST(add_quota(quota, word).ok(), word);
  BOOST_TEST((quota.jobs == 10u && quota.cpu == 0.5 && quota.bytes == std::uint64_t{10} << 30));
  for (const char* word : {"jobs", "jobs=", "jobs=-1", "jobs=1.5", "jobs=11", "cpu=inf", "cpu=nan", "cpu=-1", "cpu=1s", "bytes=many", "time=1", "=1"}) {
    BOOST_TEST(!add_quota(quota, word).ok(), word);
  }
}

BOOST_AUTO_TEST_CASE(what_is_used_up_is_said_and_how_much_of_it) {
  Quota quota{.jobs = 2, .cpu = 60, .bytes = 1024};
  BOOST_TEST(why(within_quota(quota, {1, 59.9, 1023}, "anna")) == "");
  BOOST_TEST(why(within_quota({}, {1000, 1e9, ~std::uint64_t{0}}, "anna")) == "");
  BOOST_TEST(has(why(within_quota(quota, {2, 0, 0}, "anna")), "anna has 2 jobs that wait or run, and may have 2"));
  BOOST_TEST(has(why(within_quota(quota, {0, 60.04, 0}, "anna")), "used 60 s of CPU time in the last 30 days, and may use 60"));
  BOOST_TEST(has(why(within_quota(quota, {0, 0, 1024}, "anna")), "have 1.00 KiB, and may have 1.00 KiB"));
  BOOST_TEST(why(room_in_quota(quota, {0, 0, 1000}, "anna", 24)) == "");
  BOOST_TEST(has(why(room_in_quota(quota, {0, 0, 1000}, "anna", 25)), "no room for"));
  BOOST_TEST(!is_of_quota(overloaded("the queue is full")));
}

BOOST_AUTO_TEST_CASE(the_oldest_that_are_not_pinned_are_forgotten_until_the_rest_fits) {
  std::vector<KeptJob> jobs = {{4, at(4), 10, false}, {1, at(1), 10, true}, {2, at(2), 10, false}, {3, at(3), 0, false}, {5, at(5), 10, false}};
  auto forgotten = [&](std::uint64_t most) { return to_forget(jobs, most); };
  BOOST_TEST(forgotten(40).empty());
  BOOST_TEST(forgotten(39) == (std::vector<std::uint64_t>{2}), boost::test_tools::per_element());
  BOOST_TEST(forgotten(20) == (std::vector<std::uint64_t>{2, 4}), boost::test_tools::per_element());
  BOOST_TEST(forgotten(0) == (std::vector<std::uint64_t>{2, 4, 5}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(of_a_log_that_grows_the_last_bytes_are_kept_where_they_are) {
  leat::tests::Folder folder;
  std::string file = folder / "log", text(std::size_t{4} << 20, 'x');
  for (std::size_t i = 0; i < text.size(); i += 64) text.replace(i, 8, std::to_string(10'000'000 + i));
  std::ofstream log(file, std::ios::app | std::ios::binary);
  log << text << std::flush;
  constexpr std::uint64_t kMost = 100'000;
  auto kept = keep_last(file, kMost);
  BOOST_REQUIRE_MESSAGE(kept, (kept ? "" : kept.error().sentence));
  log << "and more" << std::flush;
  struct stat found {};
  BOOST_REQUIRE(::stat(file.c_str(), &found) == 0);
  BOOST_TEST(static_cast<std::size_t>(found.st_size) == text.size() + 8);
  BOOST_TEST(static_cast<std::uint64_t>(found.st_blocks) * 512 < kMost + 16384);
  std::string now = leat::tests::text_of(file);
  BOOST_TEST((now.substr(text.size() - kMost) == text.substr(text.size() - kMost) + "and more"));
  BOOST_TEST(now[0] == '\0');
  BOOST_TEST(keep_last(folder / "none", kMost).ok());
  std::filesystem::create_directory(folder / "sub");
  leat::tests::write_text(folder / "sub/x", "12345");
  BOOST_TEST(bytes_in(folder.path()) == text.size() + 8 + 5);
  BOOST_TEST(bytes_in(folder / "none") == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
