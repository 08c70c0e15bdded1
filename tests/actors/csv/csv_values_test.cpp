#include <cmath>
#include <cstdio>
#include <cstring>
#include <string>

#include <boost/test/unit_test.hpp>
#include <fast_float/fast_float.h>
#include <rapidcheck.h>

#include <leat/actors/csv/decimal.hpp>
#include <leat/actors/csv/values.hpp>

using namespace leat;
using namespace leat::csv;

namespace {

std::int64_t instant(std::string_view text) {
  std::int64_t value = -1;
  BOOST_TEST((read_timestamp(text, value) == Reading::good), text);
  return value;
}

bool no_instant(std::string_view text) {
  std::int64_t value = 0;
  return read_timestamp(text, value) == Reading::malformed;
}

template <class T> void same_as_fast_float(const std::string& number) {
  std::string text = number + std::string(40, ',');
  T ours = 0, theirs = 0;
  const char* end = read_short_decimal(text.data(), text.data() + text.size(), ours);
  if (!end || *end != ',') return;
  auto read = fast_float::from_chars(text.data(), text.data() + number.size(), theirs);
  RC_ASSERT(read.ec == std::errc());
  RC_ASSERT(end == text.data() + number.size());
  RC_ASSERT(std::memcmp(&ours, &theirs, sizeof(T)) == 0);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(csv_values)

BOOST_AUTO_TEST_CASE(iso_8601_dates_and_times_are_read) {
  constexpr std::int64_t second = 1'000'000'000;
  BOOST_TEST(instant("1970-01-01") == 0);
  BOOST_TEST(instant("2024-02-29") == 1709164800 * second);
  BOOST_TEST(instant("2024-02-29T12:30") == 1709209800 * second);
  BOOST_TEST(instant("2024-02-29 12:30:15") == 1709209815 * second);
  BOOST_TEST(instant("2024-02-29T12:30:15.25Z") == 1709209815 * second + 250'000'000);
  BOOST_TEST(instant("2024-02-29T12:30:15.1234567899Z") == 1709209815 * second + 123'456'789);
  BOOST_TEST(instant("2024-02-29T12:30:15+02:00") == 1709202615 * second);
  BOOST_TEST(instant("2024-02-29T12:30:15-0130") == 1709215215 * second);
  BOOST_TEST(instant("1969-12-31T23:59:59.5Z") == -second / 2);
}

BOOST_AUTO_TEST_CASE(what_is_no_instant_is_refused) {
  for (auto text : {"2023-02-29", "2024-13-01", "2024-1-1", "20240101", "2024-01-01T",
                    "2024-01-01T24:00", "2024-01-01T10", "2024-01-01T10:60", "2024-01-01T10:00:60",
                    "2024-01-01T10:00:00.", "2024-01-01T10:00:.5Z", "2024-01-01T10:00:00+25:00",
                    "2024-01-01T10:00Zx", "2024-01-01x", "-024-01-01", "x"}) {
    BOOST_TEST(no_instant(text), text);
  }
  std::int64_t value = 0;
  BOOST_TEST((read_timestamp("", value) == Reading::empty));
  BOOST_TEST((read_timestamp("2500-01-01", value) == Reading::out_of_range));
  BOOST_TEST((read_timestamp("1600-01-01", value) == Reading::out_of_range));
}

BOOST_AUTO_TEST_CASE(utf8_is_told_from_other_bytes) {
  for (auto good : {"", "ascii of some length", "\xC3\xA4", "\xE2\x82\xAC", "\xF0\x9F\x98\x80",
                    "\xEF\xBF\xBF", "\xF4\x8F\xBF\xBF", "eight by\xC3\xA4 more"}) {
    BOOST_TEST(is_utf8(good), good);
  }
  for (auto bad : {"\xFF", "\x80", "\xC3", "\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xED\xA0\x80",
                   "\xF0\x80\x80\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xE2\x82",
                   "12345678\xC3(901234"}) {
    BOOST_TEST(!is_utf8(bad), bad);
  }
}

BOOST_AUTO_TEST_CASE(short_decimals_are_read_as_fast_float_reads_them) {
  BOOST_TEST(rc::check("any decimal", [] {
    auto sign = *rc::gen::element<std::string>("", "-");
    auto whole = *rc::gen::resize(10, rc::gen::container<std::string>(rc::gen::inRange('0', ':')));
    auto point = *rc::gen::element<std::string>("", ".", ".", ".");
    auto fraction =
        *rc::gen::resize(10, rc::gen::container<std::string>(rc::gen::inRange('0', ':')));
    auto rest = *rc::gen::element<std::string>("", "", "", "e3", "x");
    same_as_fast_float<double>(sign + whole + point + fraction + rest);
    same_as_fast_float<float>(sign + whole + point + fraction + rest);
  }));
  std::uint64_t state = 1;
  char text[64];
  for (int i = 0; i < 200000; ++i) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    std::snprintf(text, sizeof text, "%s%llu.%0*llu", state >> 63 ? "-" : "",
                  static_cast<unsigned long long>(state >> 40 & 0xffffff) >> (state % 24),
                  int(i % 8 + 1), static_cast<unsigned long long>(state >> 8 & 0xffffffff) % 10);
    same_as_fast_float<float>(text);
    same_as_fast_float<double>(text);
  }
}

BOOST_AUTO_TEST_CASE(decimals_near_the_middle_of_two_floats_are_rounded_right) {
  for (auto text :
       {"16777217", "16777217.00000001", "16777216.99999999", "16777219", "8388608.5", "8388609.5",
        "8388608.50000001", "67108868", "67108868.00000001", "67108867.99999999"}) {
    same_as_fast_float<float>(text);
  }
  std::uint64_t state = 1;
  char text[64];
  for (int i = 0; i < 200000; ++i) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    double scale = static_cast<double>(1u << (state >> 40) % 27);
    float low = static_cast<float>(state >> 32) / 4294967296.0f * static_cast<float>(scale);
    double middle =
        (static_cast<double>(low) + static_cast<double>(std::nextafter(low, 1e30f))) / 2;
    std::snprintf(text, sizeof text, "%.8f", middle);
    same_as_fast_float<float>(text);
  }
}

BOOST_AUTO_TEST_SUITE_END()
