// Peer: the same chunks over CAF's own network layer (BASP, plain, on loopback), between two
// processes. --in-flight chunks are under way at most: the receiver asks for one more per chunk,
// which is back-pressure by hand, as BASP has none.
//
// A chunk is a shared buffer, so a message that is copied stays cheap; it is written to the wire
// and read from it as one run of bytes, into reused buffers. --crc computes CRC32C of the payload
// at both ends, as the raw Asio peer does; BASP itself checks nothing.

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <caf/all.hpp>
#include <caf/io/all.hpp>
#include <isa-l/crc.h>

#include "buffers.hpp"
#include "two_processes.hpp"

namespace {

/// The receiving process's free list: deserialising has no other way to it.
bench::FreeList*& arrivals() {
  static bench::FreeList* list = nullptr;
  return list;
}

struct Parcel {
  std::uint64_t size = 0;
  std::uint32_t crc = 0;
  std::shared_ptr<std::uint8_t[]> bytes;
};

template <class Inspector>
caf::error inspect(Inspector& f, Parcel& parcel) {
  return caf::error::eval(
      [&] { return f(parcel.size, parcel.crc); },
      [&] {
        if constexpr (Inspector::writes_state) {
          bench::Buffer buffer = arrivals()->take();
          parcel.bytes = {buffer.release(), [](std::uint8_t* bytes) {
                            arrivals()->give_back(bench::Buffer(bytes));
                          }};
        }
        return f.apply_raw(parcel.size, parcel.bytes.get());
      });
}

std::string to_string(const Parcel& parcel) { return std::to_string(parcel.size) + " bytes"; }

using start_atom = caf::atom_constant<caf::atom("start")>;
using more_atom = caf::atom_constant<caf::atom("more")>;

struct Options {
  std::size_t bytes = 256 * 1024;
  std::size_t count = 10000;
  std::size_t in_flight = 16;
  std::size_t threads = 2;
  std::string scheduling = "sharing";
  bool crc = false;
};

std::uint32_t crc32c(const Parcel& parcel) {
  return crc32_iscsi(parcel.bytes.get(), static_cast<int>(parcel.size), ~0u);
}

caf::behavior receiver(caf::event_based_actor* self, const Options& options) {
  auto seen = std::make_shared<std::size_t>(0);
  return {[=](const Parcel& parcel) {
    if (options.crc && crc32c(parcel) != parcel.crc) {
      std::fprintf(stderr, "caf_net: error: a checksum is wrong\n");
      std::exit(1);
    }
    if (++*seen == options.count) self->quit();
    return more_atom::value;
  }};
}

caf::behavior sender(caf::event_based_actor* self, const Options& options,
                     const caf::actor& receiver) {
  auto buffers = std::make_shared<std::vector<std::shared_ptr<std::uint8_t[]>>>();
  for (std::size_t i = 0; i < options.in_flight; ++i)
    buffers->emplace_back(bench::new_buffer(options.bytes));
  auto sent = std::make_shared<std::size_t>(0);
  auto back = std::make_shared<std::size_t>(0);
  const auto send_one = [=] {
    if (*sent == options.count) return;
    Parcel parcel{options.bytes, 0, (*buffers)[(*sent)++ % buffers->size()]};
    if (options.crc) parcel.crc = crc32c(parcel);
    self->send(receiver, std::move(parcel));
  };
  return {[=](start_atom) {
            for (std::size_t i = 0; i < options.in_flight; ++i)
              send_one();
          },
          [=](more_atom) {
            if (++*back == options.count) self->quit();
            send_one();
          }};
}

void configure(caf::actor_system_config& config, const Options& options) {
  config.load<caf::io::middleman>();
  config.add_message_type<Parcel>("parcel");
  config.set("scheduler.policy", caf::atom_from_string(options.scheduling));
  config.set("scheduler.max-threads", options.threads);
  config.set("middleman.max-consecutive-reads", std::size_t{50});
}

template <class T>
T expect(caf::expected<T> found, const char* what) {
  if (!found) throw std::runtime_error(what);
  return std::move(*found);
}

void run_receiver(bench::Wire wire, const Options& options) {
  bench::FreeList list(options.bytes);
  arrivals() = &list;
  caf::actor_system_config config;
  configure(config, options);
  caf::actor_system system{config};
  caf::scoped_actor waiter{system};
  auto actor = system.spawn(receiver, options);
  auto port = system.middleman().publish(actor, 0, "127.0.0.1");
  wire.tell(expect(port, "cannot listen"));
  const bench::Json go = wire.hear();
  const bench::Meter meter;
  waiter->wait_for(actor);
  wire.tell(meter.used());
  const bench::Json end = wire.hear();
  ::_exit(0);
}

void run_sender(bench::Wire wire, const Options& options) {
  caf::actor_system_config config;
  configure(config, options);
  caf::actor_system system{config};
  caf::scoped_actor waiter{system};
  const std::uint16_t port = wire.hear();
  auto remote = expect(system.middleman().remote_actor("127.0.0.1", port), "cannot connect");
  auto actor = system.spawn(sender, options, remote);
  wire.tell("go");
  const bench::Meter meter;
  waiter->send(actor, start_atom::value);
  waiter->wait_for(actor);
  const bench::Json used = meter.used(), theirs = wire.hear();
  wire.tell("end");
  bench::print_transfer("caf_net", options.count, options.bytes, used, theirs,
                        {{"in_flight", options.in_flight},
                         {"threads", options.threads},
                         {"scheduling", options.scheduling},
                         {"crc", options.crc}});
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app{"peer: chunks over CAF's own network layer"};
  app.add_option("--bytes", options.bytes, "bytes of a chunk");
  app.add_option("--count", options.count, "chunks");
  app.add_option("--in-flight", options.in_flight, "chunks under way at most");
  app.add_option("--threads", options.threads, "scheduler threads of each process");
  app.add_option("--scheduling", options.scheduling, "sharing or stealing")
      ->check(CLI::IsMember({"sharing", "stealing"}));
  app.add_flag("--crc", options.crc, "CRC32C of payloads at both ends");
  CLI11_PARSE(app, argc, argv);
  try {
    const bench::OtherProcess other([&](bench::Wire wire) { run_receiver(wire, options); });
    run_sender(other.wire(), options);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "caf_net: error: %s\n", error.what());
    return 1;
  }
}
