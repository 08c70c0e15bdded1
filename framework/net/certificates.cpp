#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <string_view>

#include <arpa/inet.h>
#include <sys/stat.h>

#include <leat/net/certificates.hpp>
#include <leat/net/private_folder.hpp>
#include <leat/net/tls_context.hpp>
#include <leat/net/x509.hpp>

namespace leat {
namespace {

constexpr const char* kOwnFolder = "loopback";
constexpr const char* kOwnName = "localhost";

Credentials in(const std::filesystem::path& folder, const std::string& name) {
  return {folder / (name + ".pem"), folder / (name + ".key"), folder / "authority.pem"};
}

bool made_of(const std::string& text, std::string_view others) {
  return !text.empty() && text.size() <= 253 && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           others.find(c) != std::string_view::npos;
  });
}

Result<void> check_names(const std::string& name, const std::vector<std::string>& hosts) {
  if (!made_of(name, "-_.") || name.size() > 64 || name.front() == '.' || name == "authority") {
    return invalid("\"" + name +
                   "\" cannot name a certificate: take letters, digits, '-', '_' and "
                   "'.', at most 64, and not \"authority\"");
  }
  for (const auto& host : hosts) {
    unsigned char address[16];
    if (made_of(host, "-_.*") || inet_pton(AF_INET6, host.c_str(), address) == 1) continue;
    return invalid("\"" + host + "\" is neither a host name nor an address: a certificate for " +
                   name + " cannot hold it");
  }
  return {};
}

// What cannot be looked at is told of by whoever opens it.
bool is_there(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

Result<void> write_pair(const Signed& made, const Credentials& files) {
  // The certificate last: where it is, its key is.
  if (auto key = write_private_file(files.key, pem(made.key.get())); !key) return key;
  return write_private_file(files.certificate, pem(made.certificate.get()));
}

Result<void> make_authority_locked(const std::filesystem::path& folder) {
  auto files = in(folder, "authority");
  if (is_there(files.certificate)) {
    return invalid("there is an authority in " + folder.string() +
                   " already: use it, or choose another folder");
  }
  auto made = new_authority("leat authority of " + folder.filename().string());
  if (!made) return std::move(made).error();
  return write_pair(*made, files);
}

// Who can read a key can pass for its owner, and who can replace it can keep its owner out. A group may read what
// root gave to it: so services are given keys of their own.
Result<void> check_private(const std::filesystem::path& key) {
  struct stat found {};
  if (::stat(key.c_str(), &found) == 0 && (found.st_mode & (found.st_uid == 0 ? 037 : 077)) != 0) {
    return invalid("the key " + key.string() +
                   " is open to others than its owner: chmod 600 it, and make new ones if they could read it");
  }
  auto folder = key.has_parent_path() ? key.parent_path() : std::filesystem::path(".");
  if (::stat(folder.c_str(), &found) == 0 && (found.st_mode & S_IWOTH) != 0 && (found.st_mode & S_ISVTX) == 0) {
    return invalid("the key " + key.string() + " lies in a folder where anybody can replace it: chmod 700 " +
                   folder.string());
  }
  return {};
}

Result<Credentials> make_node_locked(const std::filesystem::path& folder, const std::string& name,
                                     const std::vector<std::string>& hosts, int days) {
  auto authority = in(folder, "authority");
  auto certificate = read_whole_file(authority.certificate, "the authority's certificate");
  if (!certificate) return std::move(certificate).error();
  auto key = read_whole_file(authority.key, "the authority's key");
  if (!key) return std::move(key).error();
  if (auto safe = check_private(authority.key); !safe) return std::move(safe).error();
  Signed issuer{nullptr, key_of(*key)};
  if (auto found = certificates_of(*certificate); !found.empty()) {
    issuer.certificate = std::move(found.front());
  }
  if (!issuer.key || !issuer.certificate) {
    return invalid("the authority in " + folder.string() + " is damaged: make a new one");
  }
  auto made = new_node(issuer, name, hosts, days);
  if (!made) return std::move(made).error();
  auto files = in(folder, name);
  if (auto wrote = write_pair(*made, files); !wrote) return std::move(wrote).error();
  return files;
}

Result<void> check_dates(X509* certificate, const std::string& file) {
  auto why = why_not_now(certificate);
  if (why.empty()) return {};
  return invalid("the certificate " + file + " " + why + ": make a new one, or set the clock if it is that which is wrong");
}

Result<std::vector<X509Ptr>> read_certificates(const std::filesystem::path& file,
                                               const std::string& what) {
  auto text = read_whole_file(file, what);
  if (!text) return std::move(text).error();
  auto found = certificates_of(*text);
  if (found.empty())
    return invalid(what + " " + file.string() + " holds no certificate in PEM form");
  return found;
}

Result<void> check(const Credentials& files) {
  auto chain = read_certificates(files.certificate, "the certificate");
  if (!chain) return std::move(chain).error();
  auto authority = read_certificates(files.authority, "the authority's certificate");
  if (!authority) return std::move(authority).error();
  auto text = read_whole_file(files.key, "the key");
  if (!text) return std::move(text).error();
  auto key = key_of(*text);
  if (!key) {
    return invalid("the key " + files.key.string() +
                   " is no private key in PEM form, or has a passphrase: give one without");
  }
  if (auto safe = check_private(files.key); !safe) return safe;
  auto* own = chain->front().get();
  if (X509_check_private_key(own, key.get()) != 1) {
    return invalid("the key " + files.key.string() + " is not the key of the certificate " +
                   files.certificate.string() + ": give the two that were made together");
  }
  if (auto dates = check_dates(own, files.certificate.string()); !dates) return dates;
  std::size_t bytes = 0;
  for (const auto& one : *chain) bytes += static_cast<std::size_t>(i2d_X509(one.get(), nullptr));
  if (bytes > kLongestChain) {
    return invalid("the certificate " + files.certificate.string() + " and those after it have " +
                   std::to_string(bytes) + " bytes, and other nodes take " + std::to_string(kLongestChain) +
                   ": leave out those that are not needed, such as the authority's");
  }
  if (auto why = why_refused(*chain, *authority); !why.empty()) {
    return invalid("the certificate " + files.certificate.string() +
                   " does not pass for both ends of "
                   "TLS under the authority " +
                   files.authority.string() + ": " + why);
  }
  return {};
}

// What is there and will be good for a day more, or made anew.
Result<Credentials> own_certificates(const std::filesystem::path& state) {
  auto folder = state / kOwnFolder;
  for (const auto& made : {state, folder}) {
    if (auto good = make_private_folder(made); !good) return std::move(good).error();
  }
  auto lock = FolderLock::of(folder);
  if (!lock) return std::move(lock).error();
  auto files = in(folder, kOwnName);
  if (!is_there(files.authority)) {
    if (auto made = make_authority_locked(folder); !made) return std::move(made).error();
  }
  std::time_t tomorrow = std::time(nullptr) + 86400;
  if (auto chain = read_certificates(files.certificate, "the certificate");
      chain && X509_cmp_time(X509_get0_notAfter(chain->front().get()), &tomorrow) > 0 &&
      check(files)) {
    return files;
  }
  auto made = make_node_locked(folder, kOwnName, {"127.0.0.1", "::1"}, 365);
  if (!made) return made;
  if (auto good = check(*made); !good) return std::move(good).error();
  return made;
}

}  // namespace

