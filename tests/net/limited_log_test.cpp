#include <boost/test/unit_test.hpp>

#include <leat/net/limited_log.hpp>

#include "net/recorded_log.hpp"

namespace leat::tests {
namespace {

using std::chrono::seconds;
using Clock = LineLimit::Clock;

Clock::time_point at(int s) { return Clock::time_point(seconds(s)); }
LineLimit::Line line(const std::string& from, const std::string& reason) {
  return {LogLevel::warning, "connection refused", from, reason};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(limited_log)

BOOST_AUTO_TEST_CASE(of_like_lines_one_is_written_and_the_others_are_counted) {
  LineLimit limit(seconds(10), 4);
  BOOST_TEST(limit.admits(line("10.0.0.1", "no hello"), at(0)));
  for (int i = 0; i < 312; ++i)
    BOOST_TEST(!limit.admits(line("10.0.0.1", "no hello"), at(9)));
  BOOST_TEST(limit.over(at(9)).empty());
  BOOST_TEST((limit.next() == at(10)));
  auto left_out = limit.over(at(10));
  BOOST_REQUIRE(left_out.size() == 1u);
  BOOST_TEST((left_out[0].line == line("10.0.0.1", "no hello")));
  BOOST_TEST(left_out[0].times == 312u);
  BOOST_TEST(!limit.next().has_value());
  BOOST_TEST(limit.admits(line("10.0.0.1", "no hello"), at(11)), "a new interval begins with a line");
}

BOOST_AUTO_TEST_CASE(lines_that_differ_are_written_each) {
  LineLimit limit(seconds(10), 4);
  BOOST_TEST(limit.admits(line("10.0.0.1", "no hello"), at(0)));
  BOOST_TEST(limit.admits(line("10.0.0.2", "no hello"), at(1)));
  BOOST_TEST(limit.admits(line("10.0.0.1", "garbage"), at(2)));
  LineLimit::Line other = line("10.0.0.1", "no hello");
  other.level = LogLevel::error;
  BOOST_TEST(limit.admits(other, at(3)));
  BOOST_TEST(limit.over(at(100)).empty(), "of each there was one");
}

BOOST_AUTO_TEST_CASE(who_has_ever_new_addresses_and_reasons_gets_few_lines) {
  LineLimit limit(seconds(10), 4);
  std::size_t written = 0;
  for (int i = 0; i < 1000; ++i)
    written += limit.admits(line("10.0.0." + std::to_string(i), "job " + std::to_string(i)), at(1));
  BOOST_TEST(written == 5u);
  auto left_out = limit.over(at(11));
  BOOST_REQUIRE(left_out.size() == 1u);
  BOOST_TEST(left_out[0].times == 995u);
  BOOST_TEST(left_out[0].line.from == "others");
  BOOST_TEST(!limit.next().has_value());
}

BOOST_AUTO_TEST_CASE(a_port_tells_no_lines_apart_and_what_was_left_out_is_said_at_the_end) {
  asio::io_context io;
  RecordedLog log;
  auto limited = std::make_shared<LimitedLog>(io, log.log());
  for (int port = 1; port <= 5; ++port)
    limited->warning("connection refused", "[::1]:" + std::to_string(port), "garbage");
  limited->error("connection refused", "", "the service inside is gone");
  limited->close();
  limited->close();
  io.run();
  BOOST_TEST(log.all() ==
             "connection refused peer=[::1]:1 reason=garbage\n"
             "connection refused reason=the service inside is gone\n"
             "connection refused peer=[::1] reason=garbage more=and 4 more\n");
}

BOOST_AUTO_TEST_CASE(what_was_left_out_is_said_when_its_interval_ends_though_nobody_comes) {
  asio::io_context io;
  RecordedLog log;
  auto limited = std::make_shared<LimitedLog>(io, log.log(), std::chrono::milliseconds(20));
  while (log.lines_with("more") == 0) {
    limited->warning("connection refused", "127.0.0.1:1", "garbage");
    limited->warning("connection refused", "127.0.0.1:2", "garbage");
    io.restart();
    io.run();
  }
  BOOST_TEST(log.lines_with("more=and ") == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace leat::tests
