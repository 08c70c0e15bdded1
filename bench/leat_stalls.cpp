// Many links over one pair of nodes: one consumer that stops, and a whole process that does.

#include "leat_links.hpp"

#include <algorithm>
#include <atomic>
#include <memory>
#include <stdexcept>
#include <thread>

namespace bench {
namespace {

using namespace leat;

constexpr std::uint32_t kStalled = 0;  // the link whose consumer stops
constexpr std::size_t kTurn = 4;       // frames of one link before the next has its turn

/// Keeps every link as full as its credit allows, until told to stop.
class Feeder {
 public:
  /// With `fresh`, every chunk is made for its send; else a window of them is sent over and over.
  Feeder(Side& side, bool fresh)
      : side_(side), fresh_(fresh), woken_(side.options.links), pending_(side.options.links) {
    for (std::uint32_t id = 0; id < side.options.links; ++id)
      senders_.push_back(side.sender(id, woken_.wake(id)));
    if (!fresh) chunks_ = window_of_chunks(side);
  }
  ~Feeder() { stop(); }

  void start() {
    for (std::uint32_t id = 0; id < senders_.size(); ++id) woken_.add(id);
    thread_ = std::thread([this] { run(); });
  }
  void stop() {
    if (!thread_.joinable()) return;
    over_.store(true);
    woken_.add(0);
    thread_.join();
  }
  /// Chunks each link has taken. After stop().
  [[nodiscard]] std::uint64_t sent() const { return sent_; }
  Woken& woken() { return woken_; }

 private:
  void run() {
    std::vector<std::uint32_t> links;
    while (!over_.load()) {
      woken_.take(links, kNever);
      for (const std::uint32_t id : links) feed(id);
    }
  }
  void feed(std::uint32_t id) {
    std::vector<Frame>& frames = pending_[id];
    while (frames.size() < kTurn) frames.push_back(data_frame(next_chunk()));
    const std::size_t sent = senders_[id]->send(std::span(frames));
    const bool all = sent == frames.size();
    frames.erase(frames.begin(), frames.begin() + static_cast<std::ptrdiff_t>(sent));
    sent_ += sent;
    if (all) woken_.add(id);
  }
  Chunk next_chunk() {
    if (fresh_) return new_chunk(*side_.pool, side_.options.bytes);
    return chunks_[next_++ % chunks_.size()];
  }

  Side& side_;
  bool fresh_;
  Woken woken_;
  std::vector<std::unique_ptr<Sender>> senders_;
  std::vector<std::vector<Frame>> pending_;
  std::vector<Chunk> chunks_;
  std::size_t next_ = 0;
  std::uint64_t sent_ = 0;
  std::atomic<bool> over_ = false;
  std::thread thread_;
};

/// Takes what comes on every link, on the calling thread.
class Consumer {
 public:
  explicit Consumer(Side& side) : woken_(side.options.links), seen_(side.options.links) {
    for (std::uint32_t id = 0; id < side.options.links; ++id)
      receivers_.push_back(side.receiver(id, woken_.wake(id)));
  }
  /// Until `deadline`, with the stalled link served or not.
  void run(double deadline, bool stalled) {
    if (!stalled) woken_.add(kStalled);
    std::vector<std::uint32_t> links;
    while (now() < deadline) {
      woken_.take(links, deadline);
      for (const std::uint32_t id : links)
        if (!stalled || id != kStalled) serve(id);
    }
  }
  [[nodiscard]] std::uint64_t seen(std::uint32_t id) const { return seen_[id]; }
  /// Chunks on all links but the one that stalls.
  [[nodiscard]] std::uint64_t others() const {
    std::uint64_t sum = 0;
    for (std::size_t id = kStalled + 1; id < seen_.size(); ++id) sum += seen_[id];
    return sum;
  }

 private:
  void serve(std::uint32_t id) {
    frames_.clear();
    if (receivers_[id]->receive(frames_, kTurn) == 0) return receivers_[id]->consumed({}, true);
    for (Frame& frame : frames_) {
      const Amount cost = frame.cost();
      frame.chunk = {};
      receivers_[id]->consumed(cost, false);
      ++seen_[id];
    }
    woken_.add(id);
  }

