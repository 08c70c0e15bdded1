/// Data sets of the Statistical Reference Datasets of the National Institute of Standards and Technology (public
/// domain, https://www.itl.nist.gov/div898/strd/), with their certified values: Longley (1967) and Wampler (1970).
#pragma once

#include "actors/tables.hpp"

#include <array>
#include <cmath>
#include <string>
#include <vector>

namespace leat::tests::strd {

/// Deflator, product, unemployed, forces, population, year; the target, employed, last.
inline std::vector<SampleColumn> longley() {
  const double rows[16][7] = {
      {60323, 83.0, 234289, 2356, 1590, 107608, 1947},  {61122, 88.5, 259426, 2325, 1456, 108632, 1948},
      {60171, 88.2, 258054, 3682, 1616, 109773, 1949},  {61187, 89.5, 284599, 3351, 1650, 110929, 1950},
      {63221, 96.2, 328975, 2099, 3099, 112075, 1951},  {63639, 98.1, 346999, 1932, 3594, 113270, 1952},
      {64989, 99.0, 365385, 1870, 3547, 115094, 1953},  {63761, 100.0, 363112, 3578, 3350, 116219, 1954},
      {66019, 101.2, 397469, 2904, 3048, 117388, 1955}, {67857, 104.6, 419180, 2822, 2857, 118734, 1956},
      {68169, 108.4, 442769, 2936, 2798, 120445, 1957}, {66513, 110.8, 444546, 4681, 2637, 121950, 1958},
      {68655, 112.6, 482704, 3813, 2552, 123366, 1959}, {69564, 114.2, 502601, 3931, 2514, 125368, 1960},
      {69331, 115.7, 518173, 4806, 2572, 127852, 1961}, {70551, 116.9, 554894, 4007, 2827, 130081, 1962}};
  std::vector<SampleColumn> columns = {{"deflator", {}}, {"product", {}},    {"unemployed", {}}, {"forces", {}},
                                 {"population", {}}, {"year", {}}, {"employed", {}}};
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < 6; ++i) columns[i].cells.push_back(row[i + 1]);
    columns[6].cells.push_back(row[0]);
  }
  return columns;
}
constexpr std::array<double, 6> kLongley = {15.0618722713733,    -0.358191792925910E-01, -2.02022980381683,
                                            -1.03322686717359,   -0.511041056535807E-01, 1829.15146461355};
constexpr std::array<double, 6> kLongleyErrors = {84.9149257747669,  0.334910077722432E-01, 0.488399681651699,
                                                  0.214274163161675, 0.226073200069370,     455.478499142212};
constexpr double kLongleyIntercept = -3482258.63459582;
constexpr double kLongleyInterceptError = 890420.383607373;
constexpr double kLongleyR2 = 0.995479004577296;
constexpr double kLongleyDeviation = 304.854073561965;

/// Wampler 1 to 5: a polynomial of degree 5 in x = 0 to 20; its powers, and the target last.
inline std::vector<SampleColumn> wampler(int number) {
  const double off[11] = {759, -2048, 2048, -2048, 2523, -2048, 2048, -2048, 1838, -2048, 2048};
  const double sizes[] = {0, 0, 0, 1, 100, 10000};
  std::vector<SampleColumn> columns;
  for (int power = 1; power <= 5; ++power) columns.push_back({"x" + std::to_string(power), {}});
  columns.push_back({"y", {}});
  for (int x = 0; x <= 20; ++x) {
    // In the second the coefficients are powers of 0.1, and y has five decimals.
    double y = 0;
    for (int power = 5; power >= 0; --power) y = y * x + (number == 2 ? std::pow(10, 5 - power) : 1);
    if (number == 2) y = y / 1e5;
    y += sizes[number] * off[x <= 10 ? x : 20 - x];
    for (int power = 1; power <= 5; ++power) {
      columns[static_cast<std::size_t>(power) - 1].cells.push_back(std::pow(x, power));
    }
    columns[5].cells.push_back(y);
  }
  return columns;
}
/// Of Wampler 3; 100 and 10,000 times as much for 4 and 5.
constexpr std::array<double, 5> kWamplerErrors = {2363.55173469681, 779.343524331583, 101.475507550350,
                                                  5.64566512170752, 0.112324854679312};
constexpr double kWamplerInterceptError = 2152.32624678170;
constexpr double kWamplerR2 = 0.999995559025820;

}  // namespace leat::tests::strd
