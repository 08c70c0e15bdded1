// Certificates for tests, good and spoiled.
#pragma once

#include <filesystem>

#include <boost/test/unit_test.hpp>

#include <leat/net/certificates.hpp>
#include <leat/net/private_folder.hpp>
#include <leat/net/tls_context.hpp>
#include <leat/net/x509.hpp>

#include "support/folder.hpp"

namespace leat::tests {

template <class T> T must(Result<T> result) {
  BOOST_REQUIRE_MESSAGE(result.ok(), (result.ok() ? "" : result.error().sentence));
  return std::move(result).value();
}
inline void must(Result<void> result) {
  BOOST_REQUIRE_MESSAGE(result.ok(), (result.ok() ? "" : result.error().sentence));
}

// The authority of a folder made by make_authority.
inline Signed authority_of(const std::filesystem::path& folder) {
  return {std::move(certificates_of(must(read_whole_file(folder / "authority.pem", "it"))).front()),
          key_of(must(read_whole_file(folder / "authority.key", "it")))};
}

// Credentials of a folder's authority that ended a day ago.
inline Credentials expired_in(const std::filesystem::path& folder) {
  auto made = must(new_node(authority_of(folder), "expired", {}, -1));
  Credentials files{folder / "expired.pem", folder / "expired.key", folder / "authority.pem"};
  must(write_private_file(files.certificate, pem(made.certificate.get())));
  must(write_private_file(files.key, pem(made.key.get())));
  return files;
}

// Credentials of a folder's authority that begin in a day.
inline Credentials not_yet_in(const std::filesystem::path& folder) {
  auto authority = authority_of(folder);
  auto made = must(new_node(authority, "early", {}, 7));
  X509_gmtime_adj(X509_getm_notBefore(made.certificate.get()), 86400);
  X509_sign(made.certificate.get(), authority.key.get(), EVP_sha256());
  Credentials files{folder / "early.pem", folder / "early.key", folder / "authority.pem"};
  must(write_private_file(files.certificate, pem(made.certificate.get())));
  must(write_private_file(files.key, pem(made.key.get())));
  return files;
}

// As a company's authority hands them out: RSA with 4,096 bits, and `intermediates` between. One key for all, for
// it takes a second to make.
inline Credentials rsa_chain_in(const std::filesystem::path& folder, int intermediates) {
  KeyPtr key(EVP_RSA_gen(4096));
  BOOST_REQUIRE(key);
  auto named = [&](const std::string& name, X509* issuer, const char* usage, const char* constraints) {
    X509Ptr made(X509_new());
    X509* it = made.get();
    X509_set_version(it, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(it), 1000);
    auto* subject = X509_get_subject_name(it);
    for (const char* field : {"O", "OU", "CN"}) {
      X509_NAME_add_entry_by_txt(subject, field, MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(name.c_str()),
                                 -1, -1, 0);
    }
    X509_set_issuer_name(it, X509_get_subject_name(issuer ? issuer : it));
    X509_gmtime_adj(X509_getm_notBefore(it), -60);
    X509_gmtime_adj(X509_getm_notAfter(it), 86400);
    X509_set_pubkey(it, key.get());
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer ? issuer : it, it, nullptr, nullptr, 0);
    for (auto [id, value] : {std::pair{NID_basic_constraints, constraints}, {NID_key_usage, usage},
                             {NID_subject_key_identifier, "hash"}}) {
      X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, id, value);
      X509_add_ext(it, extension, -1);
      X509_EXTENSION_free(extension);
    }
    X509_sign(it, key.get(), EVP_sha512());
    return made;
  };
  constexpr const char* kSigns = "critical,keyCertSign";
  constexpr const char* kAuthority = "critical,CA:TRUE";
  auto root = named("the root authority of a company", nullptr, kSigns, kAuthority);
  std::string authority = pem(root.get()), chain;
  X509Ptr issuer = std::move(root);
  for (int i = 0; i < intermediates; ++i) {
    auto next = named("intermediate authority " + std::to_string(i), issuer.get(), kSigns, kAuthority);
    chain = pem(next.get()) + chain;
    issuer = std::move(next);
  }
  auto leaf = named("node", issuer.get(), "critical,digitalSignature", "critical,CA:FALSE");
  chain = pem(leaf.get()) + chain;
  Credentials files{folder / "node.pem", folder / "node.key", folder / "authority.pem"};
  must(make_private_folder(folder));
  must(write_private_file(files.certificate, chain));
  must(write_private_file(files.key, pem(key.get())));
  must(write_private_file(files.authority, authority));
  return files;
}

}  // namespace leat::tests
