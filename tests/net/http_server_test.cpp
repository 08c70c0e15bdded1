#include <boost/test/unit_test.hpp>

#include <leat/net/http_endpoint.hpp>

#include "net/proxy_fixture.hpp"

namespace leat::tests {
namespace {

class HttpFixture {
 public:
  HttpFixture() {
    endpoint = must(HttpEndpoint::open(
        {.listen = Endpoint{},
         .paths = {{"/livez",
                    [] {
                      return HttpAnswer{200, "text/plain; charset=utf-8", "alive\n"};
                    }},
                   {"/readyz",
                    [] {
                      return HttpAnswer{503, "text/plain", "draining\n"};
                    }},
                   {"/metrics",
                    [] {
                      return HttpAnswer{200, "text/plain", std::string(1 << 20, 'm')};
                    }}},
         .log = log.log()}));
    at = endpoint->endpoint();
  }
  tcp::socket dialled() { return dial(io, at); }
  // Says all of it and hears until the other side closes.
  std::string ask(const std::string& request) {
    auto socket = dialled();
    error_code error;
    asio::write(socket, asio::buffer(request), error);
    return rest(socket);
  }
  static std::string rest(tcp::socket& socket) {
    std::string heard;
    error_code error;
    asio::read(socket, asio::dynamic_buffer(heard), error);
    return heard;
  }
  static std::string get(const std::string& path) {
    return "GET " + path + " HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n";
  }

  RecordedLog log;
  std::unique_ptr<HttpEndpoint> endpoint;
  Endpoint at;
  asio::io_context io;
};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}
bool begins(const std::string& text, const std::string& part) {
  return text.rfind(part, 0) == 0;
}

BOOST_FIXTURE_TEST_SUITE(http_endpoint, HttpFixture)

BOOST_AUTO_TEST_CASE(each_path_answers_with_what_its_function_gives) {
  auto alive = ask(get("/livez"));
  BOOST_CHECK_MESSAGE(begins(alive, "HTTP/1.1 200 OK\r\n"), alive);
  BOOST_CHECK(has(alive, "Content-Type: text/plain; charset=utf-8\r\n"));
  BOOST_CHECK(has(alive, "Content-Length: 6\r\n"));
  BOOST_CHECK(has(alive, "\r\n\r\nalive\n"));
  BOOST_CHECK(begins(ask(get("/readyz")), "HTTP/1.1 503 "));
  BOOST_CHECK(begins(ask(get("/livez?verbose=1")), "HTTP/1.1 200 "));
  BOOST_CHECK(begins(ask(get("/")), "HTTP/1.1 404 "));
  BOOST_CHECK(has(ask(get("/metrics")), std::string(1 << 20, 'm')));
  BOOST_CHECK_EQUAL(log.all(), "");
}

BOOST_AUTO_TEST_CASE(head_gives_the_length_and_no_body) {
  auto answer = ask("HEAD /livez HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n");
  BOOST_CHECK_MESSAGE(begins(answer, "HTTP/1.1 200 OK\r\n"), answer);
  BOOST_CHECK(has(answer, "Content-Length: 6\r\n"));
  BOOST_CHECK_EQUAL(answer.substr(answer.size() - 4), "\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(one_connection_may_ask_several_times) {
  auto answers =
      ask("GET /livez HTTP/1.1\r\nHost: here\r\n\r\nHEAD /livez HTTP/1.1\r\nHost: here\r\n\r\n" +
          get("/readyz"));
  BOOST_CHECK(has(answers, "alive\nHTTP/1.1 200 OK"));
  BOOST_CHECK(has(answers, "\r\n\r\nHTTP/1.1 503 "));
  BOOST_CHECK(has(answers, "draining\n"));
}

BOOST_AUTO_TEST_CASE(what_is_no_request_of_ours_is_refused_and_logged) {
  BOOST_CHECK(begins(ask("POST /livez HTTP/1.1\r\nHost: here\r\nContent-Length: 0\r\n\r\n"),
                     "HTTP/1.1 405 "));
  BOOST_CHECK(
      begins(ask("POST /livez HTTP/1.1\r\nContent-Length: 9\r\n\r\nninebytes"), "HTTP/1.1 413 "));
  BOOST_CHECK(begins(ask("\x16\x03\x01 hello\r\n\r\n"), "HTTP/1.1 400 "));
  BOOST_CHECK(begins(ask("GET /livez HTTP/1.1\r\nX: " + std::string(9000, 'x')), "HTTP/1.1 431 "));
  for (const char* reason :
       {"it is no GET", "it sends a body", "does not speak HTTP", "larger than 8 KiB"}) {
    BOOST_CHECK_MESSAGE(log.comes(reason), reason << " is not in\n" << log.all());
  }
  BOOST_CHECK_EQUAL(log.lines_with("peer=127.0.0.1:"), 4u);
}

BOOST_AUTO_TEST_CASE(who_is_slow_or_silent_is_closed) {
  auto silent = dialled();
  auto slow = dialled();
  asio::write(slow, asio::buffer("GET /li", 7));
  BOOST_CHECK(is_closed(silent));
  BOOST_CHECK(is_closed(slow));
  BOOST_CHECK(log.comes("did not finish its request within 5 s"));
  BOOST_CHECK_EQUAL(log.lines_with(""), 1u);
}

BOOST_AUTO_TEST_CASE(the_seventeenth_connection_takes_the_place_of_the_oldest) {
  std::vector<tcp::socket> open;
  for (int i = 0; i < 17; ++i)
    open.push_back(dialled());
  BOOST_CHECK(is_closed(open[0]));
  BOOST_CHECK(log.comes("16 others ask too"));
  asio::write(open[1], asio::buffer(get("/livez")));
  BOOST_CHECK(has(rest(open[1]), "alive"));
  asio::write(open[16], asio::buffer(get("/livez")));
  BOOST_CHECK(has(rest(open[16]), "alive"));
}

BOOST_AUTO_TEST_CASE(only_loopback_is_served) {
  auto wide = HttpEndpoint::open({.listen = Endpoint{"0.0.0.0", 0}, .paths = {}, .log = Log()});
  BOOST_REQUIRE(!wide.ok());
  BOOST_CHECK(wide.error().kind == ErrorKind::invalid);
  auto taken = HttpEndpoint::open({.listen = at, .paths = {}, .log = Log()});
  BOOST_REQUIRE(!taken.ok());
  BOOST_CHECK(taken.error().kind == ErrorKind::failed);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace leat::tests
