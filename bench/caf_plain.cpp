// Peer: CAF, four event-based actors, one plain message per chunk and stage.
//
// A chunk is a shared pointer to a 256 KiB buffer. --window 0 is what plain messages give: the
// source sends what it reads, in one loop, and mailboxes hold what is not yet consumed.
// With --window N the sink asks the source for one more chunk per chunk consumed, N in flight:
// back-pressure by hand. --buffers reused takes the memory from a free list, fresh allocates.
// --delay-us makes the last stage slow: it keeps its core busy for that long per chunk.

#include <atomic>

#include <CLI/CLI.hpp>
#include <caf/all.hpp>

#include "buffers.hpp"
#include "kernels.hpp"
#include "measure.hpp"

struct Parcel {
  std::shared_ptr<std::uint8_t[]> bytes;
};

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(Parcel)

using start_atom = caf::atom_constant<caf::atom("start")>;
using more_atom = caf::atom_constant<caf::atom("more")>;

namespace {

struct Run {
  std::size_t chunks = 3000;
  std::size_t window = 0;  // chunks in flight, 0 for no limit
  bool reuse = false;
  std::chrono::microseconds delay{0};
  bench::FreeList buffers{bench::chunk_bytes};
  std::atomic<std::uint64_t> total{0};
};

Parcel new_parcel(Run& run, std::size_t number) {
  bench::Buffer buffer = run.reuse ? run.buffers.take() : bench::raw_buffer(bench::chunk_bytes);
  bench::begin_chunk(buffer.get(), bench::chunk_bytes, number, true);
  if (!run.reuse) return {std::move(buffer)};
  const auto back = [&run](std::uint8_t* bytes) { run.buffers.give_back(bench::Buffer(bytes)); };
  return {{buffer.release(), back}};
}

void read_parcel(Run& run, const Parcel& parcel) {
  run.total.fetch_add(bench::read_bytes(parcel.bytes.get(), bench::chunk_bytes),
                      std::memory_order_relaxed);
}

caf::behavior stage(caf::event_based_actor* self, Run* run, const caf::actor& next) {
  return {[=](const Parcel& parcel) {
    read_parcel(*run, parcel);
    self->send(next, parcel);
  }};
}

/// The fourth stage: drops the chunk, asks the source for the next one, ends after the last.
caf::behavior sink(caf::event_based_actor* self, Run* run) {
  auto seen = std::make_shared<std::size_t>(0);
  return {[=](const Parcel& parcel, const caf::actor& source) {
    read_parcel(*run, parcel);
    bench::busy_for(run->delay);
    if (run->window > 0) self->send(source, more_atom::value);
    if (++*seen == run->chunks) self->quit();
  }};
}

/// The third stage tells the sink whom to ask.
caf::behavior third_stage(caf::event_based_actor* self, Run* run, const caf::actor& next,
                          const std::shared_ptr<caf::actor>& source) {
  return {[=](const Parcel& parcel) {
    read_parcel(*run, parcel);
    self->send(next, parcel, *source);
  }};
}

caf::behavior source(caf::event_based_actor* self, Run* run, const caf::actor& next) {
  auto sent = std::make_shared<std::size_t>(0);
  const auto send_one = [=] {
    if (*sent < run->chunks) self->send(next, new_parcel(*run, (*sent)++));
  };
  const std::size_t first = run->window > 0 ? run->window : run->chunks;
  self->send(self, start_atom::value);
  return {[=](start_atom) {
            for (std::size_t i = 0; i < first; ++i)
              send_one();
          },
          [=](more_atom) { send_one(); }};
}

void run_actors(caf::actor_system& system, Run& run) {
  caf::scoped_actor waiter{system};
  auto origin = std::make_shared<caf::actor>();
  auto fourth = system.spawn(sink, &run);
  auto third = system.spawn(third_stage, &run, fourth, origin);
  auto second = system.spawn(stage, &run, third);
  auto first = system.spawn(stage, &run, second);
  *origin = system.spawn(source, &run, first);
  waiter->wait_for(fourth);
  for (const auto& actor : {first, second, third, *origin})
    caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
  *origin = nullptr;
}

}  // namespace

int main(int argc, char** argv) {
  Run run;
  std::size_t threads = 2, throughput = 8, delay_us = 0;
  std::string buffers = "fresh";
  CLI::App app{"peer: one plain CAF message per chunk and stage"};
  app.add_option("--chunks", run.chunks, "chunks in all");
  app.add_option("--window", run.window, "chunks in flight; 0: no limit");
  app.add_option("--buffers", buffers, "fresh or reused")
      ->check(CLI::IsMember({"fresh", "reused"}));
  app.add_option("--threads", threads, "scheduler threads");
  app.add_option("--max-throughput", throughput, "messages an actor handles per turn");
  app.add_option("--delay-us", delay_us, "microseconds the last stage is busy with one chunk");
  CLI11_PARSE(app, argc, argv);

  run.reuse = buffers == "reused";
  run.delay = std::chrono::microseconds(delay_us);
  caf::actor_system_config config;
  config.set("scheduler.max-threads", threads);
  config.set("scheduler.max-throughput", throughput);
  double seconds = 0;
  {
    caf::actor_system system{config};
    const bench::Stopwatch watch;
    run_actors(system, run);
    seconds = watch.seconds();
  }
  bench::print_line("caf_plain", seconds, static_cast<double>(run.chunks),
                    {{"threads", threads},
                     {"window", run.window},
                     {"buffers", buffers},
                     {"delay_us", delay_us},
                     {"consumer", delay_us > 0 ? "busy" : "fast"},
                     {"sum", run.total.load()}});
}
