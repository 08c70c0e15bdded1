#include "own_actor/hourly.hpp"

#include <leat/actor/recording_outbox.hpp>

#include <boost/test/unit_test.hpp>

namespace {

leat::Table flights(leat::Pool& pool, std::vector<double> times, std::vector<double> delays) {
  leat::TableBuilder builder(pool, {{"time"}, {"delay"}}, times.size());
  std::copy(times.begin(), times.end(), builder.cells<double>(0).data());
  std::copy(delays.begin(), delays.end(), builder.cells<double>(1).data());
  return std::move(builder).finish(times.size(), 0);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(own_actor)

BOOST_AUTO_TEST_CASE(flights_are_counted_and_averaged_hour_by_hour) {
  auto pool = leat::Pool::make();
  leat::RecordingOutbox out(*pool);
  Hourly actor;
  auto first = flights(*pool, {0.0, 7.5, 7.9}, {3, 10, 20});
  auto second = flights(*pool, {7.0, 23.99}, {30, -5});
  BOOST_REQUIRE(leat::feed(actor, {first.chunk(), second.chunk()}, out));
  BOOST_REQUIRE(out.emitted.size() == 1u);
  leat::Table hours(out.emitted[0]);
  BOOST_TEST(hours.rows() == 24u);
  BOOST_TEST(hours.values<std::int64_t>(1)[7] == 3);
  BOOST_TEST(hours.values<double>(2)[7] == 20.0);
  BOOST_TEST(hours.values<double>(2)[23] == -5.0);
  BOOST_TEST(hours.values<std::int64_t>(1)[12] == 0);
}

BOOST_AUTO_TEST_CASE(an_interrupted_run_gives_nothing) {
  auto pool = leat::Pool::make();
  leat::RecordingOutbox out(*pool);
  Hourly actor;
  BOOST_REQUIRE(leat::feed(actor, {flights(*pool, {1}, {1}).chunk()}, out, leat::Ending::interrupted));
  BOOST_TEST(out.emitted.empty());
}

BOOST_AUTO_TEST_CASE(a_missing_column_is_found_before_the_start) {
  leat::Description input;
  input.fields = {{"time"}};
  auto described = hourly().describe({input});
  BOOST_REQUIRE(!described);
  BOOST_TEST(described.error().sentence == "needs a numeric column delay; there are time");
}

BOOST_AUTO_TEST_SUITE_END()
