#include <fstream>
#include <functional>

#include <boost/test/unit_test.hpp>

#include "net/proxy_fixture.hpp"

namespace leat::tests {
namespace {

using std::chrono::milliseconds;

std::string sentence(const Result<Endpoint>& result) {
  return result ? "" : result.error().sentence;
}

std::size_t resident_kib() {
  std::ifstream status("/proc/self/status");
  std::string word;
  while (status >> word && word != "VmRSS:") {
  }
  std::size_t size = 0;
  status >> size;
  return size;
}

BOOST_FIXTURE_TEST_SUITE(tls_proxy, ProxyFixture)

BOOST_AUTO_TEST_CASE(a_known_client_and_the_service_hear_each_other) {
  auto stream = known(open());
  std::string sent(1 << 20, ' ');
  for (std::size_t i = 0; i < sent.size(); ++i)
    sent[i] = static_cast<char>('a' + i % 23);
  std::string heard(sent.size(), ' ');
  // Both on this thread: OpenSSL lets one thread at a time at a connection.
  int ended = 0;
  auto done = [&](error_code error, std::size_t) {
    BOOST_TEST(!error, error.message());
    ++ended;
  };
  asio::async_write(stream, asio::buffer(sent), done);
  asio::async_read(stream, asio::buffer(heard), done);
  io.restart();
  io.run_for(std::chrono::seconds(30));
  BOOST_REQUIRE_EQUAL(ended, 2);
  BOOST_CHECK(heard == sent);
  BOOST_CHECK_EQUAL(log.all(), "");
}

BOOST_AUTO_TEST_CASE(each_stranger_is_refused_with_its_reason_and_never_reaches_the_service) {
  auto at = open();
  asio::ssl::context nothing(asio::ssl::context::tls);
  auto old = must(mutual_tls(good));
  SSL_CTX_set_min_proto_version(old->native_handle(), TLS1_2_VERSION);
  SSL_CTX_set_max_proto_version(old->native_handle(), TLS1_2_VERSION);
  auto other = must(mutual_tls(stranger));
  auto expired = must(mutual_tls(expired_in(own / "ca")));
  for (auto [context, reason] : std::vector<std::pair<asio::ssl::context*, std::string>>{
           {&nothing, "it shows no certificate"},
           {old.get(), "does not speak TLS 1.3"},
           {other.get(), "its certificate is refused"},
           {expired.get(), "has expired"}}) {
    BOOST_CHECK_MESSAGE(refused(at, *context), reason);
    BOOST_CHECK_MESSAGE(log.comes(reason), reason << " is not in\n" << log.all());
  }
  using namespace std::string_literals;
  for (const auto& garbage : {"GET / HTTP/1.0\r\n\r\n"s, "\0\0\0\1 the CAF protocol without TLS"s}) {
    auto socket = dial(io, at);
    asio::write(socket, asio::buffer(garbage));
    BOOST_CHECK(is_closed(socket));
  }
  BOOST_CHECK(log.comes("does not speak TLS"));
  BOOST_CHECK_MESSAGE(log.lines_with("peer=127.0.0.1:") == 5, log.all());
  BOOST_CHECK_EQUAL(service->accepted, 0);
  known(at);
  proxy = nullptr;
  BOOST_CHECK_MESSAGE(log.comes("peer=127.0.0.1 reason=it does not speak TLS more=and 1 more"), log.all());
}

BOOST_AUTO_TEST_CASE(who_says_nothing_or_too_little_is_closed_in_time) {
  options.pending_for = milliseconds(200);
  auto at = open();
  auto silent = dial(io, at);
  auto slow = dial(io, at);
  asio::write(slow, asio::buffer("\x16\x03\x01", 3));
  BOOST_CHECK(is_closed(silent));
  BOOST_CHECK(is_closed(slow));
  BOOST_CHECK(log.comes("it was not known within 200 ms"));
  BOOST_CHECK_EQUAL(service->accepted, 0);
}

BOOST_AUTO_TEST_CASE(no_more_than_the_first_bytes_are_taken_from_a_stranger) {
  options.first_bytes = 4096;
  auto at = open();
  auto socket = dial(io, at);
  std::string hello("\x16\x03\x01\x3f\xff\x01\x00\x3f\xfb\x03\x03", 11);  // a ClientHello of 16 KiB
  hello.resize(8192, 'x');
  error_code refused;
  asio::write(socket, asio::buffer(hello), refused);
  BOOST_CHECK(log.comes("it sent more than 4096 bytes before it was known"));
}

BOOST_AUTO_TEST_CASE(among_500_silent_connections_a_known_client_gets_in) {
  options.pending_for = milliseconds(1500);
  options.pending = 64;
  auto at = open();
  std::vector<tcp::socket> silent;
  for (int i = 0; i < 500; ++i)
    silent.push_back(dial(io, at));
  auto stream = known(at);
  BOOST_CHECK(log.comes("others come too"));
  for (auto& socket : silent)
    BOOST_CHECK(is_closed(socket));
  asio::write(stream, asio::buffer("still here", 10));
  std::string heard(10, ' ');
  asio::read(stream, asio::buffer(heard));
  BOOST_CHECK_EQUAL(heard, "still here");
  BOOST_CHECK_EQUAL(log.lines_with("peer="), 2u);
  BOOST_CHECK_EQUAL(service->accepted, 1);
  proxy = nullptr;
  BOOST_CHECK(log.comes("others come too, and it was the first of them more=and 436 more"));
  BOOST_CHECK(log.comes("it was not known within 1500 ms more=and 62 more"));
}

BOOST_AUTO_TEST_CASE(a_chain_with_two_intermediates_gets_in_and_one_too_long_is_refused_with_the_reason) {
  good = options.credentials = rsa_chain_in(own / "company", 2);
  auto at = open();
  known(at);
  BOOST_CHECK_EQUAL(sentence(preflight(at, good, milliseconds(5000))), "");
  auto longer = rsa_chain_in(own / "bureaucracy", 24);
  longer.authority = good.authority;
  auto refused = preflight(at, longer, milliseconds(5000));
  BOOST_REQUIRE(!refused.ok());
  BOOST_CHECK_MESSAGE(log.comes("its certificates have more than 32768 bytes"), log.all());
}

BOOST_AUTO_TEST_CASE(clocks_that_are_off_are_told_at_both_ends) {
  auto at = open();
  for (auto [files, theirs, ours] :
       {std::tuple{not_yet_in(own / "ca"), "certificate is not yet valid: it is not good before 20", "bad certificate"},
        std::tuple{expired_in(own / "ca"), "certificate has expired: it expired on 20", "it has expired"}}) {
    auto result = preflight(at, files, milliseconds(5000));
    BOOST_REQUIRE(!result.ok());
    for (const char* part : {ours, ": ours is good from 20", "and the clock of this machine says 20"})
      BOOST_CHECK_MESSAGE(sentence(result).find(part) != std::string::npos, sentence(result));
    BOOST_CHECK_MESSAGE(log.comes(theirs), log.all());
  }
  BOOST_CHECK_EQUAL(log.lines_with("and the clock of this machine says 20"), 2u);
}

BOOST_AUTO_TEST_CASE(a_service_whose_queue_is_full_is_waited_for) {
  service = std::make_unique<EchoService>(0);
  options.inside = service->inside.way();
  auto at = open();
  std::vector<Tls> all;
  for (int i = 0; i < 5; ++i) {
    all.emplace_back(dial(io, at), *must(mutual_tls(good)));
    all.back().handshake(Tls::client);
  }
  service->begin();
  for (auto& stream : all) {
    std::string greeting(5, ' ');
    error_code error;
    asio::read(stream, asio::buffer(greeting), error);
    BOOST_TEST(greeting == "hello", error.message());
  }
  BOOST_CHECK_EQUAL(log.all(), "");
}

BOOST_AUTO_TEST_CASE(nobody_loses_its_place_before_it_had_its_time) {
  options.pending = 2;
  options.pending_stay = std::chrono::hours(1);
  auto at = open();
  Tls slow(dial(io, at), *must(mutual_tls(good)));
  std::vector<tcp::socket> silent;
  for (int i = 0; i < 50; ++i)
    silent.push_back(dial(io, at));
  slow.handshake(Tls::client);
  std::string greeting(5, ' ');
  asio::read(slow, asio::buffer(greeting));
  BOOST_TEST(greeting == "hello");
}

BOOST_AUTO_TEST_CASE(the_known_take_no_places_of_the_young) {
  options.pending = 2;
  auto at = open();
  std::vector<Tls> all;
  for (int i = 0; i < 7; ++i)
    all.push_back(known(at));
  for (auto& stream : all) {
    asio::write(stream, asio::buffer("still here", 10));
    std::string heard(10, ' ');
    asio::read(stream, asio::buffer(heard));
    BOOST_TEST(heard == "still here");
  }
  BOOST_CHECK_EQUAL(log.all(), "");
}

BOOST_AUTO_TEST_CASE(a_client_that_dies_is_missed_by_the_service) {
  auto at = open();
  for (int i = 0; i < 20; ++i) {
    auto stream = known(at);
    if (i % 2 == 0) asio::write(stream, asio::buffer("flood", 5));
    stream.next_layer().set_option(
        asio::socket_base::linger(true, 0));  // a reset, as of a killed process
    stream.next_layer().close();
  }
  BOOST_CHECK(service->ends.comes("", 20));
  BOOST_CHECK_MESSAGE(service->ends.lines_with("in good order") >= 10, service->ends.all());
}

BOOST_AUTO_TEST_CASE(a_connection_on_which_nothing_moves_is_closed) {
  options.idle = milliseconds(300);
  auto stream = known(open());
  BOOST_CHECK(is_closed(stream.next_layer()));
  BOOST_CHECK(log.comes("nothing came or went for 300 ms"));
  BOOST_CHECK(service->ends.comes("in good order"));
}

BOOST_AUTO_TEST_CASE(a_client_that_stops_reading_costs_no_memory_and_is_closed) {
  options.idle = milliseconds(500);
  auto stream = known(open());
  auto before = resident_kib();
  asio::write(stream, asio::buffer("flood", 5));
  BOOST_CHECK(log.comes("for 500 ms"));
#ifdef __SANITIZE_ADDRESS__
  BOOST_TEST_MESSAGE("memory is not looked at: AddressSanitizer keeps what was freed");
  (void)before;
#else
  BOOST_CHECK_LT(resident_kib(), before + 4096);
#endif
}

BOOST_AUTO_TEST_CASE(a_service_that_ends_ends_its_clients) {
  auto stream = known(open());
  service = nullptr;
  error_code error;
  char byte;
  stream.read_some(asio::buffer(&byte, 1), error);
  BOOST_CHECK(error);
  BOOST_CHECK(refused(proxy->endpoint(), *must(mutual_tls(good))));
  BOOST_CHECK(log.comes("the service inside is gone"));
}

BOOST_AUTO_TEST_CASE(what_the_service_said_last_is_heard_after_the_door_has_gone) {
  for (int i = 0; i < 50; ++i) {
    auto stream = known(open());
    std::string words = "last words";
    asio::write(stream, asio::buffer(words));
    // The service has said them and gone: they are between it and the proxy.
    BOOST_REQUIRE(service->ends.comes("gone", static_cast<std::size_t>(i) + 1));
    proxy = nullptr;
    std::string heard(words.size(), ' ');
    error_code error;
    asio::read(stream, asio::buffer(heard), error);
    BOOST_TEST_REQUIRE(heard == words, error.message());
  }
}

BOOST_AUTO_TEST_CASE(only_this_process_finds_the_way_inside) {
  asio::io_context io;
  auto way = service->inside.way();
  asio::local::stream_protocol::socket(io).connect(way.string());
  BOOST_CHECK(std::filesystem::is_socket(way));
  // It leads nowhere outside: the name is gone.
  BOOST_CHECK(std::filesystem::read_symlink(way).string().ends_with("/inside (deleted)"));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_opened_is_said) {
  auto at = open();
  options.listen = at;
  auto second = TlsProxy::open(options);
  BOOST_REQUIRE(!second.ok());
  BOOST_CHECK(second.error().kind == ErrorKind::failed);
  BOOST_CHECK_MESSAGE(
      second.error().sentence.find(to_string(at) + ": Address already in use") != std::string::npos,
      second.error().sentence);
  options.inside = own / "nothing";
  BOOST_CHECK(TlsProxy::open(options).error().kind == ErrorKind::invalid);
  options.inside = service->inside.way();
  options.credentials.key = own / "none.key";
  BOOST_CHECK(TlsProxy::open(options).error().kind == ErrorKind::invalid);
}

BOOST_AUTO_TEST_CASE(a_preflight_is_answered_by_the_proxy) {
  auto at = open();
  for (int i = 0; i < 3; ++i)
    BOOST_CHECK_EQUAL(sentence(preflight(at, good, milliseconds(5000))), "");
  BOOST_CHECK_EQUAL(service->accepted, 0);
  BOOST_CHECK_MESSAGE(log.comes("it only asked whether it would be let in", 3), log.all());
  known(at);
  BOOST_CHECK_EQUAL(service->accepted, 1);
}

BOOST_AUTO_TEST_CASE(who_asks_learns_why_it_is_not_let_in) {
  auto at = open();
  BOOST_CHECK_EQUAL(sentence(preflight(at, good, milliseconds(5000))), "");
  auto why = [&](const Endpoint& there, const Credentials& files, milliseconds within,
                 const char* part) {
    auto result = preflight(there, files, within);
    BOOST_REQUIRE(!result.ok());
    BOOST_CHECK(result.error().kind == ErrorKind::disconnected);
    BOOST_CHECK_MESSAGE(sentence(result).find(to_string(there) + ": " + part) != std::string::npos,
                        sentence(result));
  };
  why(at, stranger, milliseconds(5000), "it refuses our certificate: another authority signed it; this process trusts");
  why(at, expired_in(own / "ca"), milliseconds(5000), "it refuses our certificate: it has expired");
  auto distrustful = good;
  distrustful.authority = own / "other/authority.pem";
  why(at, distrustful, milliseconds(5000), "its certificate is refused: ");
  asio::io_context io;
  tcp::acceptor mute(io);
  auto nobody = must(listen(mute, Endpoint{}));
  why(nobody, good, milliseconds(200), "it did not answer within 200 ms");
  mute.close();
  why(nobody, good, milliseconds(5000), "nothing listens there");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace leat::tests
