#include <leat/actors/models/score_report.hpp>

#include "actors/tables.hpp"

#include <cmath>

using namespace leat;
using namespace leat::tests;

namespace {

std::vector<std::pair<std::string, std::string>> reported(double r2) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  Building<schema::Score> building(*pool, 256);
  auto root = building.root();
  root.setTarget("delay");
  root.setRows(40021);
  root.setRmse(38.52149);
  root.setMae(22);
  root.setR2(r2);
  BOOST_TEST(feed(*score_report().actor({}), {std::move(building).finish()}, out).ok());
  return out.reports;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(score_report)

BOOST_AUTO_TEST_CASE(errors_are_reported_with_the_target_and_few_digits) {
  auto lines = reported(0.0153);
  BOOST_REQUIRE(lines.size() == 5u);
  BOOST_TEST(lines[0].second == "delay");
  BOOST_TEST(lines[1].first == "rmse");
  BOOST_TEST(lines[1].second == "38.521");
  BOOST_TEST(lines[2].second == "22");
  BOOST_TEST(lines[3].second == "0.0153");
  BOOST_TEST(lines[4].first == "held-out rows");
  BOOST_TEST(lines[4].second == "40021");
}

BOOST_AUTO_TEST_CASE(an_r2_that_does_not_exist_is_said) {
  BOOST_TEST(reported(NAN)[3].second == "undefined (delay is constant)");
}

BOOST_AUTO_TEST_SUITE_END()
