#include <arpa/inet.h>

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <leat/net/x509.hpp>

#include <ctime>

namespace leat {
namespace {

using BioPtr = std::unique_ptr<BIO, FreedBy<BIO_free_all>>;
using BnPtr = std::unique_ptr<BIGNUM, FreedBy<BN_free>>;
using NamesPtr = std::unique_ptr<GENERAL_NAMES, FreedBy<GENERAL_NAMES_free>>;
using StorePtr = std::unique_ptr<X509_STORE, FreedBy<X509_STORE_free>>;
using StoreContextPtr = std::unique_ptr<X509_STORE_CTX, FreedBy<X509_STORE_CTX_free>>;
using ExtensionPtr = std::unique_ptr<X509_EXTENSION, FreedBy<X509_EXTENSION_free>>;

constexpr long kSkew = 300;  // seconds that clocks of a cluster may differ
constexpr int kAuthorityDays = 3650;

Error libcrypto(const std::string& what) {
  char text[256] = "unknown error";
  if (auto code = ERR_get_error()) ERR_error_string_n(code, text, sizeof text);
  ERR_clear_error();
  return failed("cannot " + what + ": " + text);
}

bool extend(X509* what, X509* issuer, int id, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, what, nullptr, nullptr, 0);
  ExtensionPtr extension(X509V3_EXT_conf_nid(nullptr, &context, id, value));
  return extension && X509_add_ext(what, extension.get(), -1) == 1;
}

bool random_serial(X509* what) {
  unsigned char bytes[16];
  if (RAND_bytes(bytes, sizeof bytes) != 1) return false;
  bytes[0] = static_cast<unsigned char>((bytes[0] & 0x7f) | 0x40);  // positive, and 16 bytes long
  BnPtr number(BN_bin2bn(bytes, sizeof bytes, nullptr));
  return number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(what)) != nullptr;
}

bool named(X509* what, const std::string& name) {
  auto* subject = X509_get_subject_name(what);
  return X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                                    reinterpret_cast<const unsigned char*>(name.data()),
                                    static_cast<int>(name.size()), -1, 0) == 1;
}

// A v3 certificate for a new key, without extensions and signature.
Signed blank(const std::string& name, int days) {
  Signed made{X509Ptr(X509_new()), KeyPtr(EVP_EC_gen("P-256"))};
  auto* certificate = made.certificate.get();
  bool good = certificate && made.key && X509_set_version(certificate, X509_VERSION_3) == 1 &&
              random_serial(certificate) && named(certificate, name) &&
              X509_gmtime_adj(X509_getm_notBefore(certificate), -kSkew) &&
              X509_gmtime_adj(X509_getm_notAfter(certificate), 86400L * days) &&
              X509_set_pubkey(certificate, made.key.get()) == 1;
  if (!good) made.certificate = nullptr;
  return made;
}

bool add_name(GENERAL_NAMES* names, const std::string& host) {
  unsigned char address[16];
  int length = inet_pton(AF_INET, host.c_str(), address) == 1    ? 4
               : inet_pton(AF_INET6, host.c_str(), address) == 1 ? 16
                                                                 : 0;
  auto* value = ASN1_STRING_type_new(length > 0 ? V_ASN1_OCTET_STRING : V_ASN1_IA5STRING);
  auto* name = GENERAL_NAME_new();
  bool good =
      value && name &&
      (length > 0 ? ASN1_STRING_set(value, address, length)
                  : ASN1_STRING_set(value, host.data(), static_cast<int>(host.size()))) == 1;
  if (good) {
    GENERAL_NAME_set0_value(name, length > 0 ? GEN_IPADD : GEN_DNS, value);
    if (sk_GENERAL_NAME_push(names, name) > 0) return true;
  } else {
    ASN1_STRING_free(value);
  }
  GENERAL_NAME_free(name);
  return false;
}

bool good_for(X509* what, const std::string& name, const std::vector<std::string>& hosts) {
  NamesPtr names(GENERAL_NAMES_new());
  if (!names || !add_name(names.get(), name)) return false;
  for (const auto& host : hosts) {
    if (!add_name(names.get(), host)) return false;
  }
  return X509_add1_ext_i2d(what, NID_subject_alt_name, names.get(), 0, X509V3_ADD_DEFAULT) == 1;
}

std::string drained(BIO* bio) {
  char* data = nullptr;
  auto size = BIO_get_mem_data(bio, &data);
  return std::string(data, static_cast<std::size_t>(size));
}

std::string minute(const std::tm& parts) {
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%d %H:%M UTC", &parts);
  return text;
}

