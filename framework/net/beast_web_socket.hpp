/// A WebSocket over a connection of Beast's, for http_connection.cpp only.
#pragma once

#include <leat/net/http_server.hpp>
#include <leat/net/http_stream.hpp>
#include <leat/net/reactor.hpp>

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>

#include <functional>
#include <memory>
#include <string>

namespace leat::wire {

/// Does the handshake that `asked` begins, and calls `opened`. It lives until its connection has ended, and then says
/// so. Threads: the reactor's; the socket itself: any.
std::shared_ptr<WebSocket> beast_web_socket(HttpStream stream,
                                            boost::beast::http::request<boost::beast::http::empty_body> asked,
                                            const std::string& protocol, WebSocketEvents events, const HttpLimits& limits,
                                            std::shared_ptr<Reactor> reactor,
                                            std::function<void(std::shared_ptr<WebSocket>)> opened);

}  // namespace leat::wire
