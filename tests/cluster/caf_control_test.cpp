#include <csignal>
#include <cstdlib>
#include <deque>
#include <fstream>
#include <optional>
#include <set>
#include <sstream>

#include <sys/prctl.h>
#include <sys/wait.h>

#include <boost/test/unit_test.hpp>
#include <spawn.h>
#include <unistd.h>

#include <leat/cluster/control_plane.hpp>

#include "net/proxy_fixture.hpp"

extern char** environ;

namespace leat::tests {
namespace {

using std::chrono::milliseconds;

ControlBytes bytes(const std::string& text) {
  auto* first = reinterpret_cast<const std::byte*>(text.data());
  return {first, first + text.size()};
}
std::string text(const ControlBytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Keeps what happens until a test asks for it.
class Happenings {
 public:
  ControlEvents events() {
    return {
        .joined = [this](PeerId peer) { add("joined", peer, ""); },
        .message = [this](PeerId peer, const ControlBytes& it) { add("message", peer, text(it)); },
        .gone = [this](PeerId peer, const std::string& why) { add("gone", peer, why); },
        .tick = [this] { add("tick", 0, ""); }};
  }
  struct One {
    std::string what;
    PeerId peer = 0;
    std::string text;
  };
  // The next that is `what`; others before it stay. Empty when none comes within ten seconds.
  std::optional<One> next(const std::string& what, milliseconds within = milliseconds(10000)) {
    std::unique_lock held(mutex_);
    std::optional<One> found;
    changed_.wait_for(held, within, [&] {
      auto at =
          std::find_if(all_.begin(), all_.end(), [&](const One& one) { return one.what == what; });
      if (at == all_.end()) return false;
      found = *at;
      all_.erase(at);
      return true;
    });
    return found;
  }
  std::size_t threads() {
    std::lock_guard held(mutex_);
    return threads_.size();
  }

 private:
  void add(const std::string& what, PeerId peer, const std::string& text) {
    std::lock_guard held(mutex_);
    threads_.insert(std::this_thread::get_id());
    if (what == "tick" && !all_.empty() && all_.back().what == "tick") return;
    all_.push_back({what, peer, text});
    changed_.notify_all();
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<One> all_;
  std::set<std::thread::id> threads_;
};

struct Side {
  Happenings happens;
  std::unique_ptr<ControlPlane> plane;
};

class ControlFixture {
 public:
  ControlFixture() {
    must(make_authority(own / "ca"));
    good = must(make_node_certificate(own / "ca", "node"));
    must(make_authority(own / "other"));
    stranger = must(make_node_certificate(own / "other", "node"));
    coordinator.plane =
        must(listen_control({Endpoint{}, good, log.log()}, coordinator.happens.events()));
    at = coordinator.plane->endpoint();
  }
  ~ControlFixture() {
    for (pid_t child : children)
      ::kill(child, SIGKILL), ::waitpid(child, nullptr, 0);
  }

  std::unique_ptr<Side> join() {
    auto side = std::make_unique<Side>();
    side->plane = must(connect_control({at, good, Log()}, side->happens.events()));
    auto joined = coordinator.happens.next("joined");
    BOOST_REQUIRE(joined);
    last = joined->peer;
    return side;
  }
  // There and back again.
  void talk(PeerId peer, Side& side) {
    side.plane->send(kCoordinator, bytes("up"));
    auto up = coordinator.happens.next("message");
    BOOST_REQUIRE(up);
    BOOST_CHECK_EQUAL(up->peer, peer);
    coordinator.plane->send(peer, bytes("down"));
    BOOST_REQUIRE(side.happens.next("message"));
  }
  // This program again, as another process that joins and stays.
  pid_t join_from_another_process() {
    ::setenv("LEAT_TEST_JOIN", to_string(at).c_str(), 1);
    ::setenv("LEAT_TEST_FOLDER", std::string(own / "ca").c_str(), 1);
    std::string program = std::filesystem::read_symlink("/proc/self/exe");
    std::string which = "--run_test=caf_control/another_process_joins_and_stays";
    char* arguments[] = {program.data(), which.data(), nullptr};
    pid_t child = -1;
    BOOST_REQUIRE_EQUAL(
        ::posix_spawn(&child, program.c_str(), nullptr, nullptr, arguments, environ), 0);
    ::unsetenv("LEAT_TEST_JOIN");
    children.push_back(child);
    auto joined = coordinator.happens.next("joined");
    BOOST_REQUIRE(joined);
    last = joined->peer;
    return child;
  }
  std::string refused(const Endpoint& there, const Credentials& files, int within = 5000) {
    auto result =
        connect_control({there, files, Log(), milliseconds(100), milliseconds(within)}, {});
    BOOST_REQUIRE(!result.ok());
    BOOST_CHECK(result.error().kind == ErrorKind::disconnected);
    return result.error().sentence;
  }

  Folder own;
  Credentials good, stranger;
  RecordedLog log;
  Side coordinator;
  Endpoint at;
  PeerId last = 0;
  std::vector<pid_t> children;
};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

BOOST_AUTO_TEST_SUITE(caf_control)

BOOST_FIXTURE_TEST_CASE(messages_arrive_whole_and_in_order_both_ways, ControlFixture) {
  auto node = join();
  std::vector<std::string> sent;
  for (int i = 0; i < 1000; ++i)
    sent.push_back(std::to_string(i) + std::string(i % 7 * 100, '.'));
  sent.push_back("");
  sent.push_back(std::string(4 << 20, 'x'));
  sent.push_back(std::string("\0\xff\0", 3));
  for (const auto& message : sent) {
    node->plane->send(kCoordinator, bytes(message));
    coordinator.plane->send(last, bytes(message));
  }
  for (const auto& message : sent) {
    auto up = coordinator.happens.next("message");
    auto down = node->happens.next("message");
    BOOST_REQUIRE(up && down);
    BOOST_REQUIRE(up->text == message && up->peer == last);
    BOOST_REQUIRE(down->text == message && down->peer == kCoordinator);
  }
  BOOST_CHECK_EQUAL(coordinator.happens.threads(), 1u);
}

BOOST_FIXTURE_TEST_CASE(each_peer_has_an_id_that_is_never_used_again, ControlFixture) {
  std::vector<std::unique_ptr<Side>> nodes;
  std::vector<PeerId> ids;
  for (int i = 0; i < 4; ++i) {
    nodes.push_back(join());
    ids.push_back(last);
  }
  nodes[1] = nullptr;
  auto gone = coordinator.happens.next("gone");
  BOOST_REQUIRE(gone);
  BOOST_CHECK_EQUAL(gone->peer, ids[1]);
  nodes[1] = join();
  ids.push_back(last);
  BOOST_CHECK_EQUAL(std::set<PeerId>(ids.begin(), ids.end()).size(), 5u);
  BOOST_CHECK(!std::set<PeerId>(ids.begin(), ids.end()).count(kCoordinator));
  talk(last, *nodes[1]);
  talk(ids[3], *nodes[3]);
  BOOST_CHECK(!coordinator.happens.next("gone", milliseconds(0)));
}

BOOST_FIXTURE_TEST_CASE(either_side_learns_that_the_other_is_gone, ControlFixture) {
  auto node = join();
  node = nullptr;
  auto gone = coordinator.happens.next("gone");
  BOOST_REQUIRE(gone);
  BOOST_CHECK_EQUAL(gone->peer, last);
  auto other = join();
  coordinator.plane = nullptr;
  gone = other->happens.next("gone");
  BOOST_REQUIRE(gone);
  BOOST_CHECK_EQUAL(gone->peer, kCoordinator);
  BOOST_CHECK(!gone->text.empty());
  other->plane->send(kCoordinator, bytes("to no one"));
}

BOOST_AUTO_TEST_CASE(
    another_process_joins_and_stays,
    *boost::unit_test::precondition([](auto) -> boost::test_tools::assertion_result {
      return std::getenv("LEAT_TEST_JOIN") != nullptr;  // only for the tests below
    })) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  std::filesystem::path folder = std::getenv("LEAT_TEST_FOLDER");
  Happenings happens;
  auto plane =
      must(connect_control({must(parse_endpoint(std::getenv("LEAT_TEST_JOIN"))),
                            {folder / "node.pem", folder / "node.key", folder / "authority.pem"},
                            Log()},
                           happens.events()));
  happens.next("gone", std::chrono::minutes(5));
}

BOOST_FIXTURE_TEST_CASE(a_killed_process_is_noticed_and_takes_no_other_along, ControlFixture) {
  auto node = join();
  auto id = last;
  for (int i = 0; i < 3; ++i) {
    pid_t child = join_from_another_process();
    ::kill(child, SIGKILL);
    auto gone = coordinator.happens.next("gone");
    BOOST_REQUIRE(gone);
    BOOST_CHECK_EQUAL(gone->peer, last);
    for (int j = 0; j < 20; ++j)
      talk(id, *node);
  }
  BOOST_CHECK(!node->happens.next("gone", milliseconds(0)));
}

BOOST_FIXTURE_TEST_CASE(strangers_are_refused_and_harm_no_one, ControlFixture) {
  auto node = join();
  auto id = last;
  Credentials known_only_to_itself = stranger;
  known_only_to_itself.authority = good.authority;
  BOOST_CHECK(has(refused(at, known_only_to_itself), "it refuses our certificate"));
  BOOST_CHECK(has(refused(at, stranger), "its certificate is refused"));
  BOOST_CHECK(has(refused(at, expired_in(own / "ca")), "it has expired"));
  asio::io_context io;
  asio::ssl::context anonymous(asio::ssl::context::tls);
  Tls nobody(dial(io, at), anonymous);
  error_code error;
  char byte;
  nobody.handshake(Tls::client, error);
  if (!error) nobody.read_some(asio::buffer(&byte, 1), error);
  BOOST_CHECK(error);
  auto plain = dial(io, at);
  asio::write(plain,
              asio::buffer(std::string(32, '\0')));  // the size of a header of CAF's protocol
  BOOST_CHECK(is_closed(plain));
  for (const char* reason : {"shows no certificate", "does not speak TLS", "has expired"}) {
    BOOST_CHECK_MESSAGE(log.comes(reason), log.all());
  }
  for (int i = 0; i < 20; ++i)
    talk(id, *node);
  BOOST_CHECK(!coordinator.happens.next("joined", milliseconds(0)));
  BOOST_CHECK(!coordinator.happens.next("gone", milliseconds(0)));
}

// Whoever reaches CAF without a certificate costs it every healthy connection.
BOOST_FIXTURE_TEST_CASE(it_has_no_port_but_its_front_door, ControlFixture) {
  std::set<std::string> ours;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code gone;
    ours.insert(std::filesystem::read_symlink(entry.path(), gone).string());
  }
  std::set<std::uint16_t> ports;
  for (const char* table : {"/proc/self/net/tcp", "/proc/self/net/tcp6"}) {
    std::ifstream lines(table);
    for (std::string line; std::getline(lines, line);) {
      std::istringstream words(line);
      std::string number, local, remote, state, skipped, inode;
      words >> number >> local >> remote >> state;
      for (int i = 0; i < 5; ++i) words >> skipped;
      words >> inode;
      bool listens = state == "0A" && ours.count("socket:[" + inode + "]") > 0;
      if (listens) ports.insert(static_cast<std::uint16_t>(std::stoul(local.substr(local.find(':') + 1), nullptr, 16)));
    }
  }
  BOOST_CHECK(ports == std::set<std::uint16_t>{at.port});
}

BOOST_FIXTURE_TEST_CASE(what_is_dropped_says_no_more_and_knows_it, ControlFixture) {
  auto node = join();
  coordinator.plane->send(last, bytes("we refuse you"));
  coordinator.plane->drop(last);
  auto message = node->happens.next("message");
  BOOST_REQUIRE(message);
  BOOST_CHECK_EQUAL(message->text, "we refuse you");
  BOOST_REQUIRE(node->happens.next("gone"));
  node->plane->send(kCoordinator, bytes("but"));
  coordinator.plane->send(last, bytes("no"));
  node = nullptr;
  auto other = join();
  talk(last, *other);  // of the first there was nothing: neither its word nor its end
  BOOST_CHECK(!coordinator.happens.next("gone", milliseconds(0)));
}

BOOST_FIXTURE_TEST_CASE(a_plane_that_ends_amid_messages_ends_at_once, ControlFixture) {
  for (int i = 0; i < 10; ++i) {
    auto node = join();
    for (int j = 0; j < i; ++j) {
      coordinator.plane->send(last, bytes("down"));
      node->plane->send(kCoordinator, bytes("up"));
    }
  }
  for (int i = 0; i < 10; ++i) BOOST_CHECK(coordinator.happens.next("gone"));
}

BOOST_FIXTURE_TEST_CASE(ticks_come_on_both_sides, ControlFixture) {
  auto node = join();
  for (int i = 0; i < 3; ++i) {
    BOOST_CHECK(node->happens.next("tick"));
    BOOST_CHECK(coordinator.happens.next("tick"));
  }
}

BOOST_FIXTURE_TEST_CASE(certificates_may_be_removed_once_it_listens, ControlFixture) {
  auto node = join();
  auto kept = good;
  must(make_node_certificate(own / "ca", "later"));
  good = {own / "ca/later.pem", own / "ca/later.key", good.authority};
  std::filesystem::remove(kept.certificate);
  std::filesystem::remove(kept.key);
  auto later = join();
  talk(last, *later);
}

BOOST_FIXTURE_TEST_CASE(who_cannot_connect_is_told_why, ControlFixture) {
  asio::io_context io;
  tcp::acceptor mute(io);
  auto nobody = must(listen(mute, Endpoint{}));
  BOOST_CHECK(
      has(refused(nobody, good, 200), to_string(nobody) + ": it did not answer within 200 ms"));
  mute.close();
  BOOST_CHECK(has(refused(nobody, good), to_string(nobody) + ": nothing listens there"));
  EchoService other;
  TlsProxy::Options no_coordinator;
  no_coordinator.inside = other.inside.way();
  no_coordinator.credentials = good;
  auto proxy = must(TlsProxy::open(no_coordinator));
  BOOST_CHECK(has(refused(proxy->endpoint(), good, 2000), to_string(proxy->endpoint()) + ": it "));
  auto result = connect_control({at, {own / "no.pem", own / "no.key", own / "no.ca"}, Log()}, {});
  BOOST_REQUIRE(!result.ok());
  BOOST_CHECK(result.error().kind == ErrorKind::invalid);
}

BOOST_FIXTURE_TEST_CASE(what_cannot_listen_says_why, ControlFixture) {
  auto second = listen_control({at, good, Log()}, {});
  BOOST_REQUIRE(!second.ok());
  BOOST_CHECK(second.error().kind == ErrorKind::failed);
  BOOST_CHECK(has(second.error().sentence, "Address already in use"));
  auto bare = listen_control({Endpoint{}, Credentials{}, Log()}, ControlEvents{});
  BOOST_REQUIRE(!bare.ok());
  BOOST_CHECK(bare.error().kind == ErrorKind::invalid);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace leat::tests
