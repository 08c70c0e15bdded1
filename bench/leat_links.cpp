// leat's links between two processes: DataPlane and JobLinks, and nothing above them. One
// sub-command a benchmark, each of which forks the other process.

#include "leat_links.hpp"

#include <atomic>
#include <cstdio>
#include <memory>
#include <thread>

namespace bench {
namespace {

using namespace leat;

// Both have made their ends and are connected, and the first chunk is through.
constexpr std::size_t kWarmChunks = 1;

void receive_chunks(Wire wire, const LinkOptions& options) {
  Side side(wire, 1, options);
  Woken woken(2);
  auto warm = side.receiver(0, woken.wake(0));
  auto receiver = side.receiver(1, woken.wake(1));
  side.links->start();
  receive_all(*warm, woken);
  wire.tell("warm");
  const Meter meter;
  const std::size_t chunks = receive_all(*receiver, woken);
  Json used = meter.used();
  used["chunks"] = chunks;
  wire.tell(used);
  const Json over = wire.hear();
}

void throughput(const LinkOptions& options) {
  const OtherProcess other([&](Wire wire) { receive_chunks(wire, options); });
  Side side(other.wire(), 0, options);
  Woken woken(2);
  auto warm = side.sender(0, woken.wake(0));
  auto sender = side.sender(1, woken.wake(1));
  side.links->start();
  const auto chunks = window_of_chunks(side);
  send_all(*warm, woken, chunks, kWarmChunks);
  const Json ready = other.wire().hear();
  const Meter meter;
  send_all(*sender, woken, chunks, options.count);
  const Json theirs = other.wire().hear(), ours = meter.used();
  print_transfer("leat_links", theirs.at("chunks"), options.bytes, ours, theirs,
                 {{"tls", !options.tls.empty()}, {"in_flight", options.in_flight}});
  other.wire().tell("over");
}

/// One end of a ping-pong over two links: answers each chunk with itself. The links' own thread
/// runs it, or, with --hops threads, one that the wake wakes.
class Rally {
 public:
  Rally(Side& side, std::size_t turns)
      : serves_(side.me == 0), turns_(turns), trips_(serves_ ? turns : 0),
        sender_(side.sender(side.me, [] {})),
        receiver_(side.receiver(1 - side.me, wake(side.options.hops == "threads"))) {}

  /// Call once the links are started: runs until all turns are done.
  void run(Chunk ball) {
    if (serves_) {
      sent_ = now();
      send(std::move(ball));
    }
    std::vector<std::uint32_t> links;
    for (woken_.take(links, kNever); !over_.load(); woken_.take(links, kNever)) answer();
  }
  void stop() {
    over_.store(true);
    woken_.add(0);
  }
  RoundTrips& trips() { return trips_; }

 private:
  static constexpr std::size_t kWarm = 1000;

  Wake wake(bool thread) {
    if (thread) return woken_.wake(0);
    return [this] { answer(); };
  }
  void send(Chunk chunk) {
    Frame frame = data_frame(std::move(chunk));
    if (sender_->send({&frame, 1}) == 0) give_up(overloaded("a ping had no credit"));
  }
  void answer() {
    while (receiver_->receive(frames_, 1) > 0) {
      const Amount cost = frames_[0].cost();
      Chunk ball = std::move(frames_[0].chunk);
      frames_.clear();
      const double arrived = now();
      if (serves_ && ++turn_ > kWarm) trips_.add(arrived - sent_);
      if (trips_.count() == turns_) return stop();
      sent_ = arrived;
      send(std::move(ball));
      receiver_->consumed(cost, true);
    }
  }

  bool serves_;
  std::size_t turns_, turn_ = 0;
  double sent_ = 0;
  RoundTrips trips_;
  std::vector<Frame> frames_;
  Woken woken_{1};
  std::atomic<bool> over_ = false;
  std::unique_ptr<Sender> sender_;
  std::unique_ptr<Receiver> receiver_;
};

void answer_pings(Wire wire, const LinkOptions& options) {
  Side side(wire, 1, options);
  Rally rally(side, ~std::size_t{0});
  side.links->start();
  std::thread rallying([&] { rally.run({}); });
  const Json over = wire.hear();
  rally.stop();
  rallying.join();
}

void pingpong(const LinkOptions& options) {
  const OtherProcess other([&](Wire wire) { answer_pings(wire, options); });
  Side side(other.wire(), 0, options);
  Rally rally(side, options.count);
  side.links->start();
  const Stopwatch watch;
  rally.run(new_chunk(*side.pool, options.bytes));
  rally.trips().print("leat_links", watch.seconds(),
                      {{"hops", options.hops}, {"tls", !options.tls.empty()}});
  other.wire().tell("over");
}

}  // namespace

void add_throughput(CLI::App& app) {
  auto options = std::make_shared<LinkOptions>();
  auto* sub = app.add_subcommand("throughput", "chunks one way, a thread at each end");
  options->add_to(*sub);
  sub->callback([options] { throughput(*options); });
}

void add_pingpong(CLI::App& app) {
  auto options = std::make_shared<LinkOptions>();
  options->bytes = 64;
  options->count = 20000;
  auto* sub = app.add_subcommand("pingpong", "one chunk to and fro");
  options->add_to(*sub);
  sub->callback([options] { pingpong(*options); });
}

}  // namespace bench

int main(int argc, char** argv) {
  CLI::App app{"leat's links between two processes"};
  app.require_subcommand(1);
  bench::add_throughput(app);
  bench::add_pingpong(app);
  bench::add_stalled(app);
  bench::add_stopped(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "leat_links: error: %s\n", error.what());
    return 1;
  }
}
