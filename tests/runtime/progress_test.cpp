// What the nodes of a job say adds up.
#include <boost/test/unit_test.hpp>

#include <leat/runtime/run.hpp>

using namespace leat;

namespace {

StageProgress stage(const char* name, std::size_t replicas, std::uint64_t times) {
  StageProgress made{.name = name, .replicas = replicas, .visits = 10 * times, .chunks_out = 20 * times, .bytes_out = 30 * times};
  made.busy = static_cast<double>(times);
  made.waiting = 2;
  made.idle = 3;
  made.queued = 4;
  made.counts = {{"rows", times}};
  return made;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(progress)

BOOST_AUTO_TEST_CASE(of_no_shares_there_is_nothing) {
  BOOST_TEST(sum({}).stages.empty());
}

BOOST_AUTO_TEST_CASE(one_share_is_the_whole) {
  Progress one{2, 10, 100, 5, 50, {stage("read", 1, 1), stage("parse", 2, 3)}};
  Progress whole = sum({one});
  BOOST_TEST(whole.seconds == 2);
  BOOST_TEST(whole.bytes == 10u);
  BOOST_TEST(whole.bytes_total == 100u);
  BOOST_REQUIRE(whole.stages.size() == 2u);
  BOOST_TEST(whole.stages[1].visits == 30u);
}

BOOST_AUTO_TEST_CASE(stages_add_up_by_name_and_time_does_not) {
  Progress source{2, 10, 100, 5, 50, {stage("read", 1, 1), stage("parse", 2, 3)}};
  Progress other{3, 0, 0, 0, 0, {stage("read", 0, 0), stage("parse", 4, 4)}};
  other.stages[1].counts["rows dropped"] = 7;
  Progress whole = sum({source, other});
  BOOST_TEST(whole.seconds == 3);
  BOOST_TEST(whole.bytes == 10u);
  BOOST_TEST(whole.bytes_total == 100u);
  BOOST_TEST(whole.rows == 5u);
  BOOST_TEST(whole.rows_total == 50u);
  BOOST_REQUIRE(whole.stages.size() == 2u);
  const StageProgress& parse = whole.stages[1];
  BOOST_TEST(parse.name == "parse");
  BOOST_TEST(parse.replicas == 6u);
  BOOST_TEST(parse.visits == 70u);
  BOOST_TEST(parse.chunks_out == 140u);
  BOOST_TEST(parse.bytes_out == 210u);
  BOOST_TEST(parse.busy == 7);
  BOOST_TEST(parse.waiting == 4);
  BOOST_TEST(parse.idle == 6);
  BOOST_TEST(parse.queued == 8);
  BOOST_TEST(parse.counts.at("rows") == 7u);
  BOOST_TEST(parse.counts.at("rows dropped") == 7u);
}

BOOST_AUTO_TEST_CASE(each_metric_is_added_up_or_is_the_largest_as_its_row_says) {
  for (const StageMetric& metric : kStageMetrics) {
    StageProgress one, other;
    metric.add(one, 3'000'000'000);
    metric.add(other, 4'000'000'000);
    BOOST_TEST(metric.units(one) == 3'000'000'000u, metric.name);
    BOOST_TEST(bool(metric.number) != bool(metric.seconds), metric.name);
    add(one, other);
    BOOST_TEST(metric.units(one) == (metric.largest ? 4'000'000'000u : 7'000'000'000u), metric.name);
    for (const StageMetric& beside : kStageMetrics) {
      if (&beside != &metric) BOOST_TEST(beside.units(one) == 0u, metric.name << " counts as " << beside.name);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