Result<void> make_authority(const std::filesystem::path& folder) {
  if (auto good = make_private_folder(folder); !good) return good;
  auto lock = FolderLock::of(folder);
  if (!lock) return std::move(lock).error();
  return make_authority_locked(folder);
}

Result<Credentials> make_node_certificate(const std::filesystem::path& folder,
                                          const std::string& name,
                                          const std::vector<std::string>& hosts, int days) {
  if (auto good = check_names(name, hosts); !good) return std::move(good).error();
  if (days < 1 || days > 3650) {
    return invalid("a certificate cannot be good for " + std::to_string(days) +
                   " days: take 1 to 3650");
  }
  if (!is_there(folder / "authority.pem")) {
    return invalid("there is no authority in " + folder.string() + ": make one there first");
  }
  if (auto good = make_private_folder(folder); !good) return std::move(good).error();
  auto lock = FolderLock::of(folder);
  if (!lock) return std::move(lock).error();
  if (auto files = in(folder, name); is_there(files.certificate)) {
    return invalid("there is a certificate " + files.certificate.string() +
                   " already: remove it first, or choose another name");
  }
  return make_node_locked(folder, name, hosts, days);
}

Result<Credentials> credentials_for(const Endpoint& reach, const std::optional<Credentials>& given,
                                    const std::filesystem::path& state) {
  if (given) {
    if (auto good = check(*given); !good) return std::move(good).error();
    return *given;
  }
  if (is_loopback(reach)) return own_certificates(state);
  return invalid(to_string(reach) +
                 " is not loopback: give a certificate, its key and the authority that "
                 "signed it");
}

std::string advice_on_authority(const Credentials& used) {
  auto own = state_folder() / kOwnFolder;
  if (used.authority != own / "authority.pem") {
    return "this process trusts what " + used.authority.string() +
           " has signed: give all processes certificates of one authority";
  }
  const char* state = std::getenv("LEAT_STATE");
  return "this process uses those made on first use in " + own.string() + ", as LEAT_STATE is " +
         (state && *state ? state : "not set") + ": give all processes on this machine the same LEAT_STATE";
}

std::filesystem::path state_folder() {
  auto from = [](const char* name) -> std::filesystem::path {
    const char* value = std::getenv(name);
    return value ? value : "";
  };
  if (auto own = from("LEAT_STATE"); !own.empty()) return own;
  if (auto state = from("XDG_STATE_HOME"); !state.empty()) return state / "leat";
  return from("HOME") / ".local" / "state" / "leat";
}

}  // namespace leat
