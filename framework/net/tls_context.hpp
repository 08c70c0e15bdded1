/// TLS 1.3 and nothing older: each side showing a certificate that the authority of both has signed, or, to browsers,
/// the server only.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>

#include <leat/chunk/result.hpp>
#include <leat/net/asio.hpp>
#include <leat/net/endpoint.hpp>

namespace leat {

/// Bytes of the certificates that one side shows, at most. Two intermediates with RSA keys of 4,096 bits have 6,000.
inline constexpr std::size_t kLongestChain = 32 * 1024;

/// For a server whose clients show no certificates: of the credentials, the authority is not looked at. Errors: invalid
/// when a file cannot be used.
Result<std::shared_ptr<asio::ssl::context>> server_tls(const Credentials& credentials);

/// For both ends of connections. Errors: invalid when a file cannot be used.
Result<std::shared_ptr<asio::ssl::context>> mutual_tls(const Credentials& credentials);

/// For a client that shows no certificate and wants one of the server: signed by an authority in that file, or, where it is
/// "", by one that this machine trusts. Errors: invalid when the file cannot be used.
Result<std::shared_ptr<asio::ssl::context>> client_tls(const std::filesystem::path& authority);
/// Before a client's handshake: the certificate is to be for this name or address.
void expect_host(SSL* connection, const std::string& host);

/// Why a handshake on `connection`, or the first read after it, failed, as one clause about the
/// peer: "its certificate is refused: certificate has expired: it expired on ..., and the clock of this machine says ...".
std::string why_not(const boost::system::error_code& error, SSL* connection);

/// Whether it failed because the certificate of one side is not of the other's authority.
bool of_another_authority(const boost::system::error_code& error, const SSL* connection);

/// A preflight says that it is one by application protocol (ALPN, RFC 7301), so that a proxy can answer it
/// itself, without the service behind. Before the handshake: what a knocking client asks for, and a
/// proxy that understands it.
void ask_as_preflight(SSL* connection);
void know_preflights(asio::ssl::context& proxy);
/// After the proxy's handshake: whether `connection` is a preflight.
bool is_preflight(const SSL* connection);

}  // namespace leat
