#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <cstring>
#include <exception>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <thread>
#include <unordered_map>
#include <utility>

#include <caf/all.hpp>
#include <caf/io/all.hpp>
#include <caf/io/network/default_multiplexer.hpp>
#include <caf/io/network/doorman_impl.hpp>
#include <caf/openssl/all.hpp>

#include <leat/cluster/control_plane.hpp>
#include <leat/net/tls_proxy.hpp>
#include <leat/net/held_credentials.hpp>
#include <leat/net/inner_socket.hpp>
#include <leat/net/preflight.hpp>

namespace leat {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

// Only types that CAF knows already cross the wire: no ids to register, no process-wide tables.
using WireBytes = std::vector<char>;
using hello_atom = caf::atom_constant<caf::atom("hello")>;
using bye_atom = caf::atom_constant<caf::atom("bye")>;

constexpr const char* kApplication = "leat control 1";

// Set from code: CAF ignores keys it does not know, and its argv parser is not ours to feed.
struct Config : caf::actor_system_config {
  explicit Config(const Credentials& files) {
    load<caf::io::middleman>();
    load<caf::openssl::manager>();
    openssl_certificate = files.certificate;
    openssl_key = files.key;
    openssl_cafile = files.authority;
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-threads", std::size_t{1});
    set("scheduler.max-throughput", std::size_t{16});
    set("middleman.workers", std::size_t{0});
    set("middleman.app-identifiers", std::vector<std::string>{kApplication});
    // Slower than those of the members above: these keep a quiet connection from looking idle.
    set("middleman.heartbeat-interval", caf::timespan(std::chrono::seconds(5)));
    set("middleman.connection-timeout", caf::timespan(std::chrono::seconds(30)));
  }
};

constexpr std::uint16_t kNoPort = 0;

// Of a Unix socket: CAF aborts where it asks one for its port.
struct InnerDoorman final : caf::io::network::doorman_impl {
  using doorman_impl::doorman_impl;
  std::uint16_t port() const override { return kNoPort; }
  std::string addr() const override { return ""; }
};

// Who is at the other ends. An address is all CAF tells of a sender and of the dead.
class Peers {
 public:
  bool add(PeerId id, const caf::actor& peer) {
    std::lock_guard held(mutex_);
    if (closed_ || !by_address_.emplace(peer->address(), id).second) return false;
    by_id_.emplace(id, peer);
    return true;
  }
  caf::actor find(PeerId id) const {
    std::lock_guard held(mutex_);
    auto found = by_id_.find(id);
    return found == by_id_.end() ? caf::actor() : found->second;
  }
  std::optional<PeerId> find(const caf::actor_addr& address) const {
    std::lock_guard held(mutex_);
    auto found = by_address_.find(address);
    return found == by_address_.end() ? std::nullopt : std::optional(found->second);
  }
  caf::actor remove(PeerId id) {
    std::lock_guard held(mutex_);
    auto found = by_id_.find(id);
    if (found == by_id_.end()) return {};
    auto peer = std::move(found->second);
    by_id_.erase(found);
    by_address_.erase(peer->address());
    return peer;
  }
  // Lets go of all, for good: handles must not outlive their actor system.
  void close() {
    std::lock_guard held(mutex_);
    closed_ = true;
    by_id_.clear();
    by_address_.clear();
  }

