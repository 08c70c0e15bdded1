#include <leat/actors/regression/linear_model.hpp>

#include <leat/actor/saturating.hpp>
#include <leat/actors/regression/collinearity.hpp>
#include <leat/actors/regression/student_t.hpp>

#include <charconv>
#include <cmath>

namespace leat {
namespace {

constexpr capnp::uint kShown = 32;
constexpr int kFewDigits = 6;
constexpr double kNearlyDependent = 1e4;

using Texts = capnp::List<capnp::Text>;

std::vector<std::string> names_of(Texts::Reader list) {
  std::vector<std::string> names;
  for (auto name : list) names.emplace_back(name.cStr(), name.size());
  return names;
}

void fill(Texts::Builder list, const std::vector<std::string>& names) {
  for (capnp::uint i = 0; i < list.size(); ++i) list.set(i, names[i].c_str());
}

void fill(capnp::List<double>::Builder list, const std::vector<double>& numbers) {
  for (capnp::uint i = 0; i < list.size(); ++i) list.set(i, numbers[i]);
}

capnp::uint count_of(const auto& list) { return static_cast<capnp::uint>(list.size()); }

// Infinite where there is no error and a coefficient, as with an exact fit.
double ratio(double coefficient, double error) { return coefficient == 0 && error == 0 ? 0 : coefficient / error; }

void set_errors(schema::LinearModel::Builder root, const LeastSquares& solved) {
  capnp::uint count = count_of(solved.standard_errors);
  if (count == 0) return;
  fill(root.initStandardErrors(count), solved.standard_errors);
  auto t = root.initTValues(count), p = root.initPValues(count);
  for (capnp::uint i = 0; i < count; ++i) {
    t.set(i, ratio(solved.coefficients[i], solved.standard_errors[i]));
    p.set(i, two_sided_p(t[i], solved.degrees));
  }
  root.setInterceptStandardError(solved.intercept_error);
  root.setInterceptT(ratio(solved.intercept, solved.intercept_error));
  root.setInterceptP(two_sided_p(root.getInterceptT(), solved.degrees));
}

std::string digits(double number, int count = 6) {
  char text[32];
  auto end = std::to_chars(text, text + sizeof text, number, std::chars_format::general, count).ptr;
  return {text, end};
}

// Four digits each: a line is to fit a terminal.
std::string tested(double error, double t, double p) {
  return digits(error, 4) + " (t " + digits(t, 4) + ", p " + digits(p, 4);
}

void report_coefficients(Outbox& out, schema::LinearModel::Reader model) {
  bool errors = model.getStandardErrors().size() > 0;
  if (!model.getThroughOrigin()) {
    out.report("intercept", digits(model.getIntercept()));
    std::string line = tested(model.getInterceptStandardError(), model.getInterceptT(), model.getInterceptP());
    if (errors) out.report("standard error of the intercept", line + ")");
  }
  for (capnp::uint i = 0; i < model.getFeatures().size() && i < kShown; ++i) {
    std::string name = model.getFeatures()[i].cStr();
    out.report("coefficient of " + name, digits(model.getCoefficients()[i]));
    if (i >= model.getVarianceInflation().size()) continue;
    std::string inflation = digits(model.getVarianceInflation()[i], 4);
    if (errors) {
      std::string line = tested(model.getStandardErrors()[i], model.getTValues()[i], model.getPValues()[i]);
      out.report("standard error of " + name, line + ", vif " + inflation + ")");
    } else {
      out.report("variance inflation of " + name, inflation);
    }
  }
}

std::string warning(schema::LinearModel::Reader model) {
  std::string line = "the coefficients have about " + std::to_string(model.getDigits()) + " right digits: ";
  auto collinear = names_of(model.getCollinear());
  if (model.getCondition() > kNearlyDependent && collinear.size() > 1) {
    return line + "columns " + listed_names(collinear) + " are nearly dependent (condition " +
           digits(model.getCondition()) + "); remove one of them, or set l2 above 0";
  }
  return line + "the columns vary little against the rounding of their cells; parse f32 columns as f64, or take "
                "from them what all rows have in common where they are made";
}

}  // namespace

std::uint64_t linear_model_bytes(std::uint64_t sums_chunk) {
  return Pool::footprint(plus(times(3, sums_chunk), 1024));
}

Chunk linear_model(Pool& pool, const CrossMoments& sums, const LeastSquares& solved, double l2) {
  std::vector<std::string> features(sums.columns().begin(), sums.columns().end() - 1);
  Building<schema::LinearModel> building(pool, 512 + 128 * features.size());
  auto root = building.root();
  root.setTarget(sums.columns().back().c_str());
  fill(root.initFeatures(count_of(features)), features);
  fill(root.initCoefficients(count_of(features)), solved.coefficients);
  root.setIntercept(solved.intercept);
  root.setL2(l2);
  root.setRows(sums.rows());
  root.setSkipped(sums.skipped());
  root.setThroughOrigin(!sums.centred());
  fill(root.initLeftOut(count_of(sums.left_out())), sums.left_out());
  set_errors(root, solved);
  fill(root.initVarianceInflation(count_of(solved.inflation)), solved.inflation);
  root.setResidualSquares(solved.residual_squares);
  root.setR2(solved.r2);
  root.setAdjustedR2(solved.adjusted_r2);
  root.setCondition(solved.condition);
  fill(root.initCollinear(count_of(solved.collinear)), solved.collinear);
  root.setDigits(static_cast<std::uint8_t>(solved.digits));
  return std::move(building).finish();
}

namespace {

void report_fit(Outbox& out, schema::LinearModel::Reader model) {
  bool constant = std::isnan(model.getR2());
  std::string r2 = constant ? "undefined (" + std::string(model.getTarget().cStr()) + " is constant)"
                            : digits(model.getR2());
  if (!std::isnan(model.getAdjustedR2())) r2 += " (adjusted " + digits(model.getAdjustedR2()) + ")";
  out.report("training r2", r2);
  std::string condition = digits(model.getCondition());
  auto collinear = names_of(model.getCollinear());
  if (!collinear.empty()) condition += " (for " + listed_names(collinear) + ")";
  out.report("condition", condition);
  out.report("digits", std::to_string(model.getDigits()));
}

void report_descent(Outbox& out, schema::LinearModel::Reader model) {
  out.report("passes", std::to_string(model.getPasses()));
  out.report("steps", std::to_string(model.getSteps()));
  out.report(model.getLogistic() ? "log loss of the last pass" : "mean squared error of the last pass", digits(model.getLoss()));
}

}  // namespace

void report_model(Outbox& out, schema::LinearModel::Reader model) {
  bool solved = model.getPasses() == 0;
  out.report("features used", listed_names(names_of(model.getFeatures())));
  if (model.getLeftOut().size() > 0) out.report("columns left out", listed_names(names_of(model.getLeftOut())));
  std::string rows = std::to_string(model.getRows());
  if (model.getSkipped() > 0) rows += " (" + std::to_string(model.getSkipped()) + " skipped for a null)";
  out.report("rows trained on", rows);
  if (solved) {
    report_fit(out, model);
  } else {
    report_descent(out, model);
  }
  report_coefficients(out, model);
  if (solved && model.getDigits() < kFewDigits) out.report("warning", warning(model));
}

}  // namespace leat
