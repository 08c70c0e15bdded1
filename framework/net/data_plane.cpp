#include <leat/net/data_plane.hpp>

#include <leat/net/data_listener.hpp>

namespace leat {
namespace {

using namespace wire;

class OwnedLinks final : public JobLinks {
 public:
  OwnedLinks(std::shared_ptr<Reactor> reactor, std::shared_ptr<DataListener> listener, std::shared_ptr<Links> links)
      : reactor_(std::move(reactor)), listener_(std::move(listener)), links_(std::move(links)) {}

  ~OwnedLinks() override {
    reactor_->run([this] {
      listener_->remove(*links_);
      links_->close();
    });
  }

  std::unique_ptr<Sender> sender(const ChannelSpec& spec, Wake wake) override {
    std::unique_ptr<Sender> made;
    in_turn([&] { made = links_->sender(spec, std::move(wake)); });
    return made;
  }
  std::unique_ptr<Receiver> receiver(const ChannelSpec& spec, std::shared_ptr<Pool> pool, Wake wake) override {
    std::unique_ptr<Receiver> made;
    in_turn([&] { made = links_->receiver(spec, std::move(pool), std::move(wake)); });
    return made;
  }

  void start() override {
    reactor_->post([links = links_, listener = listener_, first = !std::exchange(started_, true)] {
      links->start();
      if (first) listener->add(links);
    });
  }
  void hurry() override {
    reactor_->post([links = links_] { links->hurry(); });
  }
  void add_node(Endpoint data) override { links_->add_node(std::move(data)); }
  void when_settled(std::function<void()> call) override {
    reactor_->run([&] { links_->when_settled(std::move(call)); });
  }
  void part(std::uint32_t peer) override {
    reactor_->run([&] { links_->part(peer); });
  }
  std::vector<PeerTraffic> traffic() const override { return links_->traffic(); }

 private:
  // Once connected, all that makes ends is done on the reactor's thread.
  template <class F>
  void in_turn(F make) {
    started_ ? reactor_->run(make) : make();
  }

  std::shared_ptr<Reactor> reactor_;
  std::shared_ptr<DataListener> listener_;
  std::shared_ptr<Links> links_;
  bool started_ = false;
};

class TcpPlane final : public DataPlane {
 public:
  TcpPlane(Plane plane, std::shared_ptr<DataListener> listener, Endpoint endpoint)
      : plane_(std::move(plane)), listener_(std::move(listener)), endpoint_(std::move(endpoint)) {}

  ~TcpPlane() override {
    plane_.reactor->run([this] { listener_->close(); });
    plane_.reactor->stop();
  }

  Endpoint endpoint() const override { return endpoint_; }
  std::unique_ptr<JobLinks> links(JobWiring wiring) override {
    return std::make_unique<OwnedLinks>(plane_.reactor, listener_, std::make_shared<Links>(plane_, std::move(wiring)));
  }

 private:
  Plane plane_;
  std::shared_ptr<DataListener> listener_;
  Endpoint endpoint_;
};

}  // namespace

Result<std::unique_ptr<DataPlane>> DataPlane::open(Options options) {
  if (!options.tls && !is_loopback(options.listen)) {
    return invalid("data would go in plain over " + to_string(options.listen) +
                   ", which is not loopback: give certificate, key and authority");
  }
  Plane plane;
  plane.log = std::move(options.log);
  plane.handshake_within = options.handshake_within;
  plane.beat = options.beat;
  if (options.tls) {
    auto context = TlsContext::make(*options.tls);
    if (!context) return context.error();
    plane.tls = std::move(context).value();
  }
  plane.reactor = std::make_shared<Reactor>();
  auto listener = std::make_shared<DataListener>(plane, options.pending, options.pending_stay);
  auto endpoint = listener->open(options.listen);
  if (!endpoint) {
    plane.reactor->stop();
    return endpoint.error();
  }
  return std::unique_ptr<DataPlane>(std::make_unique<TcpPlane>(std::move(plane), std::move(listener), *endpoint));
}

}  // namespace leat
