// The end of a TLS stream: what came before it is heard.
#include <array>
#include <future>
#include <optional>
#include <thread>

#include <leat/net/tls_context.hpp>
#include <leat/net/tls_stream.hpp>

#include "net/made_certificates.hpp"

#include "two_nodes.hpp"

using namespace leat;
using tests::must;
using wire::IoResult;

namespace {

using Client = asio::ssl::stream<asio::ip::tcp::socket>;

// A client of Asio's, and our end of its connection: their handshake is over.
struct Pair {
  Pair() {
    asio::ip::tcp::acceptor acceptor(io, {asio::ip::make_address("127.0.0.1"), 0});
    asio::ip::tcp::socket socket(io);
    socket.connect(acceptor.local_endpoint());
    client.emplace(std::move(socket), *must(mutual_tls(certificates.credentials())));
    auto accepted = acceptor.accept();
    wire::prepare(accepted);
    ours = context->stream(std::move(accepted), wire::Side::server);
    auto shaken = std::async(std::launch::async, [&] { client->handshake(Client::client); });
    for (IoResult moved = ours->handshake(); moved.state != IoResult::State::ready; moved = ours->handshake())
      BOOST_REQUIRE(moved.waits());
    shaken.get();
  }
  // All that comes up to the end, as often read as it takes.
  std::string to_the_end(IoResult::State& end) {
    std::string out;
    while (true) {
      std::array<char, 256> room{};
      iovec into{room.data(), room.size()};
      IoResult moved = ours->read(std::span(&into, 1));
      out.append(room.data(), moved.bytes);
      end = moved.state;
      if (moved.over()) {
        BOOST_TEST(moved.bytes == 0u, "who is told that it is over looks for no bytes");
        return out;
      }
    }
  }

  testing::Certificates certificates;
  std::shared_ptr<wire::TlsContext> context = must(wire::TlsContext::make(certificates.credentials()));
  asio::io_context io;
  std::optional<Client> client;
  std::unique_ptr<wire::ByteStream> ours;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(tls_stream)

BOOST_AUTO_TEST_CASE(the_last_record_is_heard_though_the_close_comes_with_it) {
  Pair pair;
  std::string words = "last words";
  asio::write(*pair.client, asio::buffer(words));
  boost::system::error_code ignored;
  auto closed = std::async(std::launch::async, [&] { pair.client->shutdown(ignored); });
  // Both records are there: 22 bytes each besides what they say, and the close says two.
  auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (pair.ours->socket().available() < words.size() + 2 + 2 * 22 && std::chrono::steady_clock::now() < deadline)
    std::this_thread::yield();
  IoResult::State end{};
  BOOST_TEST(pair.to_the_end(end) == words);
  BOOST_TEST((end == IoResult::State::ended));
  pair.ours->shut();
  closed.get();
}

BOOST_AUTO_TEST_CASE(the_last_record_is_heard_though_the_connection_is_cut_behind_it) {
  for (std::size_t size : {1, 255, 256, 257, 5000}) {
    Pair pair;
    std::string words(size, 'x');
    asio::write(*pair.client, asio::buffer(words));
    pair.client->next_layer().close();
    IoResult::State end{};
    BOOST_TEST(pair.to_the_end(end) == words);
    BOOST_TEST((end == IoResult::State::ended));
  }
}

BOOST_AUTO_TEST_SUITE_END()
