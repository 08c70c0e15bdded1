// Certificates for tests, good and spoiled.
#pragma once

#include <filesystem>

#include <boost/test/unit_test.hpp>

#include <leat/net/certificates.hpp>
#include <leat/net/private_folder.hpp>
#include <leat/net/x509.hpp>

#include "actors/folder.hpp"

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

}  // namespace leat::tests
