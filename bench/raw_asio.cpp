// Peer: chunks over Boost.Asio as written by hand, between two processes: one I/O thread each,
// scatter-gather, headers with CRC32C, and no flow control but TCP's.
//
// `throughput` sends --count chunks one way. `pingpong` sends one to and fro; with --hops threads a
// worker thread at each end takes every chunk and answers it, as a cell does: the I/O thread wakes
// it through a condition variable, and it wakes the I/O thread through asio::post.

#include "raw_asio.hpp"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <cstdio>
#include <functional>
#include <iostream>
#include <mutex>
#include <stdexcept>
#include <thread>

#include <netinet/tcp.h>
#include <sys/socket.h>

#include <CLI/CLI.hpp>

#include "two_processes.hpp"

namespace {

using namespace bench;

/// A thread that runs what it is given, one at a time, or the caller itself.
class Worker {
 public:
  explicit Worker(bool own_thread) {
    if (own_thread) thread_ = std::thread([this] { run(); });
  }
  ~Worker() {
    if (!thread_.joinable()) return;
    give({});
    thread_.join();
  }
  void give(std::function<void()> work) {
    if (!thread_.joinable()) return work();
    {
      const std::lock_guard lock(mutex_);
      work_ = std::move(work);
      given_ = true;
    }
    changed_.notify_one();
  }
  [[nodiscard]] bool own_thread() const { return thread_.joinable(); }

 private:
  void run() {
    for (;;) {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return given_; });
      given_ = false;
      const auto work = std::move(work_);
      lock.unlock();
      if (!work) return;
      work();
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::function<void()> work_;
  bool given_ = false;
  std::thread thread_;
};

/// One end of a ping-pong: the one that serves measures, the other answers until the first hangs up.
template <class Stream>
class Rally {
 public:
  Rally(Stream& stream, const RawOptions& options, bool checksum, bool serves)
      : stream_(stream), checksum_(checksum), serves_(serves), out_(options.bytes, 1),
        in_(options.bytes), turns_(options.count), trips_(options.count),
        still_open_(stream.lowest_layer().get_executor()), worker_(options.hops == "threads") {}

  void start() {
    sent_ = now();
    if (serves_) {
      write();
    } else {
      read();
    }
  }
  RoundTrips& trips() { return trips_; }

 private:
  static constexpr std::size_t kWarm = 1000;

  void write() {
    header_out_.bytes = out_.size();
    header_out_.crc = checksum_ ? crc32c(out_.data(), out_.size()) : 0;
    const std::array<asio::const_buffer, 2> parts{asio::buffer(&header_out_, sizeof header_out_),
                                                  asio::buffer(out_)};
    asio::async_write(stream_, parts, [this](boost::system::error_code error, std::size_t) {
      if (error) throw boost::system::system_error(error, "ping-pong");
      read();
    });
  }

  void read() {
    const std::array<asio::mutable_buffer, 2> parts{asio::buffer(&header_in_, sizeof header_in_),
                                                    asio::buffer(in_)};
    asio::async_read(stream_, parts, [this](boost::system::error_code error, std::size_t) {
      if (error && !serves_) return still_open_.reset();
      if (error) throw boost::system::system_error(error, "ping-pong");
      if (checksum_ && crc32c(in_.data(), in_.size()) != header_in_.crc)
        throw std::runtime_error("a checksum is wrong");
      worker_.give([this] { answer(); });
    });
  }

  void answer() {
    const double arrived = now();
    if (serves_ && ++turn_ > kWarm) trips_.add(arrived - sent_);
    if (trips_.count() == turns_) return still_open_.reset();
    sent_ = arrived;
    if (!worker_.own_thread()) return write();
    asio::post(stream_.get_executor(), [this] { write(); });
  }

  Stream& stream_;
  bool checksum_, serves_;
  std::vector<std::uint8_t> out_, in_;
  ChunkHeader header_out_, header_in_;
  std::size_t turns_, turn_ = 0;
  double sent_ = 0;
  RoundTrips trips_;
  asio::executor_work_guard<Tcp::socket::executor_type> still_open_;
  Worker worker_;
};

/// Calls `with(stream, checksum)` on a socket, or on TLS over it.
template <class With>
void with_stream(Tcp::socket socket, const RawOptions& options, bool server, With with) {
  socket.set_option(Tcp::no_delay(true));
  if (options.unpaced && ::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_CONGESTION, "reno", 4) != 0) {
    throw std::runtime_error("this system has no unpaced congestion control");
  }
  if (options.tls.empty()) return with(socket, true);
  auto context = tls_context(options.tls, server ? "sender" : "receiver");
  Tls stream(std::move(socket), context);
  stream.handshake(server ? Tls::server : Tls::client);
  with(stream, false);
}

