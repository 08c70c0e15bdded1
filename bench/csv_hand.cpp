// The limit for CSV to f32 columns: pread of 256 KiB blocks into reused buffers, fast_float on
// every cell, columns into one reused block of memory, dropped when the next one comes. Threads
// take the next block by a counter. Nothing is accumulated but the number of rows.

#include <atomic>
#include <exception>
#include <iostream>
#include <thread>

#include <CLI/CLI.hpp>

#include "buffers.hpp"
#include "csv_text.hpp"
#include "measure.hpp"

namespace {

/// Tells the compiler that somebody reads the memory at `data`.
void keep(const void* data) {
  asm volatile("" : : "r"(data) : "memory");
}

/// One thread's f32 columns: column c starts at data() + c * stride().
class Columns {
 public:
  Columns(std::size_t columns, std::size_t rows)
      // An odd number of cache lines, so that columns do not share the same sets of the cache.
      : stride_(((rows + 15) / 16 | 1) * 16),
        memory_(bench::raw_buffer(columns * stride_ * sizeof(float))) {}

  [[nodiscard]] float* data() { return reinterpret_cast<float*>(memory_.get()); }
  [[nodiscard]] std::size_t stride() const { return stride_; }

 private:
  std::size_t stride_;
  bench::Buffer memory_;
};

std::size_t parse_blocks(const bench::CsvFile& file, std::atomic<std::size_t>& next) {
  const std::size_t columns = file.names().size();
  // A cell takes at least two bytes: one of number, one of separator.
  const std::size_t most_rows = bench::block_bytes / (2 * columns) + 2;
  Columns table(columns, most_rows);
  std::vector<char> buffer;
  std::size_t rows = 0;
  for (std::size_t index; (index = next.fetch_add(1)) < file.blocks();) {
    const std::string_view text = file.records(index, buffer);
    const char* at = text.data();
    const char* end = at + text.size();
    std::size_t row = 0;
    for (; at < end; ++row)
      at = bench::parse_record(at, end, table.data() + row, columns, table.stride());
    keep(table.data());
    rows += row;
  }
  return rows;
}

}  // namespace

int main(int argc, char** argv) {
  std::string data;
  std::size_t threads = 2;
  CLI::App app{"limit: CSV to f32 columns by hand"};
  app.add_option("--data", data, "CSV file")->required();
  app.add_option("--threads", threads, "threads");
  CLI11_PARSE(app, argc, argv);
  try {
    const bench::Stopwatch watch;
    const bench::CsvFile file(data);
    std::atomic<std::size_t> next{0}, rows{0};
    {
      std::vector<std::jthread> team;
      for (std::size_t t = 0; t < threads; ++t)
        team.emplace_back([&] { rows += parse_blocks(file, next); });
    }
    const double cells = static_cast<double>(rows * file.names().size());
    bench::print_line("csv_hand", watch.seconds(), static_cast<double>(rows),
                      {{"threads", threads}, {"bytes", file.bytes()}, {"cells", cells}});
  } catch (const std::exception& error) {
    std::cerr << "csv_hand: " << error.what() << '\n';
    return 1;
  }
}
