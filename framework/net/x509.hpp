/// Keys and certificates in memory, with libcrypto: ECDSA P-256 (FIPS 186-4), X.509 v3 (RFC 5280).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <leat/chunk/result.hpp>

namespace leat {

template <auto Free> struct FreedBy {
  template <class T> void operator()(T* thing) const { Free(thing); }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, FreedBy<EVP_PKEY_free>>;
using X509Ptr = std::unique_ptr<X509, FreedBy<X509_free>>;

/// A certificate and its key.
struct Signed {
  X509Ptr certificate;
  KeyPtr key;
};

/// A new authority, good for ten years: signs certificates, nothing else. Errors: failed.
Result<Signed> new_authority(const std::string& name);

/// A certificate for both ends of TLS. `hosts` are addresses or DNS names, already checked.
/// Errors: failed.
Result<Signed> new_node(const Signed& authority, const std::string& name,
                        const std::vector<std::string>& hosts, int days);

std::string pem(X509* certificate);
std::string pem(EVP_PKEY* key);

/// The certificates of a PEM text, in order; none when it is not one.
std::vector<X509Ptr> certificates_of(const std::string& pem);

/// The private key of a PEM text; null when there is none, or it is encrypted.
KeyPtr key_of(const std::string& pem);

/// "expired on 2026-01-31 12:00 UTC, and the clock of this machine says 2026-11-29 00:29 UTC", or that it is not good
/// before a time; empty when it is good now.
std::string why_not_now(const X509* certificate);
/// "is good from ... to ..., and the clock of this machine says ...".
std::string dates_of(const X509* certificate);

/// Why `chain` (the first is the certificate, others lead to the authority) is not good for both
/// ends of TLS under `authority`, as OpenSSL puts it, and which dates are at fault; empty when it is.
std::string why_refused(const std::vector<X509Ptr>& chain, const std::vector<X509Ptr>& authority);

}  // namespace leat
