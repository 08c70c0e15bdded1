#include <boost/test/unit_test.hpp>
#include <rapidcheck.h>

#include <leat/net/crc32c.hpp>
#include <leat/net/hello.hpp>
#include <leat/net/little_endian.hpp>

using namespace leat;
using wire::Hello;

namespace {

Hello some_hello(std::size_t token = 32) { return {77, 3, 1, 0, 12, std::string(token, 't')}; }

}  // namespace

BOOST_AUTO_TEST_SUITE(hello)

BOOST_AUTO_TEST_CASE(what_is_said_is_understood) {
  BOOST_TEST(rc::check([] {
    Hello said{*rc::gen::arbitrary<std::uint64_t>(), *rc::gen::arbitrary<std::uint32_t>(),
               *rc::gen::arbitrary<std::uint32_t>(), *rc::gen::arbitrary<std::uint32_t>(),
               *rc::gen::arbitrary<std::uint32_t>(),
               std::string(*rc::gen::inRange<std::size_t>(wire::kShortestToken, wire::kLongestToken + 1), '\x80')};
    auto bytes = wire::encode(said);
    RC_ASSERT(bytes.size() <= wire::kHelloLimit);
    auto length = wire::hello_length(std::span(bytes).first<wire::kHelloPrefix>());
    RC_ASSERT(length.ok());
    RC_ASSERT(*length == bytes.size());
    auto heard = wire::decode_hello(bytes);
    RC_ASSERT(heard.ok());
    RC_ASSERT(*heard == said);
  }));
}

BOOST_AUTO_TEST_CASE(a_hello_with_any_bit_turned_or_cut_anywhere_is_refused) {
  auto bytes = wire::encode(some_hello());
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    auto turned = bytes;
    turned[bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
    BOOST_REQUIRE_MESSAGE(!wire::decode_hello(turned).ok(), "bit " << bit);
  }
  for (std::size_t length = 0; length < bytes.size(); ++length)
    BOOST_TEST(!wire::decode_hello(std::span(bytes).first(length)).ok());
}

BOOST_AUTO_TEST_CASE(a_length_no_hello_has_is_refused_before_it_is_read) {
  auto bytes = wire::encode(some_hello());
  for (std::size_t length : {0, 8, 55, 105, 4096, 4097, 65535}) {
    wire::put<std::uint16_t>(bytes.data() + 6, static_cast<std::uint16_t>(length));
    BOOST_TEST(!wire::hello_length(std::span(bytes).first<wire::kHelloPrefix>()).ok(), length);
  }
}

BOOST_AUTO_TEST_CASE(tokens_shorter_or_longer_than_allowed_are_refused) {
  BOOST_TEST(!wire::decode_hello(wire::encode(some_hello(15))).ok());
  BOOST_TEST(wire::decode_hello(wire::encode(some_hello(16))).ok());
  BOOST_TEST(wire::decode_hello(wire::encode(some_hello(64))).ok());
  BOOST_TEST(!wire::decode_hello(wire::encode(some_hello(65))).ok());
}

BOOST_AUTO_TEST_CASE(another_version_is_named) {
  auto bytes = wire::encode(some_hello());
  wire::put<std::uint16_t>(bytes.data() + 4, 300);
  auto got = wire::hello_length(std::span(bytes).first<wire::kHelloPrefix>());
  BOOST_REQUIRE(!got.ok());
  BOOST_TEST(got.error().sentence.find("version 300") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_welcome_with_any_bit_turned_is_refused) {
  auto bytes = wire::encode_welcome(200);
  auto whole = [&] { return wire::decode_welcome(std::span(bytes).first<wire::kWelcome>()); };
  BOOST_REQUIRE(whole().ok());
  BOOST_TEST(*whole() == 200u);
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    bytes[bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
    BOOST_TEST(!whole().ok(), "bit " << bit);
    bytes[bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
  }
}

BOOST_AUTO_TEST_CASE(only_the_whole_token_is_the_token) {
  BOOST_TEST(wire::same_token("0123456789abcdef", "0123456789abcdef"));
  BOOST_TEST(!wire::same_token("0123456789abcdeF", "0123456789abcdef"));
  BOOST_TEST(!wire::same_token("0123456789abcde", "0123456789abcdef"));
  BOOST_TEST(!wire::same_token("", "0123456789abcdef"));
}

BOOST_AUTO_TEST_SUITE_END()
