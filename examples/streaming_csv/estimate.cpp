#include "estimate.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include <nlohmann/json.hpp>
#include <unistd.h>

#include <leat/actors/tables/file_reader.hpp>
#include <leat/graph/json_text.hpp>

#include "preview.hpp"

namespace {

struct Store {
  const char* name;
  double bytes;     // of a cell
  double per_cell;  // seconds of a pass, one thread
};

constexpr Store kStores[] = {{"f64", 8, 0.7e-9}, {"f32", 4, 0.5e-9}, {"f16", 2, 0.5e-9}};
constexpr double kProcess = 48e6;    // bytes
constexpr double kBlocks = 1.13;     // blocks of memory come in four sizes a doubling
constexpr double kReadCell = 30e-9;  // seconds to read, store and measure one

std::string megabytes(double bytes) {
  char text[32];
  std::snprintf(text, sizeof text, "%.0f MB", bytes / 1e6);
  return text;
}

std::uint64_t whole(double number) {
  return static_cast<std::uint64_t>(std::llround(number));
}

std::string rounded(double number) {
  char text[32];
  std::snprintf(text, sizeof text, number < 10 ? "%.1f" : "%.0f", number);
  return text;
}

// The largest of the smaller ones that would do.
std::string remedy(const Training& training, const Store& store) {
  for (const Store& other : kStores) {
    double memory = kProcess + training.rows * training.columns * other.bytes * kBlocks;
    if (other.bytes < store.bytes && memory <= training.bound)
      return "take " + std::string(other.name) + ", which takes " + megabytes(memory);
  }
  return "take fewer rows or columns, or give the cache less memory, so that it goes to disk";
}

}  // namespace

std::vector<Estimate> estimate(const Training& training) {
  std::vector<Estimate> all;
  double cells = training.rows * training.columns;
  for (const Store& store : kStores) {
    Estimate one{store.name, kProcess + cells * store.bytes * kBlocks,
                 cells * (kReadCell + training.passes * store.per_cell)};
    std::string what = rounded(training.rows) + " rows of " + rounded(training.columns) + " columns as " + store.name;
    if (one.memory > training.bound) {
      one.verdict = Verdict::refuse;
      one.sentence = what + " take " + megabytes(one.memory) + ", and there are " + megabytes(training.bound) + ": " +
                     remedy(training, store);
    } else if (one.memory > training.warn_share * training.bound) {
      one.verdict = Verdict::warn;
      one.sentence = what + " take " + megabytes(one.memory) + " of " + megabytes(training.bound);
    } else if (one.seconds > training.warn_seconds) {
      one.verdict = Verdict::warn;
      one.sentence = what + " take about " + rounded(one.seconds) + " s in " + rounded(training.passes) + " passes";
    }
    all.push_back(std::move(one));
  }
  return all;
}

std::string estimate_json(const Training& training, const std::string& store) {
  const char* words[] = {"fine", "warn", "refuse"};
  nlohmann::ordered_json made{
      {"bound", whole(training.bound)}, {"rows", whole(training.rows)}, {"columns", whole(training.columns)}};
  for (const Estimate& one : estimate(training)) {
    made[one.store] = whole(one.memory);
    if (one.store != store) continue;
    made["seconds"] = std::round(one.seconds * 100) / 100;
    made["verdict"] = words[static_cast<int>(one.verdict)];
    if (!one.sentence.empty()) made["sentence"] = one.sentence;
  }
  return leat::json_text(made);
}

leat::Result<DataSize> size_of(const std::string& path) {
  auto bytes = leat::InputBytes::open(path);
  if (!bytes || !bytes->regular())
    return leat::invalid("there is nothing of that file yet: wait for its first part, or give another");
  double size = static_cast<double>(bytes->size());
  auto numbers = [](const leat::Fields& fields) {
    return static_cast<double>(std::count_if(fields.begin(), fields.end(),
                                             [](const leat::Field& field) { return leat::is_numeric(field.type); }));
  };
  if (auto file = leat::tables::FileReader::open(std::move(*bytes))) {
    return DataSize{static_cast<double>(file->index().rows), numbers(file->index().fields)};
  }
  auto looked = look(path);
  if (!looked) return looked.error();
  if (looked->records == 0) return DataSize{0, numbers(looked->sniffed.fields)};
  double before = static_cast<double>(looked->sniffed.rows_at);
  double record = (static_cast<double>(looked->bytes.size()) - before) / static_cast<double>(looked->records);
  return DataSize{(size - before) / record, numbers(looked->sniffed.fields)};
}

std::uint64_t memory_here() {
  std::uint64_t pages = static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES));
  return pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}
