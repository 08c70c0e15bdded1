/// A WebSocket over a connection of Beast's, for http_connection.cpp only.
#pragma once

#include <leat/net/http_server.hpp>
#include <leat/net/asio.hpp>
#include <leat/net/reactor.hpp>

#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>

#include <functional>
#include <memory>
#include <string>

namespace leat::wire {

/// Does the handshake that `asked` begins, and calls `opened`. It lives until its connection has ended, and then says
/// so. Threads: the reactor's; the socket itself: any.
template <class Stream>
std::shared_ptr<WebSocket> beast_web_socket(Stream stream,
                                            boost::beast::http::request<boost::beast::http::empty_body> asked,
                                            const std::string& protocol, WebSocketEvents events, const HttpLimits& limits,
                                            std::shared_ptr<Reactor> reactor,
                                            std::function<void(std::shared_ptr<WebSocket>)> opened);

extern template std::shared_ptr<WebSocket> beast_web_socket(
    boost::beast::tcp_stream, boost::beast::http::request<boost::beast::http::empty_body>, const std::string&,
    WebSocketEvents, const HttpLimits&, std::shared_ptr<Reactor>, std::function<void(std::shared_ptr<WebSocket>)>);
extern template std::shared_ptr<WebSocket> beast_web_socket(
    boost::beast::ssl_stream<boost::beast::tcp_stream>, boost::beast::http::request<boost::beast::http::empty_body>,
    const std::string&, WebSocketEvents, const HttpLimits&, std::shared_ptr<Reactor>,
    std::function<void(std::shared_ptr<WebSocket>)>);

}  // namespace leat::wire