 private:
  mutable std::mutex mutex_;
  bool closed_ = false;
  std::unordered_map<PeerId, caf::actor> by_id_;
  std::unordered_map<caf::actor_addr, PeerId> by_address_;
};

struct Reporting {
  ControlEvents events;
  milliseconds tick_every{};
  Peers peers;
  std::atomic<bool> tick_due{false};
  PeerId last = kCoordinator;  // on the reporting's own thread
};

std::string why(const caf::error& reason) {
  bool lost = reason == caf::exit_reason::remote_link_unreachable;
  return lost ? "the connection to it was lost" : "it left";
}

void depart(Reporting& reporting, const caf::actor_addr& who, const std::string& reason) {
  auto id = reporting.peers.find(who);
  if (!id) return;
  reporting.peers.remove(*id);
  if (reporting.events.gone) reporting.events.gone(*id, reason);
}

void welcome(caf::event_based_actor* self, Reporting& reporting) {
  auto peer = caf::actor_cast<caf::actor>(self->current_sender());
  if (!peer || !reporting.events.joined || !reporting.peers.add(reporting.last + 1, peer)) return;
  self->monitor(peer);
  reporting.events.joined(++reporting.last);
}

// The one actor of a plane: calls the events, one at a time. The listening side's is the reception,
// the one that the other side's, its agent, says hello to.
caf::behavior sit_at(caf::event_based_actor* self, const std::shared_ptr<Reporting>& reporting,
                     const caf::actor& reception) {
  self->set_default_handler(caf::drop);
  self->set_exception_handler(
      [](std::exception_ptr&) -> caf::error { std::terminate(); });  // a bug
  self->set_down_handler(
      [reporting](caf::down_msg& down) { depart(*reporting, down.source, why(down.reason)); });
  if (reception) self->monitor(reception);
  return {
      [self, reporting](hello_atom) { welcome(self, *reporting); },
      [self, reporting](const WireBytes& bytes) {
        auto from = reporting->peers.find(caf::actor_cast<caf::actor_addr>(self->current_sender()));
        if (!from || !reporting->events.message) return;
        ControlBytes content(bytes.size());
        if (!bytes.empty()) std::memcpy(content.data(), bytes.data(), bytes.size());
        reporting->events.message(*from, content);
      },
      [self, reporting](bye_atom) {
        depart(*reporting, caf::actor_cast<caf::actor_addr>(self->current_sender()),
               "it wants no more of us");
      },
      [reporting](caf::tick_atom) {
        if (reporting->tick_due.exchange(false) && reporting->events.tick) reporting->events.tick();
      },
  };
}

class CafControl final : public ControlPlane {
 public:
  CafControl(HeldCredentials credentials, ControlEvents events, milliseconds tick_every)
      : credentials_(std::move(credentials)),
        config_(credentials_.files()),
        reporting_(std::make_shared<Reporting>()) {
    reporting_->events = std::move(events);
    reporting_->tick_every = tick_every;
    system_ = std::make_unique<caf::actor_system>(config_);
  }

  ~CafControl() override {
    ticker_ = {};
    if (actor_) end_actor();
    reporting_->peers.close();
    system_ = nullptr;
    proxy_ = nullptr;
  }

  Result<void> listen(const ControlOptions& options) {
    take_seat({});
    auto inside = InnerSocket::listen();
    if (!inside) return std::move(inside).error();
    inside_.emplace(std::move(*inside));
    publish(inside_->take_listener());
    TlsProxy::Options proxy{.listen = options.at,
                            .inside = inside_->way(),
                            .credentials = options.credentials,
                            .log = options.log};
    auto opened = TlsProxy::open(std::move(proxy));
    if (!opened) return std::move(opened).error();
    proxy_ = std::move(*opened);
    endpoint_ = proxy_->endpoint();
    return {};
  }

  Result<void> connect(const ControlOptions& options, const Endpoint& there,
                       Clock::time_point until) {
    endpoint_ = options.at;
    caf::actor reception;
    std::string why = "it did not answer in time";
    // CAF's first heartbeat can end a connection that is just being made, and so can a full proxy: try again.
    constexpr int kTries = 8;
    constexpr milliseconds kBetweenTries{100};
    for (int tries = 0; tries < kTries && !reception && Clock::now() < until; ++tries) {
      caf::scoped_actor self{*system_};
      if (tries > 1) self->receive(caf::after(kBetweenTries) >> [] {});
      self->request(system_->openssl_manager().actor_handle(),
                    std::chrono::duration_cast<milliseconds>(until - Clock::now()),
                    caf::connect_atom_v, there.host, there.port)
          .receive(
              [&](const caf::node_id&, caf::strong_actor_ptr& published, std::set<std::string>&) {
                reception = caf::actor_cast<caf::actor>(std::move(published));
                why = "it speaks CAF, but is no leat coordinator";
              },
              [&](const caf::error& error) {
                why = "it does not speak this leat's control protocol (" + system_->render(error) +
                      ")";
              });
    }
    if (!reception) {
      return Error{ErrorKind::disconnected, "cannot connect to " + to_string(options.at) + ": " + why};
    }
    reporting_->peers.add(kCoordinator, reception);
    take_seat(reception);
    return {};
  }

