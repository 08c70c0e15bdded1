#include <boost/test/unit_test.hpp>

#include <leat/net/http_paths.hpp>
#include <leat/net/http_server.hpp>

#include <future>
#include <thread>

#include "net/proxy_fixture.hpp"

namespace leat::tests {
namespace {

HttpPaths probes() {
  HttpPaths paths;
  paths["/livez"] = [] { return HttpAnswer{.body = "alive\n"}; };
  paths["/readyz"] = [] { return HttpAnswer{.status = 503, .body = "draining\n"}; };
  paths["/metrics"] = [] { return HttpAnswer{.body = std::string(1 << 20, 'm')}; };
  return paths;
}

class HttpFixture {
 public:
  HttpFixture() { serve(serve_paths(probes())); }
  ~HttpFixture() { server.reset(); }

  void serve(std::function<void(std::shared_ptr<HttpExchange>)> by, HttpLimits limits = {}) {
    server.reset();
    server = must(HttpServer::open({.limits = limits, .serve = std::move(by), .log = log.log()}));
    at = server->endpoint();
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
  std::unique_ptr<HttpServer> server;
  Endpoint at;
  asio::io_context io;
};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}
bool begins(const std::string& text, const std::string& part) {
  return text.rfind(part, 0) == 0;
}

BOOST_FIXTURE_TEST_SUITE(http_server, HttpFixture)

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
       {"does not speak HTTP", "larger than 8 KiB"}) {
    BOOST_CHECK_MESSAGE(log.comes(reason), reason << " is not in\n" << log.all());
  }
  BOOST_CHECK_EQUAL(log.lines_with("peer=127.0.0.1:"), 2u);
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

BOOST_AUTO_TEST_CASE(one_that_is_being_answered_keeps_its_place) {
  std::promise<std::shared_ptr<HttpExchange>> asked;
  serve([&](std::shared_ptr<HttpExchange> one) { asked.set_value(std::move(one)); }, {.connections = 2});
  auto first = dialled();
  asio::write(first, asio::buffer(get("/late")));
  auto exchange = asked.get_future().get();
  auto second = dialled(), third = dialled();
  BOOST_CHECK(is_closed(second));
  exchange->answer({.body = "late\n"});
  BOOST_CHECK(has(rest(first), "late"));
}

BOOST_AUTO_TEST_CASE(without_tls_only_loopback_is_served) {
  auto wide = HttpServer::open({.listen = Endpoint{"0.0.0.0", 0}});
  BOOST_REQUIRE(!wide.ok());
  BOOST_CHECK(wide.error().kind == ErrorKind::invalid);
  auto taken = HttpServer::open({.listen = at});
  BOOST_REQUIRE(!taken.ok());
  BOOST_CHECK(taken.error().kind == ErrorKind::failed);
}

BOOST_AUTO_TEST_CASE(an_answer_may_come_later_and_from_another_thread) {
  serve([](std::shared_ptr<HttpExchange> one) {
    std::thread([one = std::move(one)] { one->answer({.body = one->request().target}); }).detach();
  });
  BOOST_CHECK(has(ask(get("/a?b=c")), "\r\n\r\n/a?b=c"));
}

BOOST_AUTO_TEST_CASE(a_request_that_nobody_answers_is_answered_with_500) {
  serve([](const std::shared_ptr<HttpExchange>&) {});
  BOOST_CHECK(begins(ask(get("/")), "HTTP/1.1 500 "));
}

BOOST_AUTO_TEST_CASE(a_function_that_throws_answers_500_and_the_next_request_is_served) {
  serve([](const std::shared_ptr<HttpExchange>& one) {
    if (one->request().target == "/bad") throw std::runtime_error("a bug");
    one->answer({.body = "fine\n"});
  });
  BOOST_CHECK(begins(ask(get("/bad")), "HTTP/1.1 500 "));
  BOOST_CHECK(has(ask(get("/good")), "fine"));
}

// The answer tells how many bytes came, or why not all.
void count_body(const std::shared_ptr<HttpExchange>& one, std::size_t most) {
  read_body(one, most, [one](Result<std::string> body) {
    one->answer(body ? HttpAnswer{.body = std::to_string(body->size())} : HttpAnswer{.status = 413, .body = body.error().sentence});
  });
}

BOOST_AUTO_TEST_CASE(bodies_are_read_in_parts_whole_or_not_at_all) {
  serve([](const std::shared_ptr<HttpExchange>& one) { count_body(one, 1 << 20); });
  std::string body(300'000, 'b');
  auto post = [](const std::string& fields, const std::string& content) {
    return "POST / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n" + fields + "\r\n" + content;
  };
  BOOST_CHECK(has(ask(post("Content-Length: 300000\r\n", body)), "\r\n\r\n300000"));
  BOOST_CHECK(has(ask(post("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n3\r\nyou\r\n0\r\n\r\n")), "\r\n\r\n8"));
  BOOST_CHECK(has(ask(post("", "")), "\r\n\r\n0"));
  auto much = ask(post("Content-Length: 2000000\r\n", std::string(2'000'000, 'b')));
  BOOST_CHECK_MESSAGE(begins(much, "HTTP/1.1 413 ") && has(much, "2000000 bytes"), much);
  auto unsaid = ask(post("Transfer-Encoding: chunked\r\n", "200000\r\n" + std::string(0x200000, 'b') + "\r\n0\r\n\r\n"));
  BOOST_CHECK_MESSAGE(begins(unsaid, "HTTP/1.1 413 "), unsaid);
  BOOST_CHECK(has(ask(post("Transfer-Encoding: chunked\r\n", "no number\r\n")), "is not as HTTP has it"));
}

// How often it is read until its end, when all of it has come already.
void count_parts(const std::shared_ptr<HttpExchange>& one, std::size_t parts) {
  one->read([one, parts](Result<std::string_view> part) {
    if (part && !part->empty()) return count_parts(one, parts + 1);
    one->answer({.body = part ? std::to_string(parts) : part.error().sentence});
  });
}

BOOST_AUTO_TEST_CASE(of_a_body_that_is_there_a_large_part_is_read_at_once) {
  std::promise<void> sent;
  std::shared_future<void> all = sent.get_future().share();
  serve([all](const std::shared_ptr<HttpExchange>& one) {
    std::thread([all, one] { all.wait(), count_parts(one, 0); }).detach();
  });
  auto socket = dialled();
  constexpr std::size_t kBytes = 96 << 10;
  asio::write(socket, asio::buffer("POST / HTTP/1.1\r\nHost: here\r\nConnection: close\r\nContent-Length: " + std::to_string(kBytes) +
                                   "\r\n\r\n" + std::string(kBytes, 'b')));
  sent.set_value();
  auto answer = rest(socket);
  std::size_t parts = std::stoul(answer.substr(answer.find("\r\n\r\n") + 4));
  BOOST_CHECK_MESSAGE(parts <= 6, parts << " parts of " << kBytes << " bytes");
}

BOOST_AUTO_TEST_CASE(who_asks_before_it_sends_is_told_to_go_on) {
  serve([](const std::shared_ptr<HttpExchange>& one) { count_body(one, 1 << 20); });
  auto socket = dialled();
  asio::write(socket, asio::buffer(std::string("POST / HTTP/1.1\r\nHost: here\r\nConnection: close\r\nContent-Length: 4\r\n"
                                               "Expect: 100-continue\r\n\r\n")));
  std::string heard(25, ' ');
  asio::read(socket, asio::buffer(heard));
  BOOST_CHECK_EQUAL(heard, "HTTP/1.1 100 Continue\r\n\r\n");
  asio::write(socket, asio::buffer("four", 4));
  BOOST_CHECK(has(rest(socket), "\r\n\r\n4"));
}

BOOST_AUTO_TEST_CASE(who_leaves_in_the_middle_of_a_body_is_disconnected) {
  std::promise<ErrorKind> heard;
  serve([&](const std::shared_ptr<HttpExchange>& one) {
    read_body(one, 100, [&heard, one](Result<std::string> body) { heard.set_value(body ? ErrorKind::failed : body.error().kind); });
  });
  {
    auto socket = dialled();
    asio::write(socket, asio::buffer(std::string("POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 9\r\n\r\nfour")));
  }
  BOOST_CHECK(heard.get_future().get() == ErrorKind::disconnected);
}

BOOST_AUTO_TEST_CASE(an_answer_in_parts_is_as_long_as_its_parts) {
  serve([](const std::shared_ptr<HttpExchange>& one) {
    HttpAnswer answer;
    if (one->request().target == "/known") answer.length = 30'000;
    answer.more = [left = 3]() mutable { return left-- > 0 ? Result<std::string>(std::string(10'000, 'p')) : std::string(); };
    one->answer(std::move(answer));
  });
  auto known = ask(get("/known"));
  BOOST_CHECK(has(known, "Content-Length: 30000\r\n"));
  BOOST_CHECK_EQUAL(known.substr(known.size() - 30'000), std::string(30'000, 'p'));
  auto chunked = ask(get("/unknown"));
  BOOST_CHECK(has(chunked, "Transfer-Encoding: chunked\r\n") && has(chunked, "2710\r\n") && chunked.substr(chunked.size() - 5) == "0\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(a_body_that_nobody_has_read_is_no_next_request) {
  serve([](const std::shared_ptr<HttpExchange>& one) { one->answer({.body = "no\n"}); });
  auto answers = ask("POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 40\r\n\r\n" + get("/") + get("/"));
  BOOST_CHECK_EQUAL(answers.find("HTTP/1.1 200"), answers.rfind("HTTP/1.1 200"));
}

BOOST_AUTO_TEST_CASE(control_characters_do_not_get_into_a_header) {
  serve([](const std::shared_ptr<HttpExchange>& one) { one->answer({.fields = {{"X-Name", "a\r\nSet-Cookie: b"}}}); });
  auto answer = ask(get("/"));
  BOOST_CHECK_MESSAGE(begins(answer, "HTTP/1.1 500 ") && !has(answer, "Set-Cookie"), answer);
}

// Frames as a client sends them, masked with zeros, which leaves the text as it is.
std::string frame(char kind, const std::string& text) {
  return std::string{static_cast<char>(0x80 | kind), static_cast<char>(0x80 | text.size()), 0, 0, 0, 0} + text;
}

BOOST_AUTO_TEST_CASE(a_request_becomes_a_web_socket) {
  std::promise<void> closed;
  serve([&](const std::shared_ptr<HttpExchange>& one) {
    auto socket = std::make_shared<std::shared_ptr<WebSocket>>();
    WebSocketEvents events;
    events.message = [socket](std::string text, bool) {
      if (text == "end") return (*socket)->close("as asked");
      (*socket)->send(std::make_shared<const std::string>("you said " + text));
    };
    events.closed = [&closed] { closed.set_value(); };
    one->upgrade(events, "leat", [socket](std::shared_ptr<WebSocket> opened) { *socket = std::move(opened); });
  });
  auto client = dialled();
  asio::write(client, asio::buffer(std::string("GET /ws HTTP/1.1\r\nHost: here\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                               "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")));
  std::string head;
  boost::system::error_code error;
  for (char c = 0; !has(head, "\r\n\r\n") && asio::read(client, asio::buffer(&c, 1), error) == 1;) head += c;
  BOOST_CHECK_MESSAGE(begins(head, "HTTP/1.1 101 ") && has(head, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") && has(head, "leat"), head);
  asio::write(client, asio::buffer(frame(1, "hello") + frame(1, "end")));
  asio::write(client, asio::buffer(frame(8, "\x03\xe8")));
  auto heard = rest(client);
  BOOST_CHECK_MESSAGE(has(heard, std::string("\x81\x0eyou said hello", 16)) && has(heard, "as asked"), heard);
  closed.get_future().get();
}

BOOST_AUTO_TEST_CASE(what_is_no_web_socket_is_answered_as_such) {
  std::promise<bool> opened;
  serve([&](const std::shared_ptr<HttpExchange>& one) {
    one->upgrade({}, "", [&opened](const std::shared_ptr<WebSocket>& socket) { opened.set_value(socket != nullptr); });
  });
  ask(get("/ws"));
  BOOST_CHECK(!opened.get_future().get());
}

BOOST_AUTO_TEST_CASE(a_server_that_goes_lets_nobody_wait) {
  std::promise<std::shared_ptr<HttpExchange>> asked;
  serve([&](std::shared_ptr<HttpExchange> one) { asked.set_value(std::move(one)); });
  auto waits = dialled(), idle = dialled();
  asio::write(waits, asio::buffer(get("/")));
  auto exchange = asked.get_future().get();
  server.reset();
  BOOST_CHECK(is_closed(waits));
  BOOST_CHECK(is_closed(idle));
  BOOST_CHECK(exchange->left());
  exchange->answer({.body = "too late"});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace leat::tests
