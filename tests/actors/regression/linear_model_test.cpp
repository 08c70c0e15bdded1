#include <leat/actors/regression/linear_model.hpp>

#include "actors/regression/strd.hpp"

#include <leat/actors/regression/linear_regression.hpp>

#include <cmath>

using namespace leat;
using namespace leat::tests;

namespace {

struct Trained {
  std::shared_ptr<Pool> pool = Pool::make();
  RecordingOutbox out{*pool};
  Chunk chunk;

  Trained(const std::vector<SampleColumn>& columns, LinearRegression options) {
    auto made = fold(leat::linear_regression(std::move(options)), cut(*pool, columns, {3}), 1, out);
    BOOST_REQUIRE_MESSAGE(made.ok(), sentence(made));
    chunk = *made;
  }
  schema::LinearModel::Reader model() const { return chunk.root<schema::LinearModel>(); }
  std::string line(const std::string& name) const {
    for (const auto& [one, value] : out.reports) {
      if (one == name) return value;
    }
    return "";
  }
};

bool near(double got, double wanted, double most) { return std::abs(got / wanted - 1) < most; }

}  // namespace

BOOST_AUTO_TEST_SUITE(linear_model)

BOOST_AUTO_TEST_CASE(longleys_errors_are_the_certified_ones) {
  Trained trained(strd::longley(), {.target = "employed"});
  auto model = trained.model();
  for (capnp::uint i = 0; i < 6; ++i) {
    BOOST_TEST(near(model.getCoefficients()[i], strd::kLongley[i], 1e-11));
    BOOST_TEST(near(model.getStandardErrors()[i], strd::kLongleyErrors[i], 1e-11));
    BOOST_TEST(near(model.getTValues()[i], strd::kLongley[i] / strd::kLongleyErrors[i], 1e-11));
  }
  BOOST_TEST(near(model.getIntercept(), strd::kLongleyIntercept, 1e-11));
  BOOST_TEST(near(model.getInterceptStandardError(), strd::kLongleyInterceptError, 1e-11));
  BOOST_TEST(near(model.getR2(), strd::kLongleyR2, 1e-13));
  BOOST_TEST(near(model.getAdjustedR2(), 1 - (1 - strd::kLongleyR2) * 15 / 9, 1e-13));
  BOOST_TEST(near(std::sqrt(model.getResidualSquares() / 9), strd::kLongleyDeviation, 1e-11));
  // Of the t of the year, 4.016 with 9 degrees of freedom.
  BOOST_TEST(near(model.getPValues()[5], 0.003037, 1e-3));
  // Its variance inflation and condition: 758.98 for the year, 12,220 for the correlation matrix.
  BOOST_TEST(near(model.getVarianceInflation()[5], 758.9806, 1e-5));
  BOOST_TEST(near(model.getCondition(), 110.544, 1e-4));
  BOOST_TEST(model.getRows() == 16u);
}

BOOST_AUTO_TEST_CASE(wamplers_errors_are_the_certified_ones) {
  double size = 1;
  for (int number : {3, 4, 5}) {
    Trained trained(strd::wampler(number), {.target = "y"});
    auto model = trained.model();
    for (capnp::uint i = 0; i < 5; ++i) {
      BOOST_TEST(near(model.getCoefficients()[i], 1, 1e-13));
      BOOST_TEST(near(model.getStandardErrors()[i], size * strd::kWamplerErrors[i], 1e-12));
    }
    BOOST_TEST(near(model.getInterceptStandardError(), size * strd::kWamplerInterceptError, 1e-12));
    if (number == 3) BOOST_TEST(near(model.getR2(), strd::kWamplerR2, 1e-13));
    size *= 100;
  }
  // Fitted exactly: no error at all.
  Trained trained(strd::wampler(1), {.target = "y"});
  BOOST_TEST(trained.model().getR2() == 1.0);
  BOOST_TEST(trained.model().getStandardErrors()[4] == 0.0);
  BOOST_TEST(trained.model().getPValues()[4] == 0.0);
}

