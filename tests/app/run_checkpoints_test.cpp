#include <boost/test/unit_test.hpp>

#include <leat/app/run_checkpoints.hpp>

using namespace leat;
using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;

}  // namespace

BOOST_AUTO_TEST_SUITE(run_checkpoints)

BOOST_AUTO_TEST_CASE(before_the_first_there_is_no_latest) {
  RunCheckpoints none;
  BOOST_TEST(none.json(5) == R"({"published":0,"given_up":0,"restarts":0})");
  BOOST_TEST(metrics_text(checkpoint_metrics("train", none, 5)) ==
             "# HELP leat_checkpoints_total Checkpoints that were ordered, by what has come of them.\n"
             "# TYPE leat_checkpoints_total counter\n"
             "leat_checkpoints_total{job=\"train\",result=\"published\"} 0\n"
             "leat_checkpoints_total{job=\"train\",result=\"given_up\"} 0\n"
             "# HELP leat_job_restarts_total Times that a job has begun anew from a checkpoint by itself.\n"
             "# TYPE leat_job_restarts_total counter\n"
             "leat_job_restarts_total{job=\"train\"} 0\n");
}

BOOST_AUTO_TEST_CASE(what_is_given_up_is_counted_and_the_latest_stays) {
  RunCheckpoints some;
  some.see({3, 4096, 250ms, ""}, 10 * kSecond);
  some.see({4, 0, 1s, "the disk is full"}, 11 * kSecond);
  BOOST_TEST(some.json(12 * kSecond) == R"({"published":1,"given_up":1,"restarts":0,"latest":3,"bytes":4096,"seconds":0.25,"age_s":2.0})");
  std::string text = metrics_text(checkpoint_metrics("train", some, 12 * kSecond));
  for (const char* line : {"leat_checkpoints_total{job=\"train\",result=\"given_up\"} 1\n", "leat_checkpoint_age_seconds{job=\"train\"} 2\n",
                           "leat_checkpoint_bytes{job=\"train\"} 4096\n", "leat_checkpoint_seconds{job=\"train\"} 0.25\n"}) {
    BOOST_TEST_CONTEXT(text) BOOST_TEST((text.find(line) != std::string::npos), line);
  }
}

BOOST_AUTO_TEST_CASE(a_clock_that_is_set_back_makes_no_age_of_centuries) {
  RunCheckpoints some;
  some.see({1, 8, 1ms, ""}, 10 * kSecond);
  BOOST_TEST(some.json(9 * kSecond).find("\"age_s\":0.0") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
