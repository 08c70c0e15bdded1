#include <boost/test/unit_test.hpp>

#include <leat/gateway/token_bucket.hpp>
#include <leat/gateway/tokens.hpp>

#include <filesystem>
#include <fstream>

#include <sys/stat.h>

#include "support/folder.hpp"

using namespace leat;
using namespace std::chrono_literals;

namespace {

constexpr auto kNow = Tokens::Clock::time_point(1'000'000s);

std::string refused(const std::string& text) {
  auto made = Tokens::parse(text, "tokens");
  return made ? "taken" : made.error().sentence;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tokens)

BOOST_AUTO_TEST_CASE(a_file_is_made_that_only_its_owner_reads_and_read_again) {
  leat::tests::Folder folder;
  auto file = std::filesystem::path(folder / "tokens");
  BOOST_REQUIRE(Tokens::open(file));
  struct stat found {};
  BOOST_REQUIRE(::stat(file.c_str(), &found) == 0);
  BOOST_TEST((found.st_mode & 0777) == 0600u);
  std::ifstream lines(file);
  std::string line;
  std::getline(lines, line);
  std::getline(lines, line);
  auto again = Tokens::open(file);
  BOOST_REQUIRE(again);
  auto who = (*again)->by_token(line.substr(line.rfind(' ') + 1));
  BOOST_REQUIRE(who);
  BOOST_TEST((who->name == "admin" && who->role == Role::admin));
  ::chmod(file.c_str(), 0644);
  BOOST_TEST(!Tokens::open(file).ok());
}

BOOST_AUTO_TEST_CASE(lines_that_are_none_are_named) {
  BOOST_TEST(refused("anna run 0123456789abcdef\n") == "taken");
  BOOST_TEST(refused("anna run\n").find("tokens:1:") == 0u);
  BOOST_TEST(refused("# nobody\n").find("no token") != std::string::npos);
  BOOST_TEST(refused("# a\nanna king 0123456789abcdef\n").find("tokens:2: there is no role king") == 0u);
  BOOST_TEST(refused("anna run 0123456789abcdef jobs=10 cpu=3600 bytes=10GiB # a line\n") == "taken");
  BOOST_TEST(refused("# a\nanna run 0123456789abcdef jobs=ten\n").find("tokens:2: jobs=ten is no quota") == 0u);
  BOOST_TEST(refused("anna run 0123456789abcdef more\n").find("tokens:1: there is no quota more") == 0u);
  BOOST_TEST(refused("anna run 0123456789abcdef jobs=1\nanna run 0123456789abcdeg jobs=2\n").find("tokens:2: jobs=2: it is there already") == 0u);
  BOOST_TEST(refused("anna run short\n").find("guessed") != std::string::npos);
  BOOST_TEST(refused("anna run 0123456789abcdef\nbert run 0123456789abcdef\n").find("there already") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_quota_is_that_of_a_name) {
  auto made = Tokens::parse("anna run 0123456789abcdef jobs=2\nanna run 0123456789abcdeg cpu=1.5\nbert run 0123456789abcdeh\n", "tokens");
  Quota anna = (*made)->quota_of("anna");
  BOOST_TEST((anna.jobs == 2u && anna.cpu == 1.5 && !anna.bytes));
  BOOST_TEST((*made)->quota_of("bert").none());
  BOOST_TEST((*made)->quota_of("nobody").none());
}

BOOST_AUTO_TEST_CASE(a_link_is_good_once_and_not_for_long) {
  auto made = Tokens::parse("anna run 0123456789abcdef\n", "tokens");
  Tokens& tokens = **made;
  auto link = tokens.link({"anna", Role::run}, 60s, kNow);
  BOOST_TEST(!tokens.by_token(link, kNow));
  auto session = tokens.begin_session(link, kNow + 59s);
  BOOST_REQUIRE(session);
  BOOST_TEST(!tokens.begin_session(link, kNow + 59s));
  BOOST_TEST(tokens.by_session(*session, kNow + 1h)->name == "anna");
  BOOST_TEST(!tokens.by_session(*session, kNow + 13h));
  BOOST_TEST(!tokens.begin_session(tokens.link({"anna", Role::run}, 60s, kNow), kNow + 61s));
  tokens.end_session(*session);
  BOOST_TEST(!tokens.by_session(*session, kNow + 1h));
}

BOOST_AUTO_TEST_CASE(a_session_is_known_after_a_restart_as_long_as_its_token_is_there) {
  leat::tests::Folder folder;
  auto file = std::filesystem::path(folder / "sessions");
  auto begun = [&](const std::string& tokens, std::chrono::system_clock::time_point now) {
    auto made = Tokens::parse(tokens, "tokens");
    BOOST_REQUIRE((*made)->keep_sessions(file, now));
    return std::move(*made);
  };
  auto first = begun("anna run 0123456789abcdef\nbert read 0123456789abcdeg\n", kNow);
  auto one = first->begin_session(first->link({"anna", Role::run}, 60s, kNow), kNow);
  auto other = first->begin_session(first->link({"bert", Role::read}, 60s, kNow + 1h), kNow + 1h);
  BOOST_REQUIRE((one && other));
  auto again = begun("anna run 0123456789abcdeh\nbert read 0123456789abcdeg\n", kNow + 2h);
  BOOST_TEST((again->by_session(*one, kNow + 2h)->role == Role::run));
  BOOST_TEST(!again->by_session(*one, kNow + 12h));
  again->end_session(*one);
  auto later = begun("anna run 0123456789abcdef\nbert run 0123456789abcdeg\n", kNow + 2h);
  BOOST_TEST(!later->by_session(*one, kNow + 2h));
  BOOST_TEST(!later->by_session(*other, kNow + 2h));  // there is no bert who reads any more
  std::ofstream(file) << "short anna run 99999999999\n0123456789abcdefgh anna run soon\n\n0123456789abcdefgh anna run 99999999999\n";
  auto odd = begun("anna run 0123456789abcdef\n", kNow);
  BOOST_TEST(!odd->by_session("0123456789abcdefgh", kNow));  // longer than any is given
}

BOOST_AUTO_TEST_CASE(what_is_lent_reads_and_ends) {
  auto made = Tokens::parse("anna run 0123456789abcdef\n", "tokens");
  auto lent = (*made)->lend("guest", 1h, kNow);
  BOOST_TEST(((*made)->by_token(lent, kNow)->role == Role::read));
  BOOST_TEST(!(*made)->by_token(lent, kNow + 1h));
}

BOOST_AUTO_TEST_CASE(a_link_that_was_lent_is_good_for_many_until_it_ends) {
  auto made = Tokens::parse("anna run 0123456789abcdef\n", "tokens");
  Tokens& tokens = **made;
  auto lent = tokens.lend("guest of anna", 2h, kNow);
  auto one = tokens.begin_lent_session(lent, kNow), other = tokens.begin_lent_session(lent, kNow + 1h);
  BOOST_REQUIRE((one && other));
  auto who = tokens.by_session(other->session, kNow + 1h);
  BOOST_REQUIRE(who);
  BOOST_TEST((who->role == Role::read && who->until == kNow + 2h && other->until == kNow + 2h));
  tokens.end_session(one->session);
  BOOST_TEST(!tokens.by_session(one->session, kNow + 1h));
  BOOST_TEST(tokens.by_session(other->session, kNow + 2h - 1s).has_value());
  BOOST_TEST(!tokens.by_session(other->session, kNow + 2h));
  BOOST_TEST(!tokens.begin_lent_session(lent, kNow + 2h));
  BOOST_TEST(!tokens.begin_lent_session("0123456789abcdef", kNow));
}

BOOST_AUTO_TEST_CASE(however_often_a_lent_link_is_opened_others_stay_known) {
  auto made = Tokens::parse("anna run 0123456789abcdef\n", "tokens");
  Tokens& tokens = **made;
  auto session = tokens.begin_session(tokens.link({"anna", Role::run}, 60s, kNow), kNow);
  auto lent = tokens.lend("guest of anna", 2h, kNow);
  for (std::size_t i = 0; i <= Tokens::kMostSessions; ++i) BOOST_REQUIRE(tokens.begin_lent_session(lent, kNow));
  BOOST_TEST(tokens.by_session(*session, kNow).has_value());
}

BOOST_AUTO_TEST_CASE(a_rate_is_held_and_a_burst_is_let_through) {
  TokenBucket bucket(10, 3);
  auto now = TokenBucket::Clock::time_point(1s);
  for (int i = 0; i < 3; ++i) BOOST_TEST(bucket.take(now));
  BOOST_TEST(!bucket.take(now));
  BOOST_TEST(bucket.wait(now) == 0.1, boost::test_tools::tolerance(1e-9));
  BOOST_TEST(bucket.take(now + 101ms));
  BOOST_TEST(!bucket.take(now + 102ms));
  BOOST_TEST(bucket.full(now + 10s));
}

BOOST_AUTO_TEST_SUITE_END()
