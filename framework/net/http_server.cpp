#include <leat/net/http_server.hpp>

#include <leat/net/http_connection.hpp>
#include <leat/net/listening.hpp>
#include <leat/net/pending_connections.hpp>
#include <leat/net/tls_context.hpp>

#include <algorithm>
#include <atomic>
#include <list>

namespace leat {
namespace {

using asio::ip::tcp;
using wire::HttpConnection;

class Listener final : public HttpServer {
 public:
  explicit Listener(Options options, std::shared_ptr<asio::ssl::context> tls) : listen_(options.listen) {
    shared_ = std::make_shared<wire::HttpShared>();
    shared_->reactor = std::make_shared<wire::Reactor>();
    shared_->tls = std::move(tls);
    shared_->limits = options.limits;
    shared_->serve = std::move(options.serve);
    shared_->log = std::make_shared<LimitedLog>(shared_->reactor->io(), options.log);
    listening_ = std::make_shared<Listening>(
        shared_->reactor->io(), shared_->log, [this](tcp::socket socket) { admit(std::move(socket)); },
        [this] { return wait(); });
  }

  ~Listener() override {
    shared_->reactor->run([this] {
      listening_->close();
      for (const auto& one : std::list(open_)) one->close("");
    });
    shared_->reactor->stop();
    shared_->serve = nullptr;
  }

  Result<void> open() {
    auto bound = listening_->open(listen_);
    if (!bound) return std::move(bound).error();
    endpoint_ = *bound;
    shared_->reactor->run([this] { listening_->start(); });
    return {};
  }

  Endpoint endpoint() const override { return endpoint_; }
  void post(std::function<void()> call) override { shared_->reactor->post(std::move(call)); }
  std::size_t connections() const override { return count_; }

 private:
  using Connections = std::list<std::shared_ptr<HttpConnection>>;

  // The oldest that asks nothing at the moment.
  Connections::iterator idle() {
    return std::find_if(open_.begin(), open_.end(), [](const auto& one) { return !one->busy(); });
  }

  std::chrono::steady_clock::duration wait() {
    bool room = open_.size() < shared_->limits.connections || idle() != open_.end();
    return room ? std::chrono::steady_clock::duration::zero() : kPendingStay;
  }

  void admit(tcp::socket socket) {
    auto oldest = open_.size() < shared_->limits.connections ? open_.end() : idle();
    if (oldest != open_.end()) {
      (*oldest)->close(std::to_string(shared_->limits.connections) + " others ask too, and it was the first of them");
    }
    auto one = wire::http_connection(std::move(socket), shared_, [this](const std::shared_ptr<HttpConnection>& gone) {
      open_.remove(gone);
      count_ = open_.size();
    });
    open_.push_back(one);
    count_ = open_.size();
    one->start();
  }

  Endpoint listen_;
  std::shared_ptr<wire::HttpShared> shared_;
  std::shared_ptr<Listening> listening_;
  Connections open_;  // by age
  std::atomic<std::size_t> count_ = 0;
  Endpoint endpoint_;
};

void read_rest(const std::shared_ptr<HttpExchange>& exchange, std::size_t most, std::shared_ptr<std::string> body,
               const std::function<void(Result<std::string>)>& then) {
  exchange->read([=](Result<std::string_view> part) {
    if (!part) return then(std::move(part).error());
    if (part->empty()) return then(std::move(*body));
    if (body->size() + part->size() > most) {
      return then(overloaded("the body has more than " + std::to_string(most) + " bytes: send less at a time"));
    }
    body->append(*part);
    read_rest(exchange, most, body, then);
  });
}

}  // namespace

void read_body(std::shared_ptr<HttpExchange> exchange, std::size_t most, std::function<void(Result<std::string>)> then) {
  auto length = exchange->request().length;
  if (length && *length > most) {
    return then(overloaded("the body has " + std::to_string(*length) + " bytes, and " + std::to_string(most) +
                           " are taken: send less at a time"));
  }
  read_rest(exchange, most, std::make_shared<std::string>(), then);
}

Result<std::unique_ptr<HttpServer>> HttpServer::open(Options options) {
  if (!is_loopback(options.listen) && !options.tls) {
    return invalid(to_string(options.listen) + " is not loopback: only there is served without TLS");
  }
  std::shared_ptr<asio::ssl::context> tls;
  if (options.tls) {
    auto made = server_tls(*options.tls);
    if (!made) return std::move(made).error();
    tls = std::move(*made);
  }
  auto listener = std::make_unique<Listener>(std::move(options), std::move(tls));
  if (auto opened = listener->open(); !opened) return std::move(opened).error();
  return std::unique_ptr<HttpServer>(std::move(listener));
}

}  // namespace leat
