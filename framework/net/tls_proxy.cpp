#include <set>
#include <thread>

#include <leat/net/tls_proxy.hpp>
#include <leat/net/proxy_client.hpp>
#include <leat/net/listening.hpp>
#include <leat/net/tls_context.hpp>

namespace leat {
namespace {

using asio::ip::tcp;
using boost::system::error_code;

constexpr std::chrono::seconds kLastWords{1};

class Proxy final : public TlsProxy {
 public:
  explicit Proxy(ProxyShared shared)
      : shared_(std::move(shared)),
        listening_(std::make_shared<Listening>(
            io_, shared_.log = std::make_shared<LimitedLog>(io_, shared_.options.log),
            [this](tcp::socket socket) { admit(std::move(socket)); },
            [this] { return pending_.wait(std::chrono::steady_clock::now()); })),
        last_words_(io_),
        pending_(shared_.options.pending, shared_.options.pending_stay) {
    shared_.known = [this](const std::shared_ptr<ProxyClient>& client) {
      pending_.remove(client);
      known_.insert(client);
    };
    shared_.left = [this](const std::shared_ptr<ProxyClient>& client) {
      pending_.remove(client);
      known_.erase(client);
      if (closing_ && known_.empty()) io_.stop();
    };
  }

  ~Proxy() override {
    if (!thread_.joinable()) return;
    asio::post(io_, [this] { close(); });
    thread_.join();
  }

  Result<void> open() {
    auto bound = listening_->open(shared_.options.listen);
    if (!bound) return std::move(bound).error();
    endpoint_ = *bound;
    listening_->start();
    thread_ = std::thread([this] { io_.run(); });
    return {};
  }

  Endpoint endpoint() const override { return endpoint_; }

 private:
  // What the service said last may still be on its way.
  void close() {
    closing_ = true;
    listening_->close();
    last_words_.expires_after(kLastWords);
    last_words_.async_wait([this](error_code) { io_.stop(); });
    for (const auto& client : pending_.all()) client->drain();
    for (const auto& client : std::set(known_)) client->drain();
    if (known_.empty()) io_.stop();
  }

  void admit(tcp::socket socket) {
    if (auto oldest = pending_.in_the_way()) {
      oldest->refuse(LogLevel::warning, std::to_string(shared_.options.pending) +
                                              " others come too, and it was the first of them");
    }
    auto client = std::make_shared<ProxyClient>(std::move(socket), shared_);
    pending_.add(client, std::chrono::steady_clock::now());
    client->preflight();
  }

  asio::io_context io_{1};
  ProxyShared shared_;
  std::shared_ptr<Listening> listening_;
  asio::steady_timer last_words_;
  PendingConnections<ProxyClient> pending_;
  std::set<std::shared_ptr<ProxyClient>> known_;
  bool closing_ = false;  // on the I/O thread
  Endpoint endpoint_;
  std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<TlsProxy>> TlsProxy::open(Options options) {
  ProxyShared shared;
  std::error_code nothing;
  if (!std::filesystem::is_socket(options.inside, nothing)) {
    return invalid(options.inside.string() + " is no socket: a service stays behind its TLS proxy");
  }
  shared.inside = options.inside.string();
  auto tls = mutual_tls(options.credentials);
  if (!tls) return std::move(tls).error();
  shared.tls = *tls;
  know_preflights(*shared.tls);
  shared.options = std::move(options);
  auto proxy = std::make_unique<Proxy>(std::move(shared));
  if (auto opened = proxy->open(); !opened) return std::move(opened).error();
  return std::unique_ptr<TlsProxy>(std::move(proxy));
}

}  // namespace leat
