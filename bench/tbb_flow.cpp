// Peer: oneTBB flow graph without a limiter, four nodes, and a consumer that takes 1 ms per
// chunk. Shown for its memory: every chunk not yet consumed is resident.
//
// The consumer keeps its core busy for that millisecond; the other core runs ahead.

#include <memory>

#include <CLI/CLI.hpp>
#include <oneapi/tbb/flow_graph.h>
#include <oneapi/tbb/global_control.h>

#include "buffers.hpp"
#include "kernels.hpp"
#include "measure.hpp"

namespace {

using Chunk = std::shared_ptr<bench::Buffer>;
using Node = tbb::flow::function_node<Chunk, Chunk>;

Chunk read_stage(const Chunk& chunk) {
  chunk->get()[0] = static_cast<std::uint8_t>(bench::read_bytes(chunk->get(), bench::chunk_bytes));
  return chunk;
}

/// Sends `chunks` chunks through three reading nodes to a consumer of `delay` per chunk.
void run_flow(std::size_t chunks, std::chrono::microseconds delay) {
  bench::FreeList buffers(bench::chunk_bytes);
  tbb::flow::graph graph;
  std::size_t next = 0;
  tbb::flow::input_node<Chunk> source(graph, [&](tbb::flow_control& flow) -> Chunk {
    if (next == chunks) return flow.stop(), nullptr;
    auto chunk = std::make_shared<bench::Buffer>(buffers.take());
    bench::begin_chunk(chunk->get(), bench::chunk_bytes, next++, true);
    return chunk;
  });
  Node first(graph, tbb::flow::serial, read_stage);
  Node second(graph, tbb::flow::serial, read_stage);
  Node third(graph, tbb::flow::serial, read_stage);
  tbb::flow::function_node<Chunk> consumer(graph, tbb::flow::serial, [&](const Chunk& chunk) {
    read_stage(chunk);
    bench::busy_for(delay);
    buffers.give_back(std::move(*chunk));
    return tbb::flow::continue_msg();
  });
  tbb::flow::make_edge(source, first);
  tbb::flow::make_edge(first, second);
  tbb::flow::make_edge(second, third);
  tbb::flow::make_edge(third, consumer);
  source.activate();
  graph.wait_for_all();
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t threads = 2, chunks = 3000, delay_us = 1000;
  CLI::App app{"peer: oneTBB flow graph, unbounded, slow consumer"};
  app.add_option("--threads", threads, "threads");
  app.add_option("--chunks", chunks, "chunks in all");
  app.add_option("--delay-us", delay_us, "microseconds the consumer is busy with one chunk");
  CLI11_PARSE(app, argc, argv);

  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
  const bench::Stopwatch watch;
  run_flow(chunks, std::chrono::microseconds(delay_us));
  bench::print_line("tbb_flow", watch.seconds(), static_cast<double>(chunks),
                    {{"threads", threads}, {"delay_us", delay_us}, {"consumer", "busy"}});
}
