// The digits of regressions against the same in rational numbers, and against Householder's QR.
#include <leat/actors/regression/least_squares.hpp>

#include "actors/regression/exact_regression.hpp"
#include "actors/regression/strd.hpp"

#include <leat/actors/regression/linear_regression.hpp>

#include <cmath>
#include <random>

using namespace leat;
using namespace leat::tests;

namespace {

struct Fitted {
  double digits = 0;     // right ones, of the coefficients and the intercept
  double qr = 0;
  double condition = 0;
  std::string sentence;  // of the refusal
  int said = 0;          // digits that the model says it has
};

Fitted fitted(const std::vector<SampleColumn>& columns, LinearRegression options = {.target = "y"}) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  auto rows = columns[0].cells.size();
  auto made = fold(leat::linear_regression(options), cut(*pool, columns, {rows / 3, rows / 2}), 2, out);
  Fitted found;
  found.sentence = sentence(made);
  if (!made.ok()) return found;
  auto model = made->root<schema::LinearModel>();
  auto wanted = exact_regression(columns, options.l2, options.intercept);
  found.digits = right_digits(model, wanted);
  if (options.l2 == 0 && options.intercept) found.qr = right_digits_of_qr(columns, wanted);
  found.condition = model.getCondition();
  found.said = model.getDigits();
  return found;
}

// What is asked of every set of f64 cells.
bool right(const std::string& name, const Fitted& found) {
  BOOST_TEST_MESSAGE(name << ": digits " << found.digits << ", QR " << found.qr << ", condition " << found.condition
                          << ", said " << found.said << " " << found.sentence);
  if (!found.sentence.empty()) return false;
  if (found.condition <= 1e7) return found.digits >= 14;
  return found.digits >= found.qr - 1;
}

std::vector<SampleColumn> polynomial(int degree, double first, double step, int rows) {
  std::vector<SampleColumn> columns(static_cast<std::size_t>(degree) + 1);
  columns.back().name = "y";
  for (int power = 1; power <= degree; ++power) {
    columns[static_cast<std::size_t>(power) - 1].name = "x" + std::to_string(power);
  }
  for (int r = 0; r < rows; ++r) {
    double x = first + step * r, y = 1;
    for (int power = 1; power <= degree; ++power) {
      double cell = std::pow(x, power);
      columns[static_cast<std::size_t>(power) - 1].cells.push_back(cell);
      y += cell;
    }
    columns.back().cells.push_back(y + ((r * 7) % 5 - 2));
  }
  return columns;
}

