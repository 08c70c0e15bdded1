#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <span>
#include <utility>

#include "leat_links.hpp"

namespace bench {

using namespace leat;

Amount LinkOptions::window() const {
  return {Pool::footprint(bytes) * in_flight, in_flight};
}

void LinkOptions::add_to(CLI::App& app) {
  app.add_option("--bytes", bytes, "bytes of a chunk, a multiple of 8");
  app.add_option("--count", count, "chunks, or round trips");
  app.add_option("--in-flight", in_flight, "chunks a window holds");
  app.add_option("--links", links, "links between the two processes");
  app.add_option("--seconds", seconds, "length of a phase");
  app.add_option("--tls", tls, "folder of certificates; without: plain");
  app.add_option("--hops", hops, "none: the link's own thread answers; threads: a thread at each end")
      ->check(CLI::IsMember({"none", "threads"}));
  app.add_flag("--lz4", lz4, "compress on the wire");
}

void give_up(const Error& error) {
  std::fprintf(stderr, "error: %s\n", error.sentence.c_str());
  std::_Exit(1);
}

std::optional<Credentials> credentials(const std::string& folder, const std::string& name) {
  if (folder.empty()) return std::nullopt;
  return Credentials{folder + "/" + name + ".pem", folder + "/" + name + ".key",
                     folder + "/authority.pem"};
}

Side::Side(Wire wire, std::uint32_t node, const LinkOptions& given) : options(given), me(node) {
  DataPlane::Options opened;
  opened.listen = {"127.0.0.1", 0};
  opened.tls = credentials(options.tls, me == 0 ? "sender" : "receiver");
  opened.log = Log([](LogLevel level, std::string_view phrase, const std::vector<LogField>& fields) {
    if (level < LogLevel::warning) return;
    std::string line(phrase);
    for (const auto& [key, value] : fields) line += " " + std::string(key) + "=" + value;
    std::fprintf(stderr, "%s\n", line.c_str());
  });
  plane = expect(DataPlane::open(std::move(opened)));
  wire.tell(plane->endpoint().port);
  const Endpoint other{"127.0.0.1", wire.hear().get<std::uint16_t>()};
  JobWiring wiring;
  wiring.job = 1;
  wiring.token = std::string(32, 't');
  wiring.me = me;
  wiring.nodes = me == 0 ? std::vector{plane->endpoint(), other}
                         : std::vector{other, plane->endpoint()};
  wiring.reconnect_within = std::chrono::minutes(1);
  wiring.lost = [](std::uint32_t, const Error& error) { give_up(error); };
  links = plane->links(std::move(wiring));
}

ChannelSpec Side::spec(std::uint32_t id) const {
  return {.id = id,
          .peer = 1 - me,
          .type = capnp::typeId<schema::Bytes>(),
          .window = options.window(),
          .max_chunk = Pool::footprint(options.bytes),
          .compress = options.lz4,
          .name = "link " + std::to_string(id)};
}

std::unique_ptr<Sender> Side::sender(std::uint32_t id, Wake wake) {
  return links->sender(spec(id), std::move(wake));
}

std::unique_ptr<Receiver> Side::receiver(std::uint32_t id, Wake wake) {
  return links->receiver(spec(id), pool, std::move(wake));
}

Chunk new_chunk(Pool& pool, std::size_t bytes) {
  constexpr std::size_t kStructure = 16;  // the root pointer, and the pointer to the data
  Building<schema::Bytes> building(pool, bytes, kStructure);
  auto data = building.root().initData(static_cast<unsigned>(bytes - kStructure));
  std::memset(data.begin(), 1, data.size());
  return std::move(building).finish();
}

Frame data_frame(Chunk chunk) {
  Frame frame;
  frame.chunk = std::move(chunk);
  return frame;
}

Frame end_frame() {
  Frame frame;
  frame.kind = Frame::Kind::end;
  return frame;
}

void Woken::add(std::uint32_t link) {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(listed_[link], 1)) return;
    waiting_.push_back(link);
    if (waiting_.size() > 1) return;
  }
  changed_.notify_one();
}

void Woken::take(std::vector<std::uint32_t>& links, double deadline) {
  using Clock = std::chrono::steady_clock;
  links.clear();
  std::unique_lock lock(mutex_);
  const auto some = [this] { return !waiting_.empty(); };
  if (deadline >= kNever) {
    changed_.wait(lock, some);
  } else {
    const std::chrono::duration<double> since_start(deadline);
    changed_.wait_until(
        lock, Clock::time_point(std::chrono::duration_cast<Clock::duration>(since_start)), some);
  }
  links.swap(waiting_);
  for (const std::uint32_t link : links) listed_[link] = 0;
}

void send_all(Sender& sender, Woken& woken, const std::vector<Chunk>& chunks, std::size_t count) {
  std::vector<Frame> frames;
  std::vector<std::uint32_t> links;
  std::size_t next = 0;
  while (next < count || !frames.empty()) {
    while (next < count && frames.size() < chunks.size()) {
      frames.push_back(data_frame(chunks[next % chunks.size()]));
      if (++next == count) frames.push_back(end_frame());
    }
    const std::size_t sent = sender.send(std::span(frames));
    const bool all = sent == frames.size();
    frames.erase(frames.begin(), frames.begin() + static_cast<std::ptrdiff_t>(sent));
    if (!all) woken.take(links, kNever);
  }
}

std::size_t receive_all(Receiver& receiver, Woken& woken) {
  constexpr std::size_t kMost = 16;
  std::vector<Frame> frames;
  std::vector<std::uint32_t> links;
  for (std::size_t chunks = 0;;) {
    if (receiver.receive(frames, kMost) == 0) {
      receiver.consumed({}, true);
      woken.take(links, kNever);
      continue;
    }
    for (Frame& frame : frames) {
      const Amount cost = frame.cost();
      if (frame.kind == Frame::Kind::end) return chunks;
      frame.chunk = {};
      receiver.consumed(cost, false);
      ++chunks;
    }
    frames.clear();
  }
}

std::vector<Chunk> window_of_chunks(Side& side) {
  std::vector<Chunk> chunks;
  for (std::size_t i = 0; i < side.options.in_flight; ++i)
    chunks.push_back(new_chunk(*side.pool, side.options.bytes));
  return chunks;
}

}  // namespace bench
