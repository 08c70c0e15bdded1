#include <boost/test/unit_test.hpp>

#include <leat/net/http_server.hpp>

#include <future>
#include <string>
#include <thread>

#include "net/proxy_fixture.hpp"

namespace leat::tests {
namespace {

using Exchange = std::shared_ptr<HttpExchange>;

std::string get(const std::string& path, const std::string& more = "Connection: close\r\n") {
  return "GET " + path + " HTTP/1.1\r\nHost: here\r\n" + more + "\r\n";
}

const std::string kUpgrade =
    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n";

// Frames as a client sends them, masked with zeros, which leaves the text as it is.
std::string frame(char kind, const std::string& text) {
  return std::string{static_cast<char>(0x80 | kind), static_cast<char>(0x80 | text.size()), 0, 0, 0, 0} + text;
}

// Says back what it hears, until it hears "end".
void echo(const Exchange& one) {
  auto socket = std::make_shared<std::shared_ptr<WebSocket>>();
  WebSocketEvents events;
  events.message = [socket](std::string text, bool) {
    if (text == "end") return (*socket)->close("as asked");
    (*socket)->send(std::make_shared<const std::string>("you said " + text));
  };
  one->upgrade(events, "", [socket](std::shared_ptr<WebSocket> opened) { *socket = std::move(opened); });
}

template <class Stream>
std::string rest(Stream& stream) {
  std::string heard;
  error_code error;
  asio::read(stream, asio::dynamic_buffer(heard), error);
  return heard;
}

class StreamFixture {
 public:
  Endpoint serve(std::function<void(Exchange)> by, bool encrypted = false) {
    HttpServer::Options options;
    if (encrypted) {
      must(make_authority(own / "ca"));
      options.tls = must(make_node_certificate(own / "ca", "node"));
    }
    options.serve = std::move(by);
    options.log = log.log();
    server = must(HttpServer::open(std::move(options)));
    return server->endpoint();
  }
  Tls encrypted(const Endpoint& at) {
    Tls stream(dial(io, at), context);
    stream.handshake(Tls::client);
    return stream;
  }

  Folder own;
  RecordedLog log;
  asio::io_context io;
  asio::ssl::context context{asio::ssl::context::tls_client};
  std::unique_ptr<HttpServer> server;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(http_stream, StreamFixture)

BOOST_AUTO_TEST_CASE(who_hangs_up_while_it_waits_is_known_to_have_left) {
  std::promise<Exchange> asked;
  Endpoint at = serve([&](Exchange one) {
    one->watch();
    asked.set_value(std::move(one));
  });
  auto client = dial(io, at);
  asio::write(client, asio::buffer(get("/")));
  Exchange exchange = asked.get_future().get();
  BOOST_TEST(!exchange->left());
  client.close();
  while (!exchange->left()) std::this_thread::yield();
}

BOOST_AUTO_TEST_CASE(who_asks_again_while_it_waits_has_not_left) {
  std::promise<Exchange> asked;
  bool first = true;
  Endpoint at = serve([&](Exchange one) {
    if (!std::exchange(first, false)) return one->answer({.body = "second"});
    one->watch();
    asked.set_value(std::move(one));
  });
  auto client = dial(io, at);
  asio::write(client, asio::buffer(get("/", "")));
  Exchange exchange = asked.get_future().get();
  asio::write(client, asio::buffer(get("/")));
  exchange->answer({.body = "first"});
  std::string heard = rest(client);
  BOOST_TEST(heard.find("first") < heard.find("second"), heard);
  BOOST_TEST(heard.find("second") != std::string::npos, heard);
}

BOOST_AUTO_TEST_CASE(a_frame_that_comes_with_its_handshake_is_heard) {
  Endpoint at = serve(echo);
  auto client = dial(io, at);
  asio::write(client, asio::buffer(get("/", kUpgrade) + frame(1, "early") + frame(1, "end") + frame(8, "\x03\xe8")));
  std::string heard = rest(client);
  BOOST_TEST(heard.find("you said early") != std::string::npos, heard);
}

BOOST_AUTO_TEST_CASE(all_of_it_goes_over_tls) {
  Endpoint at = serve(
      [](const Exchange& one) {
        if (one->request().target == "/ws") return echo(one);
        std::string large(300'000, one->request().encrypted ? 'e' : 'p');
        read_body(one, 1 << 20, [one, large](Result<std::string> body) { one->answer({.body = *body + large}); });
      },
      true);
  auto client = encrypted(at);
  std::string body(200'000, 'b');
  asio::write(client, asio::buffer("POST / HTTP/1.1\r\nHost: here\r\nConnection: close\r\nContent-Length: 200000\r\n\r\n" + body));
  std::string heard = rest(client);
  BOOST_REQUIRE(heard.size() > 500'000u);
  BOOST_TEST((heard.substr(heard.size() - 500'000) == body + std::string(300'000, 'e')));
  auto socket = encrypted(at);
  asio::write(socket, asio::buffer(get("/ws", kUpgrade) + frame(1, "hello") + frame(1, "end") + frame(8, "\x03\xe8")));
  heard = rest(socket);
  BOOST_TEST(heard.find("you said hello") != std::string::npos, heard);
  BOOST_TEST(heard.find("as asked") != std::string::npos, heard);
}

BOOST_AUTO_TEST_CASE(who_speaks_no_tls_is_refused_and_logged) {
  Endpoint at = serve([](const Exchange& one) { one->answer({}); }, true);
  auto client = dial(io, at);
  asio::write(client, asio::buffer(get("/")));
  rest(client);
  BOOST_CHECK_MESSAGE(log.comes("request refused"), log.all());
}

BOOST_AUTO_TEST_CASE(who_says_more_while_it_waits_and_hangs_up_has_left) {
  std::promise<Exchange> asked;
  Endpoint at = serve([&](Exchange one) {
    one->watch();
    asked.set_value(std::move(one));
  });
  auto client = dial(io, at);
  asio::write(client, asio::buffer(get("/") + get("/next")));
  Exchange exchange = asked.get_future().get();
  asio::write(client, asio::buffer(std::string("more")));
  client.close();
  while (!exchange->left()) std::this_thread::yield();
}

BOOST_AUTO_TEST_CASE(one_who_waits_over_tls_and_says_goodbye_has_left) {
  std::promise<Exchange> asked;
  Endpoint at = serve(
      [&](Exchange one) {
        one->watch();
        asked.set_value(std::move(one));
      },
      true);
  auto client = encrypted(at);
  asio::write(client, asio::buffer(get("/")));
  Exchange exchange = asked.get_future().get();
  ::SSL_shutdown(client.native_handle());
  client.lowest_layer().close();
  while (!exchange->left()) std::this_thread::yield();
}

BOOST_AUTO_TEST_CASE(one_who_waits_over_tls_and_hangs_up_has_left) {
  std::promise<Exchange> asked;
  Endpoint at = serve(
      [&](Exchange one) {
        one->watch();
        asked.set_value(std::move(one));
      },
      true);
  auto client = encrypted(at);
  asio::write(client, asio::buffer(get("/")));
  Exchange exchange = asked.get_future().get();
  client.lowest_layer().close();
  while (!exchange->left()) std::this_thread::yield();
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace leat::tests