  void send(PeerId to, ControlBytes bytes) override {
    auto peer = reporting_->peers.find(to);
    if (!peer) return;
    WireBytes content(bytes.size());
    if (!bytes.empty()) std::memcpy(content.data(), bytes.data(), bytes.size());
    caf::send_as(actor_, peer, std::move(content));
  }

  void drop(PeerId peer) override {
    if (auto dropped = reporting_->peers.remove(peer)) caf::send_as(actor_, dropped, bye_atom::value);
  }

  Endpoint endpoint() const override { return endpoint_; }

 private:
  void take_seat(const caf::actor& reception) {
    watcher_ = std::make_unique<caf::scoped_actor>(*system_);
    actor_ = (*watcher_)->spawn<caf::detached + caf::monitored>(sit_at, reporting_, reception);
    // From here, not from the agent: it must come before whatever is sent through this plane.
    if (reception) caf::send_as(actor_, reception, hello_atom::value);
    ticker_ = std::jthread([reporting = reporting_, actor = actor_](const std::stop_token& stop) {
      std::mutex mutex;
      std::condition_variable_any stopping;
      std::unique_lock held(mutex);
      while (
          !stopping.wait_for(held, stop, reporting->tick_every, [&] { return stop.stop_requested(); })) {
        if (!reporting->tick_due.exchange(true)) caf::anon_send(actor, caf::tick_atom_v);
      }
    });
  }

  // As caf::io::publish does, on a socket of ours.
  void publish(int listener) {
    auto& middleman = system_->middleman();
    auto& loop = static_cast<caf::io::network::default_multiplexer&>(middleman.backend());
    caf::io::doorman_ptr doorman = caf::make_counted<InnerDoorman>(loop, listener);
    caf::anon_send(middleman.named_broker<caf::io::basp_broker>(caf::atom("BASP")), caf::publish_atom_v,
                   std::move(doorman), kNoPort, caf::actor_cast<caf::strong_actor_ptr>(actor_),
                   std::set<std::string>{});
  }

  // An actor system waits for ever for a detached actor that a message refers to, and CAF's broker
  // stops with such messages unread: so the broker is asked something after the actor's last
  // message to it.
  void end_actor() {
    auto& self = *watcher_;
    caf::anon_send_exit(actor_, caf::exit_reason::user_shutdown);
    self->receive([](const caf::down_msg&) {});
    actor_ = nullptr;
    self->request(system_->openssl_manager().actor_handle(), std::chrono::seconds(1),
                  caf::get_atom_v, system_->node())
        .receive([](const caf::node_id&, const std::string&, std::uint16_t) {},
                 [](const caf::error&) {});
    watcher_ = nullptr;
  }

  HeldCredentials credentials_;
  Config config_;
  std::shared_ptr<Reporting> reporting_;
  std::unique_ptr<caf::actor_system> system_;
  caf::actor actor_;
  std::unique_ptr<caf::scoped_actor> watcher_;  // of actor_, from its birth: hears last of its end
  std::jthread ticker_;  // not CAF's clock, whose pending messages refer to the actor too
  std::optional<InnerSocket> inside_;
  std::unique_ptr<TlsProxy> proxy_;
  Endpoint endpoint_;
};

}  // namespace

Result<std::unique_ptr<ControlPlane>> listen_control(ControlOptions options, ControlEvents events) {
  auto held = HeldCredentials::of(options.credentials);
  if (!held) return std::move(held).error();
  auto plane =
      std::make_unique<CafControl>(std::move(*held), std::move(events), options.tick_every);
  if (auto listens = plane->listen(options); !listens) return std::move(listens).error();
  return std::unique_ptr<ControlPlane>(std::move(plane));
}

Result<std::unique_ptr<ControlPlane>> connect_control(ControlOptions options,
                                                      ControlEvents events) {
  auto until = Clock::now() + options.connect_within;
  auto held = HeldCredentials::of(options.credentials);
  if (!held) return std::move(held).error();
  // CAF says little of why it cannot connect, and waits for the system's time-outs.
  auto there = preflight(options.at, options.credentials, options.connect_within, options.log);
  if (!there) return std::move(there).error();
  auto plane =
      std::make_unique<CafControl>(std::move(*held), std::move(events), options.tick_every);
  if (auto met = plane->connect(options, *there, until); !met) return std::move(met).error();
  return std::unique_ptr<ControlPlane>(std::move(plane));
}

}  // namespace leat