std::string minute(const ASN1_TIME* time) {
  std::tm parts{};
  return ASN1_TIME_to_tm(time, &parts) == 1 ? minute(parts) : "an unknown day";
}

std::string clock_says() {
  std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  return ", and the clock of this machine says " + minute(parts);
}

int no_passphrase(char*, int, int, void*) {
  return 0;
}

}  // namespace

Result<Signed> new_authority(const std::string& name) {
  auto made = blank(name, kAuthorityDays);
  auto* it = made.certificate.get();
  if (!it || X509_set_issuer_name(it, X509_get_subject_name(it)) != 1 ||
      !extend(it, it, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") ||
      !extend(it, it, NID_key_usage, "critical,keyCertSign,cRLSign") ||
      !extend(it, it, NID_subject_key_identifier, "hash") ||
      X509_sign(it, made.key.get(), EVP_sha256()) == 0) {
    return libcrypto("make a certificate authority");
  }
  return made;
}

Result<Signed> new_node(const Signed& authority, const std::string& name,
                        const std::vector<std::string>& hosts, int days) {
  auto made = blank(name, days);
  auto* it = made.certificate.get();
  auto* issuer = authority.certificate.get();
  if (!it || X509_set_issuer_name(it, X509_get_subject_name(issuer)) != 1 ||
      !extend(it, issuer, NID_basic_constraints, "critical,CA:FALSE") ||
      !extend(it, issuer, NID_key_usage, "critical,digitalSignature") ||
      !extend(it, issuer, NID_ext_key_usage, "serverAuth,clientAuth") ||
      !extend(it, issuer, NID_subject_key_identifier, "hash") ||
      !extend(it, issuer, NID_authority_key_identifier, "keyid:always") ||
      !good_for(it, name, hosts) || X509_sign(it, authority.key.get(), EVP_sha256()) == 0) {
    return libcrypto("make a certificate for " + name);
  }
  return made;
}

std::string pem(X509* certificate) {
  BioPtr bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(bio.get(), certificate);
  return drained(bio.get());
}

std::string pem(EVP_PKEY* key) {
  BioPtr bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  return drained(bio.get());
}

std::vector<X509Ptr> certificates_of(const std::string& pem) {
  BioPtr bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  std::vector<X509Ptr> found;
  while (X509Ptr one{PEM_read_bio_X509(bio.get(), nullptr, no_passphrase, nullptr)}) {
    found.push_back(std::move(one));
  }
  ERR_clear_error();
  return found;
}

KeyPtr key_of(const std::string& pem) {
  BioPtr bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  KeyPtr key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr));
  ERR_clear_error();
  return key;
}

std::string why_not_now(const X509* certificate) {
  const ASN1_TIME* from = X509_get0_notBefore(certificate);
  const ASN1_TIME* to = X509_get0_notAfter(certificate);
  if (X509_cmp_current_time(from) > 0) return "is not good before " + minute(from) + clock_says();
  if (X509_cmp_current_time(to) < 0) return "expired on " + minute(to) + clock_says();
  return "";
}

std::string dates_of(const X509* certificate) {
  return "is good from " + minute(X509_get0_notBefore(certificate)) + " to " +
         minute(X509_get0_notAfter(certificate)) + clock_says();
}

std::string why_refused(const std::vector<X509Ptr>& chain, const std::vector<X509Ptr>& authority) {
  StorePtr store(X509_STORE_new());
  for (const auto& one : authority)
    X509_STORE_add_cert(store.get(), one.get());
  auto free = [](STACK_OF(X509) * stack) { sk_X509_free(stack); };
  std::unique_ptr<STACK_OF(X509), decltype(free)> between(sk_X509_new_null());
  for (std::size_t i = 1; i < chain.size(); ++i)
    sk_X509_push(between.get(), chain[i].get());
  for (const char* purpose : {"ssl_server", "ssl_client"}) {
    StoreContextPtr context(X509_STORE_CTX_new());
    X509_STORE_CTX_init(context.get(), store.get(), chain[0].get(), between.get());
    X509_STORE_CTX_set_default(context.get(), purpose);
    if (X509_verify_cert(context.get()) == 1) continue;
    int code = X509_STORE_CTX_get_error(context.get());
    ERR_clear_error();
    const X509* at_fault = X509_STORE_CTX_get_current_cert(context.get());
    std::string dates = at_fault ? why_not_now(at_fault) : "";
    return X509_verify_cert_error_string(code) + (dates.empty() ? "" : ": it " + dates);
  }
  return "";
}

}  // namespace leat
