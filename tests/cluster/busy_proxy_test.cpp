// A proxy that has no place now is tried again; one that refuses is not.
#include <atomic>
#include <thread>

#include <boost/test/unit_test.hpp>

#include <leat/cluster/control_plane.hpp>

#include "net/proxy_fixture.hpp"

namespace leat::tests {
namespace {

using asio::ip::tcp;
using boost::system::error_code;

// Hangs up on the first that come, as a full proxy does; the others meet who is behind it.
class BusyProxy {
 public:
  BusyProxy(int full_for, const Endpoint& behind) : full_for_(full_for), behind_(behind) {
    thread_ = std::thread([this] { io_.run(); });
    asio::post(io_, [this] { accept(); });
  }
  ~BusyProxy() {
    io_.stop();
    thread_.join();
  }
  Endpoint at() const { return {"127.0.0.1", acceptor_.local_endpoint().port()}; }
  int came() const { return came_; }

 private:
  struct Way : std::enable_shared_from_this<Way> {
    explicit Way(asio::io_context& io) : here(io), there(io) {}
    void pump(tcp::socket& from, tcp::socket& to, std::array<char, 16384>& some) {
      from.async_read_some(asio::buffer(some), [self = shared_from_this(), &from, &to, &some](error_code no, auto n) {
        if (no) return self->close();
        asio::async_write(to, asio::buffer(some, n), [self, &from, &to, &some](error_code no, auto) {
          if (no) return self->close();
          self->pump(from, to, some);
        });
      });
    }
    void close() {
      error_code ignored;
      here.close(ignored);
      there.close(ignored);
    }
    tcp::socket here, there;
    std::array<char, 16384> up{}, down{};
  };

  void accept() {
    auto way = std::make_shared<Way>(io_);
    acceptor_.async_accept(way->here, [this, way](error_code no) {
      if (no) return;
      if (++came_ > full_for_) {
        way->there.connect({asio::ip::make_address("127.0.0.1"), behind_.port}, no);
        way->pump(way->here, way->there, way->up);
        way->pump(way->there, way->here, way->down);
      }
      accept();
    });
  }

  asio::io_context io_;
  asio::executor_work_guard<asio::io_context::executor_type> work_{io_.get_executor()};
  tcp::acceptor acceptor_{io_, {asio::ip::make_address("127.0.0.1"), 0}};
  int full_for_;
  Endpoint behind_;
  std::atomic<int> came_{0};
  std::thread thread_;
};

struct Fixture {
  Fixture() {
    must(make_authority(own / "ca"));
    good = must(make_node_certificate(own / "ca", "node"));
    must(make_authority(own / "other"));
    stranger = must(make_node_certificate(own / "other", "node"));
    plane = must(listen_control({Endpoint{}, good, Log()}, {}));
  }
  Result<std::unique_ptr<ControlPlane>> connect(const Endpoint& at, const Credentials& files, int within) {
    return connect_control({at, files, log.log(), std::chrono::milliseconds(100), std::chrono::milliseconds(within)}, {});
  }

  Folder own;
  Credentials good, stranger;
  RecordedLog log;
  std::unique_ptr<ControlPlane> plane;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(busy_proxy, Fixture)

BOOST_AUTO_TEST_CASE(who_finds_no_place_tries_again_and_says_so_once) {
  BusyProxy proxy(5, plane->endpoint());
  auto met = connect(proxy.at(), good, 20000);
  BOOST_TEST(met.ok(), (met ? "" : met.error().sentence));
  BOOST_TEST(proxy.came() >= 7);  // the last preflight, and who comes in
  BOOST_TEST(log.lines_with("waiting for a place at the coordinator") == 1u);
}

BOOST_AUTO_TEST_CASE(a_door_that_stays_full_is_given_up_in_time) {
  BusyProxy proxy(1'000'000, plane->endpoint());
  auto met = connect(proxy.at(), good, 600);
  BOOST_REQUIRE(!met.ok());
  BOOST_TEST((met.error().kind == ErrorKind::disconnected));
  BOOST_TEST(proxy.came() > 1);
}

BOOST_AUTO_TEST_CASE(who_is_refused_does_not_try_again) {
  BusyProxy proxy(0, plane->endpoint());
  auto met = connect(proxy.at(), stranger, 20000);
  BOOST_REQUIRE(!met.ok());
  BOOST_TEST(met.error().sentence.find("refuse") != std::string::npos, met.error().sentence);
  BOOST_TEST(proxy.came() == 1);
}

BOOST_AUTO_TEST_CASE(where_nobody_listens_nobody_waits) {
  Endpoint gone = BusyProxy(0, plane->endpoint()).at();
  auto met = connect(gone, good, 20000);
  BOOST_REQUIRE(!met.ok());
  BOOST_TEST(met.error().sentence.find("nothing listens there") != std::string::npos, met.error().sentence);
  BOOST_TEST(log.lines_with("waiting") == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace leat::tests
