/// One HTTP/1.1 request to a server: over plain TCP or TLS 1.3, a connection each.
#pragma once

#include <leat/chunk/result.hpp>
#include <leat/net/endpoint.hpp>
#include <leat/net/http_message.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

namespace leat {

/// Where something is brought to: a host, a port, and what its paths begin with.
struct HttpPlace {
  Endpoint at;
  std::string path = {};  ///< "", or "/otlp": begins with a slash, ends with none
  bool tls = false;
  std::filesystem::path authority = {};  ///< of tls: who has signed the server's certificate; "": whom this machine trusts

  friend bool operator==(const HttpPlace&, const HttpPlace&) = default;
};

/// "http://HOST", "http://HOST:PORT", "http://HOST:PORT/PATH", or where `tls` may be spoken, the same with https. Errors:
/// invalid (https where it may not; no address).
Result<HttpPlace> parse_http_place(const std::string& text, std::uint16_t default_port, bool tls = false);
/// "http://127.0.0.1:4318/otlp"
std::string to_string(const HttpPlace& place);

/// Of an answer's body, which is not read further.
inline constexpr std::size_t kMostHttpAnswer = std::size_t{64} << 10;

/// What is asked of a server.
struct HttpCall {
  std::string method = "GET";
  std::string path = {};                 ///< below the place: begins with a slash
  std::vector<HttpField> fields = {};    ///< besides those that every request has
  std::string body = {};
  std::size_t most = kMostHttpAnswer;    ///< bytes of the answer's body
};

/// Asks, and returns the answer, whatever its status; of its fields all. Waits at most `within`, and no longer than until
/// `stop`; but a host's name that the system takes longer to look up is waited for. Errors: disconnected (nobody listens
/// there, it does not answer in time, hangs up or does not speak HTTP, or its certificate is refused; stopped), failed (a longer
/// answer), invalid (the authority cannot be used). Redirections are
/// not followed. Threads: any, it owns what it uses.
Result<HttpAnswer> http_ask(const HttpPlace& place, const HttpCall& call, std::chrono::milliseconds within, std::stop_token stop = {});

/// Sends a body of JSON to `path` below the place and returns the body of an answer with a status of 200 to 299. Waits at
/// most `within`. Errors: those of http_ask(), but that a longer answer is cut; failed (another status). Threads: any.
Result<std::string> http_post(const HttpPlace& place, const std::string& path, const std::string& body,
                              std::chrono::milliseconds within, std::stop_token stop = {});

}  // namespace leat
