// Limits of the tables benchmark: what somebody writes by hand who needs nothing else.
//
//   words   one thread, the whole file in memory, a hash map of string_views
//   narrow  the flights file to five columns, dropped block by block
//   groups  the same file: count and mean of delays by hour and band of distance
//
// With --out it writes what it found, sorted, as leat does.

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <thread>
#include <unordered_map>
#include <vector>

#include <CLI/CLI.hpp>
#include <fast_float/fast_float.h>

#include "csv_text.hpp"
#include "measure.hpp"

namespace {

std::string content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path);
  std::string all(static_cast<std::size_t>(std::filesystem::file_size(path)), '\0');
  file.read(all.data(), static_cast<std::streamsize>(all.size()));
  return all;
}

using Words = std::unordered_map<std::string_view, std::uint64_t>;

void write(const Words& counts, const std::string& out) {
  std::vector<std::pair<std::string_view, std::uint64_t>> sorted(counts.begin(), counts.end());
  std::sort(sorted.begin(), sorted.end());
  std::ofstream file(out, std::ios::binary);
  file << "line,words\n";
  for (const auto& [word, count] : sorted) file << word << ',' << count << '\n';
}

void words(const std::string& data, const std::string& out) {
  bench::Stopwatch watch;
  std::string text = content(data);
  Words counts;
  std::uint64_t words = 0;
  const char* at = text.data();
  const char* end = at + text.size();
  while (at < end) {
    while (at < end && (*at == ' ' || *at == '\n')) ++at;
    const char* begin = at;
    while (at < end && *at != ' ' && *at != '\n') ++at;
    if (at > begin) {
      ++counts[{begin, static_cast<std::size_t>(at - begin)}];
      ++words;
    }
  }
  if (!out.empty()) write(counts, out);
  bench::print_line("tables_hand words", watch.seconds(), static_cast<double>(words), {{"distinct", counts.size()}});
}

const char* integer(const char* at, const char* end, std::int64_t& to) {
  auto [stop, error] = std::from_chars(at, end, to);
  if (error != std::errc()) bench::bad_cell(at, end);
  return stop + 1;
}

struct Columns {
  std::vector<std::int64_t> hour, delay, distance;
  std::vector<double> fare;
  std::vector<std::string_view> state;

  explicit Columns(std::size_t rows) : hour(rows), delay(rows), distance(rows), fare(rows), state(rows) {}
  const char* record(const char* at, const char* end, std::size_t row) {
    at = integer(at, end, hour[row]);
    at = integer(at, end, delay[row]);
    at = integer(at, end, distance[row]);
    at = fast_float::from_chars(at, end, fare[row]).ptr + 1;
    auto* stop = static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end - at)));
    state[row] = {at, static_cast<std::size_t>(stop - at)};
    return stop + 1;
  }
};

struct Group {
  std::uint64_t flights = 0;
  double delay = 0;
};
using Groups = std::map<std::pair<std::int64_t, std::int64_t>, Group>;

std::size_t blocks(const bench::CsvFile& file, std::atomic<std::size_t>& next, Groups* groups) {
  Columns columns(bench::block_bytes / 10 + 2);
  std::vector<char> buffer;
  std::vector<Group> sums(24 * 16);
  std::size_t rows = 0;
  for (std::size_t index; (index = next.fetch_add(1)) < file.blocks();) {
    std::string_view text = file.records(index, buffer);
    const char* at = text.data();
    std::size_t row = 0;
    for (; at < text.data() + text.size(); ++row) at = columns.record(at, text.data() + text.size(), row);
    asm volatile("" : : "r"(&columns) : "memory");
    for (std::size_t i = 0; groups && i < row; ++i) {
      Group& sum = sums[static_cast<std::size_t>(columns.hour[i] * 16 + columns.distance[i] / 500)];
      ++sum.flights;
      sum.delay += static_cast<double>(columns.delay[i]);
    }
    rows += row;
  }
  for (std::size_t i = 0; groups && i < sums.size(); ++i) {
    if (sums[i].flights > 0) (*groups)[{i / 16, i % 16}] = sums[i];
  }
  return rows;
}

Groups together(const std::vector<Groups>& parts) {
  Groups all;
  for (const Groups& part : parts) {
    for (const auto& [key, group] : part) {
      all[key].flights += group.flights;
      all[key].delay += group.delay;
    }
  }
  return all;
}

void write(const Groups& groups, const std::string& out) {
  std::ofstream file(out, std::ios::binary);
  file << "hour,band,flights,mean\n";
  for (const auto& [key, group] : groups) {
    char mean[32];
    auto end = std::to_chars(mean, mean + sizeof mean, group.delay / static_cast<double>(group.flights)).ptr;
    file << key.first << ',' << key.second << ',' << group.flights << ',' << std::string_view(mean, end) << '\n';
  }
}

void flights(const std::string& data, std::size_t threads, bool grouped, const std::string& out) {
  bench::Stopwatch watch;
  bench::CsvFile file(data);
  std::atomic<std::size_t> next{0}, rows{0};
  std::vector<Groups> groups(threads);
  {
    std::vector<std::jthread> team;
    for (std::size_t t = 0; t < threads; ++t) {
      team.emplace_back([&, t] { rows += blocks(file, next, grouped ? &groups[t] : nullptr); });
    }
  }
  Groups all = together(groups);
  if (!out.empty()) write(all, out);
  bench::print_line("tables_hand", watch.seconds(), static_cast<double>(rows), {{"groups", all.size()}});
}

}  // namespace

int main(int argc, char** argv) {
  std::string what, data, out;
  std::size_t threads = 2;
  CLI::App app{"limits of the tables benchmark"};
  app.add_option("what", what)->required()->check(CLI::IsMember({"words", "narrow", "groups"}));
  app.add_option("--data", data)->required();
  app.add_option("--threads", threads);
  app.add_option("--out", out, "file to write");
  CLI11_PARSE(app, argc, argv);
  try {
    what == "words" ? words(data, out) : flights(data, threads, what == "groups", out);
  } catch (const std::exception& error) {
    std::cerr << "tables_hand: " << error.what() << '\n';
    return 1;
  }
}