BOOST_AUTO_TEST_CASE(the_report_says_what_was_used_and_what_it_is_worth) {
  auto columns = strd::longley();
  columns.push_back({"note", std::vector<std::optional<double>>(16, 1.0), ColumnType::TEXT});
  columns[0].cells[3].reset();
  Trained trained(columns, {.target = "employed"});
  BOOST_TEST(trained.line("features used") == "deflator, product, unemployed, forces, population and year");
  BOOST_TEST(trained.line("columns left out") == "note (text)");
  BOOST_TEST(trained.line("rows trained on") == "15 (1 skipped for a null)");
  BOOST_TEST(says(trained.line("training r2"), {"0.99", "adjusted 0.99"}));
  BOOST_TEST(says(trained.line("condition"), {"(for ", "product", "year"}));
  BOOST_TEST(says(trained.line("standard error of year"), {" (t ", ", p ", ", vif "}));
  BOOST_TEST(trained.line("coefficient of year") != "");
  BOOST_TEST(says(trained.line("standard error of the intercept"), {" (t ", ", p "}));
  BOOST_TEST(trained.line("warning") == "");
  BOOST_TEST(trained.model().getLeftOut().size() == 1u);
  BOOST_TEST(trained.model().getSkipped() == 1u);
}

BOOST_AUTO_TEST_CASE(few_digits_are_warned_of_with_the_reason) {
  std::vector<SampleColumn> columns = {{"a", {}}, {"b", {}}, {"c", {}}, {"y", {}}};
  for (int i = 0; i < 40; ++i) {
    double a = i * i % 17, b = a + 1e-11 * (i * 7 % 11), c = i % 5;
    std::size_t at = 0;
    for (double cell : {a, b, c, a + b + c + i % 3}) columns[at++].cells.push_back(cell);
  }
  Trained trained(columns, {.target = "y"});
  BOOST_TEST(says(trained.line("warning"), {"right digits", "columns a and b are nearly dependent", "condition", "l2"}));
  BOOST_TEST(trained.model().getCollinear().size() == 2u);
}

BOOST_AUTO_TEST_CASE(cells_that_round_off_what_varies_are_warned_of) {
  std::vector<SampleColumn> columns = {{"a", {}, ColumnType::F32}, {"y", {}}};
  for (int i = 0; i < 40; ++i) {
    columns[0].cells.push_back(static_cast<float>(1e6 + i * i % 17));
    columns[1].cells.push_back(i);
  }
  Trained trained(columns, {.target = "y"});
  BOOST_TEST(says(trained.line("warning"), {"right digits", "rounding of their cells", "f64"}));
}

BOOST_AUTO_TEST_CASE(without_an_intercept_or_with_a_ridge_less_is_said) {
  Trained origin({{"a", {1, 2, 3, 4}}, {"y", {2, 4, 6, 9}}}, {.target = "y", .intercept = false});
  BOOST_TEST(near(origin.model().getCoefficients()[0], 64.0 / 30, 1e-15));
  BOOST_TEST(origin.model().getIntercept() == 0.0);
  BOOST_TEST(origin.model().getThroughOrigin());
  BOOST_TEST(near(origin.model().getR2(), 64.0 * 64 / 30 / 137, 1e-14));
  BOOST_TEST(origin.line("intercept") == "");
  Trained ridge({{"a", {1, 2, 3, 4}}, {"y", {2, 4, 6, 9}}}, {.target = "y", .l2 = 5});
  // Sums of squares and products about the means: 5, 11.5 and 26.75.
  BOOST_TEST(near(ridge.model().getCoefficients()[0], 1.15, 1e-15));
  BOOST_TEST(near(ridge.model().getResidualSquares(), 26.75 - 2 * 1.15 * 11.5 + 1.15 * 1.15 * 5, 1e-14));
  BOOST_TEST(ridge.model().getStandardErrors().size() == 0u);
  BOOST_TEST(ridge.model().getVarianceInflation().size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
