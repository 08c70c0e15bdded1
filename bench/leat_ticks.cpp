// How long a tick takes through four stages, each apart, and over one hop between processes; and the
// same by hand: a thread a stage, queues, and a socket.
//
//   leat_ticks [--bare] [--ticks 600] [--every-ms 100]

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <condition_variable>
#include <cstring>
#include <deque>
#include <future>
#include <mutex>
#include <thread>

#include <leat/graph/stream.hpp>
#include <leat/runtime/job.hpp>

#include "leat_links.hpp"

namespace bench {
namespace {

using namespace leat;
using Bytes = Message<schema::Bytes>;

struct Options {
  bool bare = false;
  std::size_t ticks = 600;
  int every_ms = 100;
};

std::chrono::steady_clock::time_point due(std::chrono::steady_clock::time_point start, std::size_t n, int every_ms) {
  return start + std::chrono::milliseconds(every_ms) * static_cast<long>(n + 1);
}

void print(const std::string& program, RoundTrips& trips, double seconds, double cpu) {
  trips.print(program, seconds, {{"cpu_seconds", cpu}, {"cpu_share", cpu / seconds}});
}

// leat: source, 1, 2 | 3, 4: the bar is between the processes.
Graph ticking(const Options& options, RoundTrips& trips) {
  Graph g{"ticks"};
  auto source = [options, n = std::size_t{0}, start = std::chrono::steady_clock::now()](Out<Bytes>& out) mutable -> Step {
    auto at = due(start, n, options.every_ms);
    if (std::chrono::steady_clock::now() < at) {
      out.outbox().call_at(at);
      return Step::later;
    }
    Bytes tick(new_chunk(out.pool(), 64));
    Chunk chunk = std::move(tick).chunk();
    auto [mine, bytes] = std::move(chunk).edit(out.pool());
    const double sent = now();
    std::memcpy(bytes + 32, &sent, sizeof sent);
    out.emit(Bytes(std::move(mine)));
    return ++n == options.ticks ? Step::done : Step::more;
  };
  auto same = [](const Bytes& tick) { return tick; };
  auto near = g.source("ticks", source).isolated().map("1", same).isolated().map("2", same).isolated();
  near.map("3", same).isolated().on("far").map("4", same).isolated().on("far")
      .sink("out", [&trips](const Bytes& tick) {
        double sent = 0;
        std::memcpy(&sent, tick.read().getData().begin() + 16, sizeof sent);
        trips.add(now() - sent);
      }).on("far");
  return g;
}

Plan placed(const Graph& graph) {
  Plan made = expect(plan(graph, 2));
  const std::vector<NodeSpec> nodes{{"near", {}, 2, 0}, {"far", {"far"}, 2, 0}};
  made.layout = expect(layout_of(made.checked, nodes));
  made.placement = expect(place(made.checked, made.layout, nodes));
  return made;
}

void run(Side& side, const Options& options, RoundTrips& trips) {
  Job job(placed(ticking(options, trips)), {.me = side.me, .links = side.links.get()});
  std::promise<void> finished;
  job.state().on_finished = [&finished] { finished.set_value(); };
  auto crew = caf_crew(2, Scheduling::stealing);
  if (auto built = job.build(*crew); !built) give_up(built.error());
  side.links->start();
  job.start();
  finished.get_future().wait();
  if (auto failure = job.state().failure()) give_up(*failure);
  crew.reset();
}

void leat_ticks(const Options& options) {
  LinkOptions link;
  link.bytes = 64;
  const OtherProcess other([&](Wire wire) {
    Side side(wire, 1, link);
    RoundTrips trips(options.ticks);
    const Meter meter;
    run(side, options, trips);
    Json used = meter.used();
    print("leat_ticks", trips, used["seconds"], cpu_seconds());
    wire.tell("finished");
    const Json over = wire.hear();
  });
  Side side(other.wire(), 0, link);
  RoundTrips none(0);
  run(side, options, none);
  const Json theirs = other.wire().hear();
  other.wire().tell("over");
}

// By hand.
class Queue {
 public:
  void push(double tick) {
    const std::lock_guard lock(mutex_);
    ticks_.push_back(tick);
    changed_.notify_one();
  }
  double pop() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !ticks_.empty(); });
    const double tick = ticks_.front();
    ticks_.pop_front();
    return tick;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<double> ticks_;
};

void bare_far(int socket, const Options& options, Wire wire) {
  Queue third, fourth;
  RoundTrips trips(options.ticks);
  const Meter meter;
  std::thread one([&] { for (std::size_t i = 0; i < options.ticks; ++i) fourth.push(third.pop()); });
  std::thread two([&] { 
    for (std::size_t i = 0; i < options.ticks; ++i) {
      const double sent = fourth.pop();
      trips.add(now() - sent);
    }
  });
  for (std::size_t i = 0; i < options.ticks; ++i) {
    double tick = 0;
    if (::recv(socket, &tick, sizeof tick, MSG_WAITALL) != sizeof tick) std::_Exit(1);
    third.push(tick);
  }
  one.join();
  two.join();
  Json used = meter.used();
  print("ticks by hand", trips, used["seconds"], cpu_seconds());
  wire.tell("finished");
}

void bare_ticks(const Options& options) {
  const int listening = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  const int on = 1;
  if (::bind(listening, reinterpret_cast<sockaddr*>(&at), sizeof at) != 0 || ::listen(listening, 1) != 0 ||
      ::getsockname(listening, reinterpret_cast<sockaddr*>(&at), &size) != 0) {
    std::_Exit(1);
  }
  const OtherProcess other([&](Wire wire) {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    if (::connect(socket, reinterpret_cast<sockaddr*>(&at), sizeof at) != 0) std::_Exit(1);
    bare_far(socket, options, wire);
  });
  const int socket = ::accept(listening, nullptr, nullptr);
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  Queue first, second;
  std::thread one([&] { for (std::size_t i = 0; i < options.ticks; ++i) second.push(first.pop()); });
  std::thread two([&] {
    for (std::size_t i = 0; i < options.ticks; ++i) {
      const double tick = second.pop();
      if (::send(socket, &tick, sizeof tick, 0) != sizeof tick) std::_Exit(1);
    }
  });
  std::mutex mutex;
  std::condition_variable clock;
  std::unique_lock lock(mutex);
  const auto start = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < options.ticks; ++i) {
    clock.wait_until(lock, due(start, i, options.every_ms), [] { return false; });
    first.push(now());
  }
  one.join();
  two.join();
  const Json theirs = other.wire().hear();
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
  bench::Options options;
  CLI::App app{"ticks through four stages and between two processes"};
  app.add_flag("--bare", options.bare, "by hand, with threads, queues and a socket");
  app.add_option("--ticks", options.ticks, "how many");
  app.add_option("--every-ms", options.every_ms, "milliseconds between two");
  CLI11_PARSE(app, argc, argv);
  try {
    options.bare ? bench::bare_ticks(options) : bench::leat_ticks(options);
  } catch (const std::exception& error) {
    bench::give_up(leat::failed(error.what()));
  }
}
