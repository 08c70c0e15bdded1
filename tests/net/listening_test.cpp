#include <future>
#include <thread>

#include <sys/resource.h>

#include <leat/net/listening.hpp>

#include "two_nodes.hpp"

using namespace leat;

namespace {

// No new descriptors in this process, as long as it lives.
class NoDescriptors {
 public:
  NoDescriptors() {
    BOOST_REQUIRE(::getrlimit(RLIMIT_NOFILE, &before_) == 0);
    rlimit none{0, before_.rlim_max};
    BOOST_REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
  }
  ~NoDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

// Clang builds the suite with a check of types that opens pipes to look at objects.
#ifdef __clang__
constexpr bool kNeedsDescriptors = true;
#else
constexpr bool kNeedsDescriptors = false;
#endif

}  // namespace

BOOST_AUTO_TEST_SUITE(listening)

BOOST_AUTO_TEST_CASE(who_comes_while_there_are_no_descriptors_is_taken_once_there_are) {
  BOOST_WARN_MESSAGE(!kNeedsDescriptors, "skipped: the check of types needs descriptors");
  if (kNeedsDescriptors) return;
  testing::LogLines log;
  asio::io_context io, client_io;
  std::promise<void> taken;
  auto listening = std::make_shared<Listening>(io, std::make_shared<LimitedLog>(io, log.log()), [&](asio::ip::tcp::socket) { taken.set_value(); });
  auto at = listening->open(Endpoint{});
  BOOST_REQUIRE(at);
  listening->start();
  asio::ip::tcp::socket client(client_io, asio::ip::tcp::v4());
  std::thread thread([&] { io.run(); });
  auto future = taken.get_future();
  {
    NoDescriptors none;
    client.connect({asio::ip::make_address(at->host), at->port});
    BOOST_TEST(log.await("warning connection not accepted reason=Too many open files"));
  }
  BOOST_TEST((future.wait_for(std::chrono::seconds(20)) == std::future_status::ready));
  asio::post(io, [&] { listening->close(); });
  thread.join();
}

BOOST_AUTO_TEST_CASE(what_is_closed_takes_nobody) {
  asio::io_context io;
  auto listening = std::make_shared<Listening>(io, std::make_shared<LimitedLog>(io, Log()), [](asio::ip::tcp::socket) { BOOST_ERROR("taken"); });
  auto at = listening->open(Endpoint{});
  BOOST_REQUIRE(at);
  listening->start();
  asio::io_context client_io;
  asio::ip::tcp::socket client(client_io);
  client.connect({asio::ip::make_address(at->host), at->port});
  listening->close();
  io.run();
}

BOOST_AUTO_TEST_SUITE_END()
