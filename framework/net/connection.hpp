/// A live connection: who reads what comes, and who writes what is there to write.
#pragma once

#include <leat/net/batch.hpp>
#include <leat/net/liveness.hpp>
#include <leat/net/reactor.hpp>
#include <leat/net/byte_stream.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace leat::wire {

class Connection;

/// What goes over a Connection: its two users are Outbound and Inbound.
class Traffic {
 public:
  virtual ~Traffic() = default;

  /// Adds what is to be written next; nothing when there is nothing, but for a sign of life if `sign`. Called by
  /// one thread at a time, any, possibly once more after `line` was broken or closed: then it adds nothing.
  virtual void fill(const Connection& connection, Batch& batch, bool sign) = 0;

  /// Where to read to. On the reactor's thread.
  virtual std::span<const iovec> room() = 0;
  /// That many bytes came. An error closes the connection. On the reactor's thread.
  virtual Result<void> arrived(std::size_t bytes) = 0;
  /// All that had come is handed over: wakes whom it concerns. On the reactor's thread, under no lock.
  virtual void settled() = 0;
  /// The connection is over, once, unless close() was called before. `refused`: by arrived(); else the
  /// network's. On the reactor's thread.
  virtual void broken(const Error& error, bool refused) = 0;
};

/// Reads on the reactor's thread. Writes on whichever thread has something to write and finds nobody
/// writing, so that a cell's chunk goes to the kernel without a hop; when the socket is full, the
/// reactor's thread goes on. A peer of which nothing is heard for Liveness::kSilent beats is given up, whatever TCP
/// says: who acknowledges bytes need not be who they are for.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(std::shared_ptr<Reactor> reactor, std::unique_ptr<ByteStream> stream, std::shared_ptr<Traffic> traffic,
             std::chrono::milliseconds beat);

  /// Begins to read, and to write what there is, `first` before all else. On the reactor's thread.
  void start(std::span<const std::byte> first);

  /// There is something to write. Threads: any.
  void pump();

  /// Ends it; its Traffic hears no more, but for fill(). On the reactor's thread.
  void close();

  bool encrypted() const { return encrypted_; }

 private:
  enum class Wrote { all, blocked, enough, failed };

  void drive();
  Wrote write_some();
  void await_writable();
  void await_readable();
  void readable();
  void await_beat();
  void beat();
  void fail(const Error& error, bool refused);
  void end();

  std::shared_ptr<Reactor> reactor_;
  std::unique_ptr<ByteStream> stream_;
  bool encrypted_;
  std::shared_ptr<Traffic> traffic_;
  std::atomic<bool> over_{false};
  // How often it was pumped and not yet looked: who raises it from 0 has the writer's role.
  std::atomic<std::uint64_t> pumped_{0};
  std::atomic<bool> sign_due_{false};
  Liveness liveness_;
  std::chrono::milliseconds beat_;
  asio::steady_timer next_beat_;
  Batch batch_;   // the writer's
  IoResult failed_;  // the writer's
};

}  // namespace leat::wire
