#include <boost/test/unit_test.hpp>

#include <leat/net/endpoint.hpp>

using namespace leat;

BOOST_AUTO_TEST_SUITE(endpoint)

BOOST_AUTO_TEST_CASE(hosts_and_addresses_with_a_port_are_read_and_written_back) {
  for (const char* written : {"127.0.0.1:4700", "[::1]:4700", "node3:4700", "a.b-c.example:0", "10.0.0.1:65535"}) {
    auto read = parse_endpoint(written);
    BOOST_REQUIRE(read.ok());
    BOOST_TEST(to_string(*read) == written);
  }
  BOOST_TEST(parse_endpoint("[fe80::1]:9")->host == "fe80::1");
}

BOOST_AUTO_TEST_CASE(what_is_no_endpoint_is_refused_with_a_sentence) {
  for (const char* written : {"", "node3", ":4700", "node3:", "node3:65536", "node3:-1", "node3:4700x", "::1:4700",
                              "[]:1", "[node3]:1", "no de:1", "[::1:1", "a/b:1"}) {
    auto read = parse_endpoint(written);
    BOOST_REQUIRE_MESSAGE(!read.ok(), written);
    BOOST_TEST((read.error().kind == ErrorKind::invalid));
    BOOST_TEST(read.error().sentence.find("HOST:PORT") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(only_what_this_machine_alone_reaches_is_loopback) {
  for (const char* host : {"127.0.0.1", "127.9.8.7", "::1", "localhost"})
    BOOST_TEST(is_loopback({host, 1}), host);
  for (const char* host : {"0.0.0.0", "::", "128.0.0.1", "10.127.0.1", "node3", "localhost.example", "1270.0.0.1"})
    BOOST_TEST(!is_loopback({host, 1}), host);
}

BOOST_AUTO_TEST_SUITE_END()