// Two columns that differ by `apart` of their deviation, a third, and a target with noise; all multiplied by
// `scale` and moved by `offset`.
std::vector<SampleColumn> pair_apart(double apart, double scale = 1, double offset = 0, std::size_t rows = 60) {
  std::mt19937 generator(11);
  std::uniform_int_distribution<int> some(-1000, 1000);
  std::vector<SampleColumn> columns = {{"a", {}}, {"b", {}}, {"c", {}}, {"y", {}}};
  for (std::size_t r = 0; r < rows; ++r) {
    double a = some(generator), b = a + apart * some(generator), c = some(generator);
    double y = a + 2 * b - 3 * c + some(generator);
    std::size_t i = 0;
    for (double cell : {a, b, c, y}) columns[i++].cells.push_back((cell + offset) * scale);
  }
  return columns;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(least_squares)

BOOST_AUTO_TEST_CASE(the_reference_data_sets_have_all_their_digits) {
  auto columns = strd::longley();
  BOOST_TEST(right("Longley", fitted(columns, {.target = "employed"})));
  for (int number = 1; number <= 5; ++number) {
    BOOST_TEST(right("Wampler " + std::to_string(number), fitted(strd::wampler(number))));
  }
}

BOOST_AUTO_TEST_CASE(polynomials_to_the_tenth_degree_are_no_worse_than_a_qr) {
  for (int degree = 1; degree <= 10; ++degree) {
    BOOST_TEST(right("integers, degree " + std::to_string(degree), fitted(polynomial(degree, 0, 1, 21))));
    BOOST_TEST(right("decimals, degree " + std::to_string(degree), fitted(polynomial(degree, 0.1, 0.1, 40))));
  }
}

BOOST_AUTO_TEST_CASE(near_collinear_pairs_are_right_or_refused_with_the_reason) {
  for (int power = 0; power <= 13; ++power) {
    Fitted found = fitted(pair_apart(std::pow(10, -power)));
    BOOST_TEST(right("a pair 1e-" + std::to_string(power) + " apart", found));
  }
  for (double apart : {1e-15, 1e-16, 0.0}) {
    Fitted found = fitted(pair_apart(apart));
    BOOST_TEST_MESSAGE("apart " << apart << ": " << found.digits << " " << found.sentence);
    BOOST_TEST(says(found.sentence, {"columns a and b are linearly dependent", "l2"}));
  }
}

BOOST_AUTO_TEST_CASE(offsets_cost_no_digits) {
  for (int power = 9; power <= 15; ++power) {
    BOOST_TEST(right("offset 1e" + std::to_string(power), fitted(pair_apart(1, 1, std::pow(10, power)))));
    BOOST_TEST(right("near, offset 1e" + std::to_string(power),
                     fitted(pair_apart(power < 13 ? 0.001 : 1, 1, std::pow(10, power), 200))));
  }
}

BOOST_AUTO_TEST_CASE(no_scale_is_too_small_or_too_large) {
  for (int power = -200; power <= 200; power += 40) {
    BOOST_TEST(right("scale 1e" + std::to_string(power), fitted(pair_apart(0.01, std::pow(10.0, power)))));
  }
  // Of columns in units of their own.
  auto columns = pair_apart(1);
  for (auto& cell : columns[0].cells) cell = *cell * 1e-150;
  for (auto& cell : columns[1].cells) cell = *cell * 1e120;
  BOOST_TEST(right("scales apart", fitted(columns)));
  for (auto& cell : columns[3].cells) cell = *cell * 1e200;
  BOOST_TEST(says(fitted(columns).sentence, {"coefficient of column a", "too large", "unit"}));
  columns = pair_apart(1);
  for (auto& cell : columns[0].cells) cell = *cell * 1e200;
  for (auto& cell : columns[3].cells) cell = *cell * 1e-200;
  BOOST_TEST(says(fitted(columns).sentence, {"coefficient of column a", "too small", "unit"}));
}

BOOST_AUTO_TEST_CASE(a_ridge_and_no_intercept_are_as_exact) {
  for (double l2 : {1e-6, 1.0, 1e6}) {
    Fitted found = fitted(pair_apart(1e-3), {.target = "y", .l2 = l2});
    BOOST_TEST(right("ridge " + std::to_string(l2), found));
  }
  for (double offset : {0.0, 1e3, 1e6}) {
    Fitted found = fitted(pair_apart(1e-2, 1, offset), {.target = "y", .intercept = false});
    BOOST_TEST(right("no intercept, offset " + std::to_string(offset), found));
  }
  BOOST_TEST(right("a ridge that no column needs", fitted(pair_apart(0), {.target = "y", .l2 = 1})));
}

BOOST_AUTO_TEST_CASE(the_cells_type_caps_the_digits_that_are_said) {
  auto columns = strd::longley();
  int whole = fitted(columns, {.target = "employed"}).said;
  for (SampleColumn& column : columns) {
    column.type = ColumnType::F32;
    for (auto& cell : column.cells) cell = static_cast<float>(*cell);
  }
  Fitted narrow = fitted(columns, {.target = "employed"});
  BOOST_TEST_MESSAGE("Longley: f64 says " << whole << ", f32 " << narrow.said);
  // For the cells as they are there are all of them.
  BOOST_TEST(narrow.digits >= 14);
  BOOST_TEST(narrow.said >= 2);
  BOOST_TEST(narrow.said <= 6);
  BOOST_TEST(whole >= 11);
  auto near = pair_apart(1);
  for (std::size_t r = 0; r < near[0].cells.size(); ++r) {
    near[1].cells[r] = static_cast<float>(0.3 * *near[0].cells[r]);
  }
  for (SampleColumn& column : near) column.type = ColumnType::F32;
  BOOST_TEST(says(fitted(near).sentence, {"columns a and b are linearly dependent"}));
}

BOOST_AUTO_TEST_CASE(constant_columns_are_told_by_their_types_rounding) {
  auto columns = pair_apart(1);
  for (std::size_t r = 0; r < columns[2].cells.size(); ++r) columns[2].cells[r] = r % 2 ? 0.1 : std::nextafter(0.1, 1);
  BOOST_TEST(says(fitted(columns).sentence, {"column c is constant"}));
  for (std::size_t r = 0; r < columns[2].cells.size(); ++r) columns[2].cells[r] = 1e-170 * static_cast<double>(r % 7);
  BOOST_TEST(right("a column as small as 1e-170", fitted(columns)));
  for (auto& cell : columns[2].cells) cell = 3;
  BOOST_TEST(says(fitted(columns).sentence, {"column c is constant"}));
  BOOST_TEST(right("a constant without intercept", fitted(columns, {.target = "y", .intercept = false})));
  for (auto& cell : columns[2].cells) cell = 0;
  BOOST_TEST(says(fitted(columns, {.target = "y", .intercept = false}).sentence, {"column c is 0 in every row"}));
}

BOOST_AUTO_TEST_SUITE_END()
