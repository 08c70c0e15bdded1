#pragma once
// leat's links between two processes: what leat_links and leat_control share.

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include <leat/chunk/chunk.hpp>
#include <leat/net/data_plane.hpp>
#include <leat/schemas/chunk.capnp.h>

#include "two_processes.hpp"

namespace bench {

/// What both ends are told.
struct LinkOptions {
  std::size_t bytes = 256 * 1024;  ///< of a chunk's message, a multiple of 8
  std::size_t count = 10000;
  std::size_t in_flight = 16;  ///< chunks a link's window holds
  std::size_t links = 1;
  double seconds = 1;
  std::string tls;  ///< folder of certificates; empty: plain
  std::string hops = "none";
  bool lz4 = false;

  [[nodiscard]] leat::Amount window() const;
  void add_to(CLI::App& app);
};

void add_throughput(CLI::App& app);
void add_pingpong(CLI::App& app);
void add_stalled(CLI::App& app);
void add_stopped(CLI::App& app);

/// Prints the sentence and exits.
[[noreturn]] void give_up(const leat::Error& error);

template <class T>
T expect(leat::Result<T> result) {
  if (!result) give_up(result.error());
  return std::move(result).value();
}

/// Certificate and key of NAME in `folder`, or none where it is empty.
std::optional<leat::Credentials> credentials(const std::string& folder, const std::string& name);

/// One process of the pair: its data plane and its links to the other, node 0 or 1 of a job.
struct Side {
  Side(Wire wire, std::uint32_t me, const LinkOptions& options);

  std::unique_ptr<leat::Sender> sender(std::uint32_t id, leat::Wake wake);
  std::unique_ptr<leat::Receiver> receiver(std::uint32_t id, leat::Wake wake);

  LinkOptions options;
  std::uint32_t me;
  std::shared_ptr<leat::Pool> pool = leat::Pool::make();
  std::unique_ptr<leat::DataPlane> plane;
  std::unique_ptr<leat::JobLinks> links;

 private:
  [[nodiscard]] leat::ChannelSpec spec(std::uint32_t id) const;
};

/// A chunk whose message has `bytes` bytes, every one of them written.
leat::Chunk new_chunk(leat::Pool& pool, std::size_t bytes);

leat::Frame data_frame(leat::Chunk chunk);
leat::Frame end_frame();

/// Which of `count` links have been woken: one thread takes them, any may wake.
class Woken {
 public:
  explicit Woken(std::size_t count) : listed_(count) {}

  leat::Wake wake(std::uint32_t link) {
    return [this, link] { add(link); };
  }
  void add(std::uint32_t link);
  /// Waits for at least one, until `deadline` at most (seconds of now()); puts them all into `links`.
  void take(std::vector<std::uint32_t>& links, double deadline);

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<char> listed_;
  std::vector<std::uint32_t> waiting_;
};

/// A deadline that never comes.
inline constexpr double kNever = 1e18;

/// Sends `count` chunks, those in `chunks` in turn, and an end; waits for credit.
void send_all(leat::Sender& sender, Woken& woken, const std::vector<leat::Chunk>& chunks,
              std::size_t count);

/// Takes frames and drops them until the end; returns how many chunks came.
std::size_t receive_all(leat::Receiver& receiver, Woken& woken);

/// As many chunks as the window holds: what a sender sends in turn.
std::vector<leat::Chunk> window_of_chunks(Side& side);

}  // namespace bench
