// Peer: oneTBB parallel_pipeline, one filter for the source and one per stage.
//
// The source filter is always serial; --filters says what the four stages are:
//   serial    serial_in_order, every stage sees the chunks one at a time and in order
//   parallel  any number of chunks at once in every stage
// Kernel *small* passes eight-byte chunks by value, which oneTBB carries without allocating.

#include <atomic>
#include <functional>

#include <CLI/CLI.hpp>
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/parallel_pipeline.h>

#include "buffers.hpp"
#include "kernels.hpp"
#include "measure.hpp"

namespace {

using tbb::filter_mode;
using tbb::make_filter;

struct Run {
  std::size_t chunks;
  std::size_t tokens;  // chunks in flight
  filter_mode mode;
  bool fill;  // the source writes the whole chunk, not only its number
  std::atomic<std::uint64_t> total{0};
};

/// A source, a step used for three stages, and a last step: `Item` travels between them.
template <class Item, class Source, class Step, class Last>
void run_pipeline(const Run& run, Source source, Step step, Last last) {
  auto filters = make_filter<void, Item>(filter_mode::serial_in_order, source) &
                 make_filter<Item, Item>(run.mode, step) & make_filter<Item, Item>(run.mode, step) &
                 make_filter<Item, Item>(run.mode, step) & make_filter<Item, void>(run.mode, last);
  tbb::parallel_pipeline(run.tokens, filters);
}

/// The serial source filter: takes a buffer from the free list and stamps or fills it.
struct Source {
  const Run& run;
  bench::FreeList& buffers;
  std::size_t next = 0;

  std::uint8_t* operator()(tbb::flow_control& flow) {
    if (next == run.chunks) return flow.stop(), nullptr;
    auto* chunk = buffers.take().release();
    bench::begin_chunk(chunk, bench::chunk_bytes, next++, run.fill);
    return chunk;
  }
};

void run_read(Run& run) {
  bench::FreeList buffers(bench::chunk_bytes);
  Source source{run, buffers};
  auto step = [&](std::uint8_t* chunk) {
    run.total.fetch_add(bench::read_bytes(chunk, bench::chunk_bytes), std::memory_order_relaxed);
    return chunk;
  };
  auto last = [&](std::uint8_t* chunk) { buffers.give_back(bench::Buffer(step(chunk))); };
  run_pipeline<std::uint8_t*>(run, std::ref(source), step, last);
}

void run_make(Run& run) {
  bench::FreeList buffers(bench::chunk_bytes);
  Source source{run, buffers};
  auto step = [&](std::uint8_t* old) {
    bench::Buffer made = buffers.take();
    bench::make_bytes(made.get(), old, bench::chunk_bytes);
    buffers.give_back(bench::Buffer(old));
    return made.release();
  };
  auto last = [&](std::uint8_t* chunk) {
    bench::Buffer made(step(chunk));
    run.total.fetch_add(made[0], std::memory_order_relaxed);
    buffers.give_back(std::move(made));
  };
  run_pipeline<std::uint8_t*>(run, std::ref(source), step, last);
}

void run_small(Run& run) {
  using Small = std::uint64_t;
  std::size_t next = 0;
  std::uint64_t total = 0;  // the last stage is the only writer when it is serial
  const bool serial = run.mode == filter_mode::serial_in_order;
  auto read = [](Small chunk) {
    return bench::read_bytes(reinterpret_cast<const std::uint8_t*>(&chunk), sizeof chunk);
  };
  auto source = [&](tbb::flow_control& flow) -> Small {
    if (next == run.chunks) return flow.stop(), 0;
    return next++;
  };
  auto step = [&](Small chunk) { return chunk + (read(chunk) & 1); };
  auto last = [&](Small chunk) {
    if (serial)
      total += read(chunk);
    else
      run.total.fetch_add(read(chunk), std::memory_order_relaxed);
  };
  run_pipeline<Small>(run, source, step, last);
  run.total += total;
}

}  // namespace

int main(int argc, char** argv) {
  std::string kernel = "read", filters = "serial", source = "stamp";
  std::size_t threads = 2, chunks = 100000, tokens = 4;
  CLI::App app{"peer: oneTBB parallel_pipeline"};
  app.add_option("--kernel", kernel, "read, make or small")
      ->check(CLI::IsMember({"read", "make", "small"}));
  app.add_option("--filters", filters, "serial or parallel")
      ->check(CLI::IsMember({"serial", "parallel"}));
  app.add_option("--source", source, "stamp (8 bytes) or fill (every byte)")
      ->check(CLI::IsMember({"stamp", "fill"}));
  app.add_option("--threads", threads, "threads");
  app.add_option("--chunks", chunks, "chunks in all");
  app.add_option("--tokens", tokens, "chunks in flight");
  CLI11_PARSE(app, argc, argv);

  Run run{chunks, tokens,
          filters == "serial" ? filter_mode::serial_in_order : filter_mode::parallel,
          source == "fill"};
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
  const bench::Stopwatch watch;
  if (kernel == "read")
    run_read(run);
  else if (kernel == "make")
    run_make(run);
  else
    run_small(run);
  bench::print_line("tbb_pipeline", watch.seconds(), static_cast<double>(chunks),
                    {{"kernel", kernel},
                     {"filters", filters},
                     {"source", source},
                     {"threads", threads},
                     {"tokens", tokens},
                     {"sum", run.total.load()}});
}
