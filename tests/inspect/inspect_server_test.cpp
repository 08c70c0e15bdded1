#include <jobs_of_a_test.hpp>

#include <leat/inspect/inspect_client.hpp>
#include <leat/inspect/process_threads.hpp>

#include <boost/test/unit_test.hpp>

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <condition_variable>
#include <mutex>
#include <thread>

using namespace leat;
using inspect::InspectClient;
using inspect::InspectServer;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::size_t descriptors() {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {}));
}

// What is answered to these bytes, up to the end of the connection.
std::string raw(const std::filesystem::path& folder, const std::string& bytes) {
  auto socket = inspect::connect_to_job(folder, 1);
  BOOST_REQUIRE(socket);
  for (std::size_t done = 0; done < bytes.size();) {
    pollfd one{socket->get(), POLLOUT, 0};
    ::poll(&one, 1, 20'000);
    auto put = ::send(socket->get(), bytes.data() + done, bytes.size() - done, MSG_NOSIGNAL);
    if (put <= 0) break;
    done += static_cast<std::size_t>(put);
  }
  ::shutdown(socket->get(), SHUT_WR);
  std::string said;
  char some[4096];
  for (pollfd one{socket->get(), POLLIN, 0}; ::poll(&one, 1, 20'000) > 0;) {
    auto got = ::recv(socket->get(), some, sizeof some, 0);
    if (got <= 0) break;
    said.append(some, static_cast<std::size_t>(got));
  }
  return said;
}

// Until it has so many, as one more question shows.
void settle(const InspectServer& server, InspectClient& client, std::size_t connections) {
  for (int i = 0; i < 10'000 && server.connections() != connections; ++i) BOOST_REQUIRE(client.ask({"describe"}));
  BOOST_TEST(server.connections() == connections);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(inspect_server, JobsOfATest)

BOOST_AUTO_TEST_CASE(questions_are_answered_one_after_the_other) {
  auto open = server("here");
  BOOST_REQUIRE(open);
  auto client = InspectClient::connect(folder, open->number());
  BOOST_REQUIRE(client);
  BOOST_TEST(client->pid() == ::getpid());
  for (int i = 0; i < 3; ++i) {
    auto answer = client->ask({"describe"});
    BOOST_REQUIRE(answer);
    BOOST_TEST(has(*answer, "\"note\":\"here\""));
  }
  BOOST_TEST(client->ask({"refuse"}).error().sentence == "not that");
  BOOST_TEST(!client->ask({"throw"}));
  BOOST_TEST(bool(client->ask({"describe"})));
}

BOOST_AUTO_TEST_CASE(a_long_answer_comes_whole) {
  std::string note(3 << 20, 'x');
  auto open = server(note);
  BOOST_REQUIRE(open);
  auto client = InspectClient::connect(folder, open->number());
  BOOST_REQUIRE(client);
  auto answer = client->ask({"dump"}, std::chrono::seconds(20));
  BOOST_REQUIRE(answer);
  BOOST_TEST(answer->size() > note.size());
}

BOOST_AUTO_TEST_CASE(what_is_no_question_or_of_another_version_ends_the_connection_with_a_sentence) {
  auto open = server();
  BOOST_REQUIRE(open);
  BOOST_TEST(has(raw(folder, "GET / HTTP/1.1\r\n\r\n"), "comes from another program"));
  std::string newer = raw(folder, "{\"type\":\"question\",\"version\":9,\"verb\":\"dump\"}\n");
  BOOST_TEST(has(newer, "version 9"), newer);
  BOOST_TEST(has(raw(folder, std::string(inspect::kMostQuestion * 2, 'x')), "longer than 65536 bytes"));
  BOOST_TEST(raw(folder, "") == "");
  auto client = InspectClient::connect(folder, open->number());
  BOOST_REQUIRE(client);
  settle(*open, *client, 1);
}

BOOST_AUTO_TEST_CASE(watchers_that_are_gone_leave_no_descriptor_and_no_thread) {
  auto open = server();
  BOOST_REQUIRE(open);
  auto client = InspectClient::connect(folder, open->number());
  BOOST_REQUIRE(client);
  settle(*open, *client, 1);
  std::size_t files = descriptors(), threads = inspect::process_threads().size();
  {
    std::vector<InspectClient> watchers;
    for (int i = 0; i < 20; ++i) {
      auto watcher = InspectClient::connect(folder, open->number());
      BOOST_REQUIRE(watcher);
      BOOST_REQUIRE(watcher->ask({"snapshot"}));
      watchers.push_back(std::move(*watcher));
    }
    settle(*open, *client, 21);
    BOOST_TEST(descriptors() > files);
    BOOST_TEST(inspect::process_threads().size() == threads);
  }
  settle(*open, *client, 1);
  BOOST_TEST(descriptors() == files);
  BOOST_TEST(inspect::process_threads().size() == threads);
}

BOOST_AUTO_TEST_CASE(of_too_many_connections_the_quietest_goes) {
  auto open = server();
  BOOST_REQUIRE(open);
  std::vector<InspectClient> all;
  for (std::size_t i = 0; i < InspectServer::kMostConnections + 1; ++i) {
    auto client = InspectClient::connect(folder, open->number());
    BOOST_REQUIRE(client);
    BOOST_REQUIRE(client->ask({"describe"}));
    all.push_back(std::move(*client));
  }
  BOOST_TEST(open->connections() == InspectServer::kMostConnections);
  auto gone = all.front().ask({"describe"});
  BOOST_REQUIRE(!gone);
  BOOST_TEST(bool(all.back().ask({"describe"})));
}

BOOST_AUTO_TEST_CASE(a_call_is_made_on_the_servers_thread_once_it_is_due) {
  auto open = server();
  BOOST_REQUIRE(open);
  std::mutex mutex;
  std::condition_variable called;
  std::thread::id where;
  std::unique_lock lock(mutex);
  open->after(std::chrono::milliseconds(5), [&] {
    std::lock_guard other(mutex);
    where = std::this_thread::get_id();
    called.notify_all();
  });
  BOOST_TEST(called.wait_for(lock, std::chrono::seconds(60), [&] { return where != std::thread::id(); }));
  BOOST_TEST((where != std::this_thread::get_id()));
}

BOOST_AUTO_TEST_CASE(another_user_is_refused_even_where_files_are_open) {
  if (::geteuid() != 0) return;  // nobody else can become another user
  auto open = server();
  BOOST_REQUIRE(open);
  for (const auto& path : {root, folder, folder / "1.socket"}) BOOST_REQUIRE(::chmod(path.c_str(), 0777) == 0);
  pid_t child = ::fork();
  if (child == 0) {
    int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    std::string path = (folder / "1.socket").string();
    path.copy(at.sun_path, sizeof at.sun_path - 1);
    if (::setuid(65534) != 0 || ::connect(socket, reinterpret_cast<sockaddr*>(&at), sizeof at) != 0) ::_exit(2);
    char said[512] = {};
    [[maybe_unused]] auto got = ::read(socket, said, sizeof said - 1);
    ::_exit(has(said, "another user") ? 0 : 1);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  BOOST_TEST(status == 0);
}

BOOST_AUTO_TEST_SUITE_END()