// The process that accepts is the sender; the other one connects.
struct Pair {
  RawOptions options;
  std::function<void(Wire, Tcp::socket, const RawOptions&)> sender, receiver;

  void run() const {
    asio::io_context here(1);
    Tcp::acceptor acceptor(here, {asio::ip::address_v4::loopback(), 0});
    const auto at = acceptor.local_endpoint();
    const OtherProcess other([&](Wire wire) {
      asio::io_context there(1);
      Tcp::socket socket(there);
      socket.connect(at);
      receiver(wire, std::move(socket), options);
    });
    sender(other.wire(), acceptor.accept(), options);
  }
};

void run_io(Tcp::socket::executor_type executor) {
  auto& context = static_cast<asio::io_context&>(executor.context());
  context.restart();
  context.run();
}

void receive_chunks(Wire wire, Tcp::socket socket, const RawOptions& options) {
  with_stream(std::move(socket), options, false, [&](auto& stream, bool checksum) {
    RawReceiver receiver(stream, options, checksum);
    wire.tell("ready");
    const Meter meter;
    receiver.start();
    run_io(stream.lowest_layer().get_executor());
    wire.tell(meter.used());
  });
}

void send_chunks(Wire wire, Tcp::socket socket, const RawOptions& options) {
  with_stream(std::move(socket), options, true, [&](auto& stream, bool checksum) {
    RawSender sender(stream, options, checksum);
    const Json ready = wire.hear();
    const Meter meter;
    sender.start();
    run_io(stream.lowest_layer().get_executor());
    const Json theirs = wire.hear();
    print_transfer("raw_asio", options.count, options.bytes, meter.used(), theirs,
                   {{"tls", !options.tls.empty()}, {"in_flight", options.in_flight}});
  });
}

void answer_pings(Wire, Tcp::socket socket, const RawOptions& options) {
  with_stream(std::move(socket), options, false, [&](auto& stream, bool checksum) {
    Rally rally(stream, options, checksum, false);
    rally.start();
    run_io(stream.lowest_layer().get_executor());
  });
}

void send_pings(Wire, Tcp::socket socket, const RawOptions& options) {
  with_stream(std::move(socket), options, true, [&](auto& stream, bool checksum) {
    Rally rally(stream, options, checksum, true);
    const Stopwatch watch;
    rally.start();
    run_io(stream.lowest_layer().get_executor());
    rally.trips().print("raw_asio", watch.seconds(),
                        {{"hops", options.hops}, {"tls", !options.tls.empty()}});
  });
}

void add(CLI::App& app, Pair& pair, const char* name, const char* about) {
  auto* sub = app.add_subcommand(name, about);
  sub->add_option("--bytes", pair.options.bytes, "bytes of a chunk");
  sub->add_option("--count", pair.options.count, "chunks, or round trips");
  sub->add_option("--in-flight", pair.options.in_flight, "buffers at each end");
  sub->add_option("--gather", pair.options.gather, "bytes of one write, at least a chunk");
  sub->add_option("--tls", pair.options.tls, "folder of certificates; without: plain");
  sub->add_option("--hops", pair.options.hops, "none, or threads: a worker thread at each end")
      ->check(CLI::IsMember({"none", "threads"}));
  sub->add_flag("--unpaced", pair.options.unpaced, "Reno instead of the system's congestion control");
}

}  // namespace

int main(int argc, char** argv) {
  Pair throughput{{}, send_chunks, receive_chunks};
  Pair pingpong{{}, send_pings, answer_pings};
  pingpong.options.bytes = 64;
  pingpong.options.count = 20000;
  CLI::App app{"peer: chunks over Boost.Asio, by hand"};
  app.require_subcommand(1);
  add(app, throughput, "throughput", "chunks one way");
  add(app, pingpong, "pingpong", "one chunk to and fro");
  CLI11_PARSE(app, argc, argv);
  try {
    (app.got_subcommand("throughput") ? throughput : pingpong).run();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "raw_asio: error: %s\n", error.what());
    return 1;
  }
}
