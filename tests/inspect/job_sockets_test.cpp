#include <jobs_of_a_test.hpp>

#include <leat/inspect/inspect_client.hpp>
#include <leat/inspect/job_sockets.hpp>

#include <boost/test/unit_test.hpp>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <algorithm>
#include <fstream>

using namespace leat;
using inspect::JobSocket;
using inspect::connect_to_job;
using inspect::living_jobs;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

mode_t mode_of(const std::filesystem::path& path) {
  struct stat found {};
  BOOST_REQUIRE(::stat(path.c_str(), &found) == 0);
  return found.st_mode & 0777;
}

// A socket whose process has died without taking it away.
void leave_a_dead_one(const std::filesystem::path& folder) {
  pid_t child = ::fork();
  BOOST_REQUIRE(child >= 0);
  if (child == 0) {
    auto socket = JobSocket::claim(folder);
    ::_exit(socket ? 0 : 1);
  }
  int status = 1;
  ::waitpid(child, &status, 0);
  BOOST_REQUIRE(status == 0);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(job_sockets, JobsOfATest)

BOOST_AUTO_TEST_CASE(only_their_user_can_reach_them) {
  auto socket = JobSocket::claim(folder);
  BOOST_REQUIRE(socket);
  BOOST_TEST(mode_of(folder) == 0700u);
  BOOST_TEST(mode_of(folder / "1.socket") == 0600u);
}

BOOST_AUTO_TEST_CASE(a_number_is_never_given_twice) {
  auto first = JobSocket::claim(folder);
  BOOST_REQUIRE(first);
  BOOST_TEST(first->number() == 1u);
  {
    auto second = JobSocket::claim(folder);
    BOOST_REQUIRE(second);
    BOOST_TEST(second->number() == 2u);
  }
  BOOST_TEST(!std::filesystem::exists(folder / "2.socket"));
  auto third = JobSocket::claim(folder);
  BOOST_REQUIRE(third);
  BOOST_TEST(third->number() == 3u);
  BOOST_TEST((*living_jobs(folder) == std::vector<inspect::JobNumber>{1, 3}));
}

BOOST_AUTO_TEST_CASE(a_lost_count_of_numbers_is_taken_up_from_the_sockets) {
  auto first = JobSocket::claim(folder);
  BOOST_REQUIRE(first);
  std::ofstream(folder / "last") << "nonsense";
  auto second = JobSocket::claim(folder);
  BOOST_REQUIRE(second);
  BOOST_TEST(second->number() == 2u);
}

BOOST_AUTO_TEST_CASE(the_socket_of_a_dead_process_is_said_and_taken_away) {
  leave_a_dead_one(folder);
  BOOST_REQUIRE(std::filesystem::exists(folder / "1.socket"));
  auto connected = connect_to_job(folder, 1);
  BOOST_REQUIRE(!connected);
  BOOST_TEST((connected.error().kind == ErrorKind::disconnected));
  BOOST_TEST(has(connected.error().sentence, "its process died"), connected.error().sentence);
  BOOST_TEST(!std::filesystem::exists(folder / "1.socket"));
  leave_a_dead_one(folder);
  BOOST_TEST(living_jobs(folder)->empty());
  BOOST_TEST(!std::filesystem::exists(folder / "2.socket"));
}

BOOST_AUTO_TEST_CASE(a_job_that_is_not_there_is_said_with_those_that_are) {
  auto none = connect_to_job(folder, 7);
  BOOST_REQUIRE(!none);
  BOOST_TEST(none.error().sentence == "there is no job 7: no job runs here");
  auto one = server();
  auto other = server();
  BOOST_REQUIRE((one && other));
  auto missing = connect_to_job(folder, 7);
  BOOST_REQUIRE(!missing);
  BOOST_TEST((missing.error().kind == ErrorKind::invalid));
  BOOST_TEST(missing.error().sentence == "there is no job 7: those that run here are 1, 2");
}

BOOST_AUTO_TEST_CASE(a_path_may_be_longer_than_an_address) {
  auto deep = root / std::string(120, 'a') / "jobs";
  auto socket = JobSocket::claim(deep);
  BOOST_REQUIRE(socket);
  BOOST_TEST(living_jobs(deep)->size() == 1u);
}

BOOST_AUTO_TEST_CASE(jobs_of_another_user_are_said_to_be) {
  if (::geteuid() != 0) return;  // nobody else can make another user's folder
  auto socket = JobSocket::claim(folder);
  BOOST_REQUIRE(socket);
  BOOST_REQUIRE(::chown(folder.c_str(), 65534, 65534) == 0);
  auto living = living_jobs(folder);
  BOOST_REQUIRE(!living);
  BOOST_TEST(has(living.error().sentence, "user 65534"), living.error().sentence);
  BOOST_TEST(!connect_to_job(folder, 1));
  BOOST_TEST(!JobSocket::claim(folder));
}

BOOST_AUTO_TEST_CASE(many_that_claim_at_once_have_numbers_of_their_own) {
  constexpr int kMany = 8;
  int said[2];
  BOOST_REQUIRE(::pipe(said) == 0);
  for (int i = 0; i < kMany; ++i) {
    if (::fork() != 0) continue;
    auto socket = JobSocket::claim(folder);
    auto number = socket ? socket->number() : 0;
    [[maybe_unused]] auto put = ::write(said[1], &number, sizeof number);
    ::_exit(0);
  }
  std::vector<inspect::JobNumber> numbers(kMany);
  for (auto& number : numbers) BOOST_REQUIRE(::read(said[0], &number, sizeof number) == sizeof number);
  for (int i = 0; i < kMany; ++i) ::wait(nullptr);
  ::close(said[0]), ::close(said[1]);
  std::sort(numbers.begin(), numbers.end());
  BOOST_TEST(numbers == (std::vector<inspect::JobNumber>{1, 2, 3, 4, 5, 6, 7, 8}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
