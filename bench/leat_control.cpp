// Round trips of the control plane while a data plane between the same two processes is full.

#include "leat_links.hpp"

#include <atomic>
#include <condition_variable>
#include <cstring>
#include <memory>
#include <mutex>
#include <thread>

#include <leat/cluster/control_plane.hpp>

namespace bench {
namespace {

using namespace leat;

constexpr std::chrono::milliseconds kEvery{5};

struct Options {
  LinkOptions link;
  std::string certs;
  bool idle = false;
};

ControlOptions control_options(const Options& options, std::uint32_t me, std::uint16_t port) {
  ControlOptions control;
  control.at = {"127.0.0.1", port};
  control.credentials = *credentials(options.certs, me == 0 ? "sender" : "receiver");
  control.tick_every = kEvery;
  return control;
}

/// Pings at every tick; counts what comes back.
class Pinger {
 public:
  explicit Pinger(std::size_t turns) : turns_(turns), trips_(turns) {}

  ControlEvents events() {
    ControlEvents events;
    events.message = [this](PeerId, const ControlBytes& bytes) { back(bytes); };
    events.gone = [](PeerId, const std::string& why) { give_up(failed("control: " + why)); };
    events.tick = [this] { ping(); };
    return events;
  }
  void start(ControlPlane& plane) {
    plane_.store(&plane);
    std::unique_lock lock(mutex_);
    done_.wait(lock, [this] { return trips_.count() >= turns_; });
    plane_.store(nullptr);
  }
  RoundTrips& trips() { return trips_; }

 private:
  void ping() {
    ControlPlane* plane = plane_.load();
    if (!plane) return;
    ControlBytes bytes(64);
    const double sent = now();
    std::memcpy(bytes.data(), &sent, sizeof sent);
    plane->send(kCoordinator, std::move(bytes));
  }
  void back(const ControlBytes& bytes) {
    double sent = 0;
    std::memcpy(&sent, bytes.data(), sizeof sent);
    const std::lock_guard lock(mutex_);
    if (trips_.count() < turns_) trips_.add(now() - sent);
    if (trips_.count() == turns_) done_.notify_all();
  }

  std::size_t turns_;
  std::atomic<ControlPlane*> plane_ = nullptr;
  std::mutex mutex_;
  std::condition_variable done_;
  RoundTrips trips_;
};

// Answers every ping, and takes chunks until there are no more.
void answer(Wire wire, const Options& options) {
  Side side(wire, 1, options.link);
  Woken woken(1);
  auto receiver = side.receiver(0, woken.wake(0));
  side.links->start();
  std::unique_ptr<ControlPlane> plane;
  std::atomic<ControlPlane*> here = nullptr;
  ControlEvents events;
  events.joined = [](PeerId) {};
  events.gone = [](PeerId, const std::string&) {};
  events.tick = [] {};
  events.message = [&here](PeerId from, const ControlBytes& bytes) {
    if (ControlPlane* to = here.load()) to->send(from, bytes);
  };
  plane = expect(listen_control(control_options(options, 1, 0), std::move(events)));
  here.store(plane.get());
  wire.tell(plane->endpoint().port);
  const std::size_t chunks = receive_all(*receiver, woken);
  wire.tell(chunks);
  const Json over = wire.hear();
}

/// Sends until told that it is over.
void fill(Sender& sender, Woken& woken, const std::vector<Chunk>& chunks,
          const std::atomic<bool>& over) {
  while (!over.load()) {
    Frame frame = data_frame(chunks[0]);
    std::vector<std::uint32_t> links;
    while (sender.send({&frame, 1}) == 0) woken.take(links, kNever);
  }
  send_all(sender, woken, chunks, 1);
}

void control(const Options& options) {
  const OtherProcess other([&](Wire wire) { answer(wire, options); });
  Side side(other.wire(), 0, options.link);
  Woken woken(1);
  auto sender = side.sender(0, woken.wake(0));
  side.links->start();
  Pinger pinger(options.link.count);
  auto plane = expect(connect_control(
      control_options(options, 0, other.wire().hear().get<std::uint16_t>()), pinger.events()));
  const auto chunks = window_of_chunks(side);
  std::atomic<bool> over = options.idle;
  const Stopwatch watch;
  std::thread filling([&] { fill(*sender, woken, chunks, over); });
  pinger.start(*plane);
  over.store(true);
  filling.join();
  const double received = other.wire().hear(), seconds = watch.seconds();
  const double gb = received * static_cast<double>(options.link.bytes) / 1e9;
  plane.reset();
  pinger.trips().print("leat_control", seconds, {{"bulk_gb_per_second", gb / seconds}});
  other.wire().tell("over");
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
  bench::Options options;
  options.link.count = 1000;
  CLI::App app{"round trips of leat's control plane over full links"};
  options.link.add_to(app);
  app.add_option("--certs", options.certs, "folder of certificates for the control plane")
      ->required();
  app.add_flag("--idle", options.idle, "without chunks");
  CLI11_PARSE(app, argc, argv);
  try {
    bench::control(options);
  } catch (const std::exception& error) {
    bench::give_up(leat::failed(error.what()));
  }
}
