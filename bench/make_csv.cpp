// Writes the CSV file the benchmarks read, always the same bytes for the same arguments: the
// columns c0, c1, ... are features with their own mean and spread, the last one is the target
// 'y', a linear combination of them plus noise. About 9.7 bytes a cell, separator included.
//
// Every value is computed in whole millionths, so no compiler, flag or libm changes the file.

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>
#include <vector>

#include <CLI/CLI.hpp>

namespace {

using Millionths = std::int64_t;

/// About normal, mean 0, standard deviation 1: the sum of four 16-bit uniforms of one draw.
Millionths bell(std::mt19937_64& random) {
  const std::uint64_t draw = random();
  std::int64_t sum = -2 * 65535;
  for (int shift = 0; shift < 64; shift += 16)
    sum += static_cast<std::int64_t>((draw >> shift) & 0xffff);
  return sum * 1000000 / 37837;  // 65536 x sqrt(4 / 12)
}

/// Appends value / 10^6 with six decimals.
char* write_number(char* to, Millionths value) {
  if (value < 0) *to++ = '-';
  std::uint64_t left = static_cast<std::uint64_t>(value < 0 ? -value : value);
  char digits[24];
  int count = 0;
  while (left > 0 || count < 8) {
    digits[count++] = static_cast<char>('0' + left % 10);
    left /= 10;
    if (count == 6) digits[count++] = '.';
  }
  while (count > 0)
    *to++ = digits[--count];
  return to;
}

struct Feature {
  Millionths mean, spread, weight;
};

std::vector<Feature> make_features(std::size_t count, std::mt19937_64& random) {
  std::vector<Feature> features(count);
  for (std::size_t i = 0; i < count; ++i) {
    features[i].mean = i % 10 == 9 ? 100000000 : bell(random);
    features[i].spread = 1000000 + static_cast<Millionths>(i % 5) * 500000;
    features[i].weight = bell(random) / 4;
  }
  return features;
}

char* write_row(char* to, const std::vector<Feature>& features, std::mt19937_64& random) {
  Millionths target = 3000000 + bell(random) / 10;  // intercept 3, noise 0.1
  for (const Feature& feature : features) {
    const Millionths value = feature.mean + bell(random) * feature.spread / 1000000;
    target += value * feature.weight / 1000000;
    to = write_number(to, value);
    *to++ = ',';
  }
  to = write_number(to, target);
  *to++ = '\n';
  return to;
}

void write_file(const std::string& path, std::size_t rows, std::size_t columns,
                std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const std::vector<Feature> features = make_features(columns - 1, random);
  std::ofstream file;
  file.exceptions(std::ios::failbit | std::ios::badbit);
  file.open(path, std::ios::binary);
  for (std::size_t i = 0; i < columns - 1; ++i)
    file << 'c' << i << ',';
  file << "y\n";
  std::vector<char> line(columns * 32);
  for (std::size_t row = 0; row < rows; ++row)
    file.write(line.data(), write_row(line.data(), features, random) - line.data());
  file.close();
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t rows = 1000000, columns = 50;
  std::uint64_t seed = 1;
  std::string path;
  CLI::App app{"makes the CSV file for the benchmarks"};
  app.add_option("--rows", rows, "rows");
  app.add_option("--columns", columns, "columns, target included")->check(CLI::Range(2, 100000));
  app.add_option("--seed", seed, "same seed, same file");
  app.add_option("path", path, "file to write")->required();
  CLI11_PARSE(app, argc, argv);
  try {
    write_file(path + ".part", rows, columns, seed);
    std::filesystem::rename(path + ".part", path);
  } catch (const std::exception& error) {
    std::cerr << "make_csv: cannot write " << path << ": " << error.what() << '\n';
    return 1;
  }
  std::cout << "{\"rows\":" << rows << ",\"columns\":" << columns
            << ",\"bytes\":" << std::filesystem::file_size(path) << "}\n";
}
