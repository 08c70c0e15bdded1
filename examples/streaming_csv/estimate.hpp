/// What training on so many rows will take, with numbers of each size, against what there is.
///
///   auto all = estimate({.rows = 1'000'000, .columns = 100, .passes = 20, .bound = 2e9});
///   all[0].verdict                     // of f64: Verdict::warn
///
/// Memory is what a cache takes that holds all rows, and what the process takes besides; seconds are those of a machine
/// on which it was measured: a guide, not a promise. Pure, but for size_of() and memory_here().
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <leat/chunk/result.hpp>

struct Training {
  double rows = 0;
  double columns = 0;  ///< the target, too
  double passes = 20;
  double bound = 2147483648.0;  ///< bytes that there are
  double warn_seconds = 10;
  double warn_share = 0.5;  ///< of the bound
};

enum class Verdict { fine, warn, refuse };

struct Estimate {
  std::string store;  ///< f64, f32 or f16
  double memory = 0;  ///< bytes
  double seconds = 0;
  Verdict verdict = Verdict::fine;
  std::string sentence = {};  ///< where it is not fine: the numbers, and what to do
};

/// Of f64, f32 and f16.
std::vector<Estimate> estimate(const Training& training);
/// {"bound", "rows", "columns", "f64", "f32", "f16": bytes, "seconds", "verdict", "sentence": of `store`}.
std::string estimate_json(const Training& training, const std::string& store);

struct DataSize {
  double rows = 0;
  double columns = 0;  ///< that are numbers
};

/// Of a table file, what it says; of a CSV file, by what is there of it. Errors do not name the file.
leat::Result<DataSize> size_of(const std::string& path);

/// Bytes of memory that this process may have.
std::uint64_t memory_here();
