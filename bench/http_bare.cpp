// Limit: an HTTP server as small as Boost.Beast lets one be: one thread, callbacks, one answer, no routes, no access, no
// limits. Prints {"port": N} and serves until it is ended.

#include <utility>  // Asio 1.74 forgets it

#include <boost/asio.hpp>
#include <boost/beast.hpp>

#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "measure.hpp"

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, const std::string& body) : stream_(std::move(socket)), body_(body) {}

  void read() {
    request_ = {};
    stream_.expires_after(std::chrono::seconds(30));
    http::async_read(stream_, buffer_, request_, [self = shared_from_this()](error_code error, std::size_t) {
      if (!error) self->answer();
    });
  }

 private:
  void answer() {
    response_ = {http::status::ok, 11, body_};
    response_.set(http::field::content_type, "application/json");
    response_.set(http::field::cache_control, "no-cache");
    response_.set(http::field::etag, "W/\"0123456789abcdef0123456789abcdef\"");
    response_.keep_alive(request_.keep_alive());
    response_.prepare_payload();
    http::async_write(stream_, response_, [self = shared_from_this()](error_code error, std::size_t) {
      if (!error && self->request_.keep_alive()) self->read();
    });
  }

  beast::tcp_stream stream_;
  const std::string& body_;
  beast::flat_buffer buffer_;
  http::request<http::empty_body> request_;
  http::response<http::string_body> response_;
};

void accept(tcp::acceptor& acceptor, const std::string& body) {
  acceptor.async_accept([&](error_code error, tcp::socket socket) {
    if (!error) {
      socket.set_option(tcp::no_delay(true), error);
      std::make_shared<Session>(std::move(socket), body)->read();
    }
    accept(acceptor, body);
  });
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("One answer, by Boost.Beast alone");
  std::string path;
  app.add_option("--answer", path, "file with the body of the answer")->required();
  CLI11_PARSE(app, argc, argv);
  std::ifstream file(path, std::ios::binary);
  std::string body{std::istreambuf_iterator<char>(file), {}};
  asio::io_context io(1);
  tcp::acceptor acceptor(io, {asio::ip::address_v4::loopback(), 0});
  std::cout << bench::Json{{"port", acceptor.local_endpoint().port()}} << std::endl;
  accept(acceptor, body);
  io.run();
}