  Woken woken_;
  std::vector<std::unique_ptr<Receiver>> receivers_;
  std::vector<std::uint64_t> seen_;
  std::vector<Frame> frames_;
};

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

// Phases in turn: all consumers run, then one stops. A pair of phases gives one ratio.
void consume_in_phases(Wire wire, const LinkOptions& options) {
  constexpr int kPairs = 7;
  Side side(wire, 1, options);
  Consumer consumer(side);
  side.links->start();
  consumer.run(now() + options.seconds, false);
  const double mb = static_cast<double>(options.bytes) / 1e6;
  std::vector<double> with_all, with_one_stopped, ratios;
  for (int i = 0; i < kPairs; ++i) {
    for (const bool stalled : {false, true}) {
      const std::uint64_t before = consumer.others();
      const double began = now();
      consumer.run(began + options.seconds, stalled);
      const double rate =
          static_cast<double>(consumer.others() - before) * mb / (now() - began);
      (stalled ? with_one_stopped : with_all).push_back(rate);
    }
    ratios.push_back(with_one_stopped.back() / with_all.back());
  }
  wire.tell({{"with_all_mb_per_second", median(with_all)},
             {"with_one_stopped_mb_per_second", median(with_one_stopped)},
             {"kept", median(ratios)},
             {"chunks", consumer.others() + consumer.seen(kStalled)}});
  const Json over = wire.hear();
}

void stalled(const LinkOptions& options) {
  const OtherProcess other([&](Wire wire) { consume_in_phases(wire, options); });
  Side side(other.wire(), 0, options);
  Feeder feeder(side, false);
  side.links->start();
  const Stopwatch watch;
  feeder.start();
  Json line = other.wire().hear();
  const double chunks = line.at("chunks");
  line["links"] = options.links;
  print_line("leat_links", watch.seconds(), chunks, line);
  other.wire().tell("over");
}

void consume_until_told(Wire wire, const LinkOptions& options) {
  Side side(wire, 1, options);
  Consumer consumer(side);
  side.links->start();
  wire.tell("ready");
  const Json go = wire.hear();
  consumer.run(now() + options.seconds, false);
  wire.tell("full");
  consumer.run(now() + options.seconds, false);
  const std::uint64_t seen = consumer.others() + consumer.seen(kStalled);
  wire.tell({{"chunks", seen}});
  const Json over = wire.hear();
}

// base + windows + what one connection and one chunk in hand may hold. The chunks of a turn that
// wait for credit are this benchmark's own.
double bound_mb(const LinkOptions& options, double base_mb) {
  constexpr double kSlices = 2 * 256 * 1024;
  const auto links = static_cast<double>(options.links);
  const auto window = static_cast<double>(options.window().bytes);
  const auto footprint = static_cast<double>(Pool::footprint(options.bytes));
  const double waiting = kTurn * footprint * links;
  return base_mb + (links * window + kSlices + footprint + waiting +
                    static_cast<double>(Pool::magazine_bytes())) / 1e6;
}

void stopped(const LinkOptions& options) {
  const OtherProcess other([&](Wire wire) { consume_until_told(wire, options); });
  Side side(other.wire(), 0, options);
  Feeder feeder(side, true);
  side.links->start();
  const Json ready = other.wire().hear();
  const double base = rss_mb();
  other.wire().tell("go");
  const Stopwatch watch;
  feeder.start();
  const Json full = other.wire().hear();
  other.stop();
  const double before = peak_rss_mb();
  Woken nothing(1);
  std::vector<std::uint32_t> links;
  nothing.take(links, now() + options.seconds * 3);
  const double while_stopped = peak_rss_mb();
  other.carry_on();
  const Json theirs = other.wire().hear();
  feeder.stop();
  print_line("leat_links", watch.seconds(), theirs.at("chunks"),
             {{"base_mb", base},
              {"bound_mb", bound_mb(options, base)},
              {"peak_before_mb", before},
              {"peak_while_stopped_mb", while_stopped},
              {"sent", feeder.sent()}});
  other.wire().tell("over");
}

}  // namespace

void add_stalled(CLI::App& app) {
  auto options = std::make_shared<LinkOptions>();
  options->bytes = 64 * 1024;
  options->in_flight = 4;
  options->links = 200;
  options->seconds = 0.5;
  auto* sub = app.add_subcommand("stalled", "many links, one consumer of which stops");
  options->add_to(*sub);
  sub->callback([options] { stalled(*options); });
}

void add_stopped(CLI::App& app) {
  auto options = std::make_shared<LinkOptions>();
  options->links = 16;
  auto* sub = app.add_subcommand("stopped", "the receiving process gets SIGSTOP");
  options->add_to(*sub);
  sub->callback([options] { stopped(*options); });
}

}  // namespace bench
