#include <leat/net/http_endpoint.hpp>

#include <leat/net/asio.hpp>

#include <boost/test/unit_test.hpp>

using namespace leat;
using asio::ip::tcp;

namespace {

std::unique_ptr<HttpEndpoint> opened() {
  HttpEndpoint::Options options;
  options.paths["/livez"] = [] { return HttpAnswer{200, "text/plain", "ok\n"}; };
  options.paths["/readyz"] = [] { return HttpAnswer{503, "text/plain", "not ready\n"}; };
  return HttpEndpoint::open(std::move(options)).value();
}

struct Client {
  explicit Client(const HttpEndpoint& to) : socket(io) {
    socket.connect({asio::ip::make_address(to.endpoint().host), to.endpoint().port});
  }
  void say(const std::string& words) {
    boost::system::error_code ignored;
    asio::write(socket, asio::buffer(words), ignored);
  }
  std::string rest() {
    std::string all;
    boost::system::error_code end;
    asio::read(socket, asio::dynamic_buffer(all), end);
    return all;
  }
  asio::io_context io;
  tcp::socket socket;
};

std::string answer(const HttpEndpoint& to, const std::string& request) {
  Client client(to);
  client.say(request);
  return client.rest();
}

bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

BOOST_AUTO_TEST_SUITE(http_endpoint)

BOOST_AUTO_TEST_CASE(paths_are_answered_with_their_status_and_body) {
  auto endpoint = opened();
  std::string live = answer(*endpoint, "GET /livez HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  BOOST_TEST(says(live, "HTTP/1.1 200"));
  BOOST_TEST(says(live, "\r\n\r\nok\n"));
  std::string ready = answer(*endpoint, "GET /readyz?verbose HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  BOOST_TEST(says(ready, "HTTP/1.1 503"));
  BOOST_TEST(says(answer(*endpoint, "GET /x HTTP/1.1\r\nConnection: close\r\n\r\n"), "404"));
}

BOOST_AUTO_TEST_CASE(head_has_the_length_and_no_body) {
  auto endpoint = opened();
  std::string live = answer(*endpoint, "HEAD /livez HTTP/1.1\r\nConnection: close\r\n\r\n");
  BOOST_TEST(says(live, "Content-Length: 3\r\n"));
  BOOST_TEST(live.substr(live.size() - 4) == "\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(a_connection_serves_several_requests) {
  auto endpoint = opened();
  std::string both = answer(*endpoint, "GET /livez HTTP/1.1\r\n\r\nGET /livez HTTP/1.1\r\nConnection: close\r\n\r\n");
  BOOST_TEST(both.find("ok\n") != both.rfind("ok\n"));
}

BOOST_AUTO_TEST_CASE(other_methods_bodies_and_noise_are_refused) {
  auto endpoint = opened();
  BOOST_TEST(says(answer(*endpoint, "POST /livez HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello"), "405"));
  BOOST_TEST(says(answer(*endpoint, "\x16\x03\x01 what is this\r\n\r\n"), "400"));
  std::string long_header = "GET /livez HTTP/1.1\r\nX: " + std::string(9000, 'x') + "\r\n\r\n";
  BOOST_TEST(!says(answer(*endpoint, long_header), "200"));
}

BOOST_AUTO_TEST_CASE(more_than_sixteen_connections_are_closed) {
  auto endpoint = opened();
  std::vector<std::unique_ptr<Client>> held;
  for (int i = 0; i < 16; ++i) {
    held.push_back(std::make_unique<Client>(*endpoint));
    held.back()->say("GET /livez HTTP/1.1\r\n\r\n");
    char first = 0;
    asio::read(held.back()->socket, asio::buffer(&first, 1));
  }
  BOOST_TEST(Client(*endpoint).rest().empty());
}

BOOST_AUTO_TEST_CASE(it_stays_on_loopback) {
  HttpEndpoint::Options options;
  options.listen = {"0.0.0.0", 0};
  auto refused = HttpEndpoint::open(std::move(options));
  BOOST_REQUIRE(!refused);
  BOOST_TEST(says(refused.error().sentence, "loopback"));
}

BOOST_AUTO_TEST_CASE(a_port_in_use_is_one_sentence) {
  auto endpoint = opened();
  HttpEndpoint::Options options;
  options.listen = endpoint->endpoint();
  auto refused = HttpEndpoint::open(std::move(options));
  BOOST_REQUIRE(!refused);
  BOOST_TEST(says(refused.error().sentence, text(endpoint->endpoint())));
}

BOOST_AUTO_TEST_SUITE_END()
