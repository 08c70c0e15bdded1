#include <boost/test/unit_test.hpp>

#include <leat/app/run_curves.hpp>
#include <leat/app/show.hpp>
#include <leat/gateway/charts.hpp>

#include <nlohmann/json.hpp>

using namespace leat;
using Json = nlohmann::json;

BOOST_AUTO_TEST_SUITE(charts)

BOOST_AUTO_TEST_CASE(curves_of_stages_are_as_they_are_and_totals_are_rates) {
  std::vector<NamedCurve> curves = {{"train", "loss", {{1, 0.5}, {2, 0.25}}},
                                    {"", "bytes", {{100, 0}, {101, 1000}, {103, 5000}, {103.1, 5500}}},
                                    {"", "rows", {{100, 0}, {100.1, 7}}},
                                    {"", "memory", {{101, 4096}}}};
  Json told = Json::parse(charts_json(curves_json(curves)))["charts"];
  BOOST_REQUIRE_EQUAL(told.size(), 4u);
  BOOST_TEST((told[0] == Json{{"name", "loss"}, {"stage", "train"}, {"x", "step"}, {"points", {{1.0, 0.5}, {2.0, 0.25}}}}));
  // A last moment of a tenth of a second says nothing of a rate.
  BOOST_TEST((told[1] == Json{{"name", "bytes/s"}, {"x", "time"}, {"points", {{101.0, 1000.0}, {103.0, 2000.0}}}}));
  BOOST_TEST(told[2]["points"].size() == 1u);
  BOOST_TEST(told[2]["points"][0][1].get<double>() == 70, boost::test_tools::tolerance(1e-6));
  BOOST_TEST((told[3]["x"] == "time" && told[3]["points"] == Json{{101.0, 4096.0}}));
}

BOOST_AUTO_TEST_CASE(what_is_no_curves_has_no_charts) {
  for (const char* text : {"", "{", "[]", "{\"curves\":[{}]}", "{\"curves\":[{\"stage\":\"\",\"name\":\"rows\",\"samples\":[[1],[2]]}]}"}) {
    BOOST_TEST(charts_json(text) == "{\"charts\":[]}", text);
  }
}

BOOST_AUTO_TEST_CASE(a_run_draws_a_point_a_second_and_its_last) {
  RunCurves drawn;
  Progress progress;
  for (std::uint64_t i = 1; i <= 100; ++i) {
    progress.seconds = static_cast<double>(i) * 0.1;
    progress.rows = 10 * i;
    drawn.see(progress, 1'000'000'000'000 + i * 100'000'000, 7);
  }
  drawn.see(progress, 1'010'500'000'000, 8, true);
  auto curves = drawn.with({{"train", "loss", {}}});
  BOOST_REQUIRE_EQUAL(curves.size(), 4u);
  BOOST_TEST((curves[2].stage.empty() && curves[2].name == "rows"));
  BOOST_TEST((curves[2].samples.front() == Sample{1000, 0} && curves[2].samples.back() == Sample{1010.5, 1000}));
  BOOST_TEST((curves[2].samples.size() == 12 && curves[3].samples.size() == 11));
}

BOOST_AUTO_TEST_CASE(of_a_month_the_points_are_as_many_as_a_page_takes) {
  RunCurves drawn;
  Progress progress;
  for (std::uint64_t second = 1; second <= 30 * 86400; ++second) {
    progress.seconds = static_cast<double>(second);
    progress.bytes = 1000 * second;
    drawn.see(progress, second * 1'000'000'000, 7);
  }
  Json told = Json::parse(charts_json(curves_json(drawn.with({}))))["charts"];
  for (const Json& chart : told) BOOST_TEST((chart["points"].size() > 2000 && chart["points"].size() <= Curve::kMost));
  for (const Json& point : told[0]["points"]) BOOST_TEST(point[1].get<double>() == 1000, boost::test_tools::tolerance(1e-6));
}

BOOST_AUTO_TEST_SUITE_END()
