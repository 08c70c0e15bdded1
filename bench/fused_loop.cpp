// The limit: no framework, one loop per thread that runs the four kernels on one chunk after
// the other over reused buffers that stay in cache.

#include <atomic>
#include <thread>
#include <vector>

#include <CLI/CLI.hpp>

#include "buffers.hpp"
#include "kernels.hpp"
#include "measure.hpp"

namespace {

std::uint64_t read_loop(std::size_t chunks, std::size_t bytes, bool fill) {
  const bench::Buffer chunk = bench::new_buffer(bytes);
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < chunks; ++i) {
    bench::begin_chunk(chunk.get(), bytes, i, fill);
    for (std::size_t stage = 0; stage < bench::stage_count; ++stage)
      total += bench::read_bytes(chunk.get(), bytes);
  }
  return total;
}

std::uint64_t make_loop(std::size_t chunks, std::size_t bytes, bool fill) {
  bench::Buffer from = bench::new_buffer(bytes);
  bench::Buffer to = bench::new_buffer(bytes);
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < chunks; ++i) {
    bench::begin_chunk(from.get(), bytes, i, fill);
    for (std::size_t stage = 0; stage < bench::stage_count; ++stage) {
      bench::make_bytes(to.get(), from.get(), bytes);
      std::swap(from, to);
    }
    total += from[0];
  }
  return total;
}

}  // namespace

int main(int argc, char** argv) {
  std::string kernel = "read", source = "stamp";
  std::size_t threads = 1, chunks = 100000, bytes = bench::chunk_bytes;
  CLI::App app{"limit: the kernels fused into one loop per thread"};
  app.add_option("--kernel", kernel, "read or make")->check(CLI::IsMember({"read", "make"}));
  app.add_option("--source", source, "stamp (8 bytes) or fill (every byte)")
      ->check(CLI::IsMember({"stamp", "fill"}));
  app.add_option("--threads", threads, "threads, each with its share of the chunks");
  app.add_option("--chunks", chunks, "chunks in all");
  app.add_option("--bytes", bytes, "bytes per chunk, at least 8")->check(CLI::Range(8, 1 << 28));
  CLI11_PARSE(app, argc, argv);

  const auto loop = kernel == "read" ? read_loop : make_loop;
  std::atomic<std::uint64_t> total{0};
  const bench::Stopwatch watch;
  {
    std::vector<std::jthread> team;
    for (std::size_t t = 0; t < threads; ++t)
      team.emplace_back([&, share = chunks / threads + (t < chunks % threads ? 1 : 0)] {
        total += loop(share, bytes, source == "fill");
      });
  }
  bench::print_line(
      "fused_loop", watch.seconds(), static_cast<double>(chunks),
      {{"kernel", kernel}, {"source", source}, {"threads", threads}, {"sum", total.load()}});
}
