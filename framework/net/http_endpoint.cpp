#include <leat/net/http_endpoint.hpp>

#include <leat/net/asio.hpp>
#include <leat/net/listening.hpp>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <thread>

namespace leat {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;

constexpr std::uint32_t kHeader = 8192;
constexpr auto kPatience = std::chrono::seconds(5);
constexpr int kConnections = 16;

using Paths = std::map<std::string, std::function<HttpAnswer()>>;

HttpAnswer answer_to(const Paths& paths, http::verb verb, const std::string& target) {
  if (verb != http::verb::get && verb != http::verb::head) return {405, "text/plain", "only GET and HEAD\n"};
  auto found = paths.find(target.substr(0, target.find('?')));
  if (found == paths.end()) return {404, "text/plain", "there is nothing here\n"};
  return found->second();
}

// One connection: reads a request, answers it, reads the next.
class Visitor : public std::enable_shared_from_this<Visitor> {
 public:
  Visitor(asio::ip::tcp::socket socket, const Paths& paths, std::shared_ptr<std::atomic<int>> open)
      : stream_(std::move(socket)), paths_(paths), open_(std::move(open)) {}
  ~Visitor() { --*open_; }

  void read() {
    parser_.emplace();
    parser_->header_limit(kHeader);
    parser_->body_limit(std::numeric_limits<std::uint64_t>::max());
    stream_.expires_after(kPatience);
    http::async_read_header(stream_, buffer_, *parser_,
                            [self = shared_from_this()](error_code problem, std::size_t) { self->have(problem); });
  }

 private:
  void have(error_code problem) {
    if (problem == http::error::end_of_stream || problem == beast::error::timeout) return;
    if (problem && problem.category() != http::make_error_code(http::error::bad_method).category()) return;
    HttpAnswer answer = problem ? HttpAnswer{400, "text/plain", "this is not HTTP/1.1 with a short header\n"}
                                : answer_to(paths_, parser_->get().method(), std::string(parser_->get().target()));
    bool body = problem || parser_->get().method() != http::verb::head;
    // What a request brings besides its header is never read.
    bool more = !problem && parser_->get().keep_alive() && parser_->is_done();
    write(answer, body, more);
  }

  void write(const HttpAnswer& answer, bool body, bool more) {
    reply_ = {};
    reply_.result(answer.status);
    reply_.version(11);
    reply_.set(http::field::content_type, answer.type);
    reply_.keep_alive(more);
    reply_.content_length(answer.body.size());
    if (body) reply_.body() = answer.body;
    stream_.expires_after(kPatience);
    http::async_write(stream_, reply_, [self = shared_from_this(), more](error_code problem, std::size_t) {
      if (!problem && more) return self->read();
      error_code ignored;
      self->stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    });
  }

  beast::tcp_stream stream_;
  const Paths& paths_;
  std::shared_ptr<std::atomic<int>> open_;
  beast::flat_buffer buffer_{kHeader + 1024};
  std::optional<http::request_parser<http::empty_body>> parser_;
  http::response<http::string_body> reply_;
};

class BeastEndpoint final : public HttpEndpoint {
 public:
  explicit BeastEndpoint(Options options) : options_(std::move(options)), acceptor_(io_) {}

  ~BeastEndpoint() override {
    io_.stop();
    if (thread_.joinable()) thread_.join();
  }

  Result<void> start() {
    auto at = listen(acceptor_, options_.listen);
    if (!at) return std::move(at).error();
    endpoint_ = std::move(at).value();
    accept();
    thread_ = std::thread([this] { io_.run(); });
    return {};
  }

  Endpoint endpoint() const override { return endpoint_; }

 private:
  void accept() {
    acceptor_.async_accept([this](error_code problem, asio::ip::tcp::socket socket) {
      if (problem == asio::error::operation_aborted) return;
      if (!problem && ++*open_ <= kConnections) {
        std::make_shared<Visitor>(std::move(socket), options_.paths, open_)->read();
      } else if (!problem) {
        --*open_;
        options_.log.warning("connection closed", {{"reason", "the HTTP endpoint has all its 16 connections"}});
      }
      accept();
    });
  }

  Options options_;
  Endpoint endpoint_;
  std::shared_ptr<std::atomic<int>> open_ = std::make_shared<std::atomic<int>>(0);
  asio::io_context io_{1};
  asio::ip::tcp::acceptor acceptor_;
  std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<HttpEndpoint>> HttpEndpoint::open(Options options) {
  if (!is_loopback(options.listen)) {
    return invalid("the HTTP endpoint " + text(options.listen) + " is not on loopback: say one like 127.0.0.1:9464");
  }
  auto endpoint = std::make_unique<BeastEndpoint>(std::move(options));
  if (auto ok = endpoint->start(); !ok) return std::move(ok).error();
  return std::unique_ptr<HttpEndpoint>(std::move(endpoint));
}

}  // namespace leat
