/// The connections of one job on this node, to all its peers.
#pragma once

#include <leat/net/hello.hpp>
#include <leat/net/inbound.hpp>
#include <leat/net/outbound.hpp>
#include <leat/net/wiring.hpp>

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <vector>

namespace leat::wire {

/// Threads: as said at each; what is not said is on the reactor's thread.
class Links : public std::enable_shared_from_this<Links> {
 public:
  Links(Plane plane, JobWiring wiring);

  /// Before the first start(): threads: any, one at a time.
  std::unique_ptr<Sender> sender(const ChannelSpec& spec, Wake wake);
  std::unique_ptr<Receiver> receiver(const ChannelSpec& spec, std::shared_ptr<Pool> pool, Wake wake);

  /// Connects to those peers that ends were made for since.
  void start();
  void hurry();
  void close();
  void when_settled(std::function<void()> call);
  void part(std::uint32_t peer) { lost_.insert(peer); }
  /// Threads: any.
  void add_node(Endpoint data) { job_->add_node(std::move(data)); }

  std::uint64_t job() const { return job_->wiring.job; }
  std::uint32_t epoch() const { return job_->wiring.epoch; }
  bool knows(const std::string& token) const { return same_token(token, job_->wiring.token); }
  /// Why a peer with the right token and epoch is refused all the same, if it is.
  Result<void> admits(const Hello& hello) const;
  void welcome(const Hello& hello, std::unique_ptr<ByteStream> stream);

  /// Threads: any.
  std::vector<PeerTraffic> traffic() const;

 private:
  void lose(std::uint32_t peer, Error error);
  bool settled() const;
  void look_whether_settled();
  Lost losing();

  std::shared_ptr<JobContext> job_;
  std::map<std::uint32_t, std::shared_ptr<Outbound>> outbound_;
  std::map<std::uint32_t, std::shared_ptr<Inbound>> inbound_;
  std::set<std::uint32_t> lost_;
  bool closed_ = false;
  std::function<void()> when_settled_;
};

}  // namespace leat::wire
