#include <string_view>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <leat/net/crc32c.hpp>

using namespace leat;

namespace {

std::uint32_t of(std::string_view text) { return wire::crc32c(std::as_bytes(std::span(text))); }

}  // namespace

BOOST_AUTO_TEST_SUITE(crc32c)

BOOST_AUTO_TEST_CASE(known_values_are_met) {
  BOOST_TEST(of("") == 0u);
  BOOST_TEST(of("123456789") == 0xe3069283u);
  // RFC 3720, B.4.
  BOOST_TEST(of(std::string(32, '\0')) == 0x8a9136aau);
  BOOST_TEST(of(std::string(32, '\xff')) == 0x62a8ab43u);
}

BOOST_AUTO_TEST_CASE(every_bit_and_every_length_counts) {
  std::string text(300, 'a');
  std::uint32_t whole = of(text);
  for (std::size_t i = 0; i < text.size(); ++i) {
    BOOST_TEST(of(std::string_view(text).substr(i + 1)) != whole);
    std::string other = text;
    other[i] = static_cast<char>(other[i] ^ (1 << i % 8));
    BOOST_TEST(of(other) != whole);
  }
}

BOOST_AUTO_TEST_SUITE_END()
