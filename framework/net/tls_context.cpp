#include <leat/net/tls_context.hpp>

#include <leat/net/x509.hpp>

#include <algorithm>
#include <string_view>

namespace leat {
namespace {

// A list of one name, each after its length.
constexpr std::string_view kPreflight("\x0eleat preflight");

int pick_preflight(SSL*, const unsigned char** out, unsigned char* length, const unsigned char* offered,
               unsigned int size, void*) {
  const auto* preflight = reinterpret_cast<const unsigned char*>(kPreflight.data());
  const auto* end = offered + size;
  const auto* found = std::search(offered, end, preflight, preflight + kPreflight.size());
  if (found == end) return SSL_TLSEXT_ERR_NOACK;
  *out = found + 1;
  *length = *found;
  return SSL_TLSEXT_ERR_OK;
}

// What verification found of dates, which OpenSSL forgets: kept with the connection.
int dates_index() {
  static const int index = SSL_get_ex_new_index(
      0, nullptr, nullptr, nullptr,
      [](void*, void* text, CRYPTO_EX_DATA*, int, long, void*) { delete static_cast<std::string*>(text); });
  return index;
}

int keep_dates(int good, X509_STORE_CTX* context) {
  const X509* at_fault = X509_STORE_CTX_get_current_cert(context);
  if (good || !at_fault) return good;
  auto* connection = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(context, SSL_get_ex_data_X509_STORE_CTX_idx()));
  std::string dates = why_not_now(at_fault);
  if (!dates.empty() && !SSL_get_ex_data(connection, dates_index())) {
    SSL_set_ex_data(connection, dates_index(), new std::string(": it " + dates));
  }
  return good;
}

std::string found_of_dates(const SSL* connection) {
  const auto* text = static_cast<const std::string*>(SSL_get_ex_data(connection, dates_index()));
  return text ? *text : "";
}

std::string our_dates(const SSL* connection) {
  const X509* ours = SSL_get_certificate(connection);
  return ours ? ": ours " + dates_of(ours) : "";
}

std::string clause(int reason, const std::string& otherwise, const SSL* connection) {
  switch (reason) {
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
      return "it shows no certificate";
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
      return "it does not speak TLS 1.3";
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_HTTP_REQUEST:
    case SSL_R_HTTPS_PROXY_REQUEST:
    case SSL_R_PACKET_LENGTH_TOO_LONG:
    case SSL_R_RECORD_LENGTH_MISMATCH:
      return "it does not speak TLS";
    case SSL_R_UNEXPECTED_EOF_WHILE_READING:
      return "it hung up";
    case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
      return "it refuses our certificate: it has expired" + our_dates(connection);
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
      return "it refuses our certificate: another authority signed it";
    // What is not good yet is bad, too.
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
      return "it refuses our certificate: " + otherwise + our_dates(connection);
    case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
    case SSL_R_TLSV1_ALERT_DECRYPT_ERROR:
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
      return "it refuses our certificate: " + otherwise;
    case SSL_R_EXCESSIVE_MESSAGE_SIZE:
      return "its certificates have more than " + std::to_string(kLongestChain) + " bytes";
    default:
      return "the TLS handshake failed: " + otherwise;
  }
}

Error cannot_use(const std::filesystem::path& file, const boost::system::error_code& why) {
  return invalid("cannot use " + file.string() + " for TLS: " + why.message());
}

}  // namespace

Result<std::shared_ptr<asio::ssl::context>> server_tls(const Credentials& credentials) {
  auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls);
  auto* raw = context->native_handle();
  SSL_CTX_set_min_proto_version(raw, TLS1_3_VERSION);
  SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(raw, 0);
  SSL_CTX_set_mode(raw, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_max_cert_list(raw, kLongestChain);
  boost::system::error_code bad;
  context->set_password_callback([](auto&&...) { return std::string(); }, bad);
  context->use_certificate_chain_file(credentials.certificate.string(), bad);
  if (bad) return cannot_use(credentials.certificate, bad);
  context->use_private_key_file(credentials.key.string(), asio::ssl::context::pem, bad);
  if (bad) return cannot_use(credentials.key, bad);
  return context;
}

Result<std::shared_ptr<asio::ssl::context>> mutual_tls(const Credentials& credentials) {
  auto context = server_tls(credentials);
  if (!context) return context;
  boost::system::error_code bad;
  (*context)->load_verify_file(credentials.authority.string(), bad);
  if (bad) return cannot_use(credentials.authority, bad);
  SSL_CTX_set_verify((*context)->native_handle(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, keep_dates);
  return context;
}

Result<std::shared_ptr<asio::ssl::context>> client_tls(const std::filesystem::path& authority) {
  auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_3_VERSION);
  SSL_CTX_set_max_cert_list(context->native_handle(), kLongestChain);
  boost::system::error_code bad;
  if (authority.empty()) context->set_default_verify_paths(bad);
  else context->load_verify_file(authority.string(), bad);
  if (bad) return cannot_use(authority, bad);
  SSL_CTX_set_verify(context->native_handle(), SSL_VERIFY_PEER, keep_dates);
  return context;
}

void expect_host(SSL* connection, const std::string& host) {
  if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(connection), host.c_str()) == 1) return;
  SSL_set1_host(connection, host.c_str());
  SSL_set_tlsext_host_name(connection, host.c_str());
}

void ask_as_preflight(SSL* connection) {
  SSL_set_alpn_protos(connection, reinterpret_cast<const unsigned char*>(kPreflight.data()),
                      static_cast<unsigned int>(kPreflight.size()));
}

void know_preflights(asio::ssl::context& proxy) {
  SSL_CTX_set_alpn_select_cb(proxy.native_handle(), pick_preflight, nullptr);
}

bool is_preflight(const SSL* connection) {
  const unsigned char* chosen = nullptr;
  unsigned int length = 0;
  SSL_get0_alpn_selected(connection, &chosen, &length);
  return length > 0;
}

std::string why_not(const boost::system::error_code& error, SSL* connection) {
  if (error == asio::error::eof || error == asio::ssl::error::stream_truncated) return "it hung up";
  if (error.category() != asio::error::get_ssl_category()) return error.message();
  if (long verdict = SSL_get_verify_result(connection); verdict != X509_V_OK) {
    return std::string("its certificate is refused: ") + X509_verify_cert_error_string(verdict) +
           found_of_dates(connection);
  }
  return clause(ERR_GET_REASON(static_cast<unsigned long>(error.value())), error.message(), connection);
}

bool of_another_authority(const boost::system::error_code& error, const SSL* connection) {
  if (error.category() != asio::error::get_ssl_category()) return false;
  switch (SSL_get_verify_result(connection)) {
    case X509_V_OK: break;
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE: return true;
    default: return false;
  }
  int reason = ERR_GET_REASON(static_cast<unsigned long>(error.value()));
  return reason == SSL_R_TLSV1_ALERT_UNKNOWN_CA || reason == SSL_R_TLSV1_ALERT_DECRYPT_ERROR;
}

}  // namespace leat
