#include <cstdio>
#include <fstream>
#include <memory>
#include <thread>
#include <vector>

#include <sys/stat.h>
#include <sys/wait.h>

#include <boost/test/unit_test.hpp>
#include <unistd.h>

#include "net/made_certificates.hpp"

namespace leat::tests {
namespace {

struct Answer {
  int status = -1;
  std::string output;
};

// What the openssl program says, which shares no code of ours.
Answer openssl(const std::string& arguments) {
  Answer answer;
  FILE* pipe = ::popen(("openssl " + arguments + " 2>&1").c_str(), "r");
  char buffer[512];
  while (std::fgets(buffer, sizeof buffer, pipe))
    answer.output += buffer;
  answer.status = ::pclose(pipe);
  return answer;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

unsigned mode_of(const std::filesystem::path& path) {
  struct stat found {};
  BOOST_REQUIRE_EQUAL(::stat(path.c_str(), &found), 0);
  return found.st_mode & 0777;
}

const Endpoint kHere{"127.0.0.1", 0};

void refuses(const Result<Credentials>& result, const std::string& part) {
  BOOST_REQUIRE(!result.ok());
  BOOST_CHECK(result.error().kind == ErrorKind::invalid);
  BOOST_CHECK_MESSAGE(has(result.error().sentence, part), result.error().sentence);
}

BOOST_AUTO_TEST_SUITE(certificates)

BOOST_AUTO_TEST_CASE(openssl_verifies_a_node_for_both_ends_of_tls) {
  Folder own;
  must(make_authority(own / "ca"));
  auto files =
      must(make_node_certificate(own / "ca", "node1", {"node1.example", "10.1.2.3", "fe80::1"}));
  for (const char* purpose : {"sslserver", "sslclient"}) {
    auto answer = openssl("verify -x509_strict -purpose " + std::string(purpose) + " -CAfile " +
                          files.authority.string() + " " + files.certificate.string());
    BOOST_CHECK_MESSAGE(answer.status == 0, answer.output);
  }
  auto text = openssl("x509 -noout -text -in " + files.certificate.string()).output;
  for (const char* part :
       {"Version: 3", "prime256v1", "ecdsa-with-SHA256", "CN = node1", "DNS:node1,",
        "DNS:node1.example", "IP Address:10.1.2.3", "IP Address:FE80",
        "TLS Web Server Authentication, TLS Web Client Authentication"}) {
    BOOST_CHECK_MESSAGE(has(text, part), part << " is not in\n" << text);
  }
  auto authority = openssl("x509 -noout -text -in " + files.authority.string()).output;
  BOOST_CHECK(has(authority, "CA:TRUE"));
  BOOST_CHECK(has(authority, "Certificate Sign"));
}

BOOST_AUTO_TEST_CASE(a_node_cannot_sign_for_others) {
  Folder own;
  must(make_authority(own / "ca"));
  auto files = must(make_node_certificate(own / "ca", "node"));
  Signed node{std::move(certificates_of(must(read_whole_file(files.certificate, "it"))).front()),
              key_of(must(read_whole_file(files.key, "it")))};
  auto forged = must(new_node(node, "forged", {}, 1));
  std::vector<X509Ptr> chain;
  chain.push_back(std::move(forged.certificate));
  chain.push_back(std::move(node.certificate));
  std::vector<X509Ptr> authority;
  authority.push_back(std::move(authority_of(own / "ca").certificate));
  BOOST_CHECK(!why_refused(chain, authority).empty());
}

BOOST_AUTO_TEST_CASE(only_the_owner_may_read_what_is_made) {
  Folder own;
  must(make_authority(own / "ca"));
  auto files = must(make_node_certificate(own / "ca", "node"));
  BOOST_CHECK_EQUAL(mode_of(own / "ca"), 0700u);
  for (const std::filesystem::path& file : {files.certificate, files.key, files.authority,
                                            std::filesystem::path(own / "ca/authority.key")}) {
    BOOST_CHECK_EQUAL(mode_of(file), 0600u);
  }
}

BOOST_AUTO_TEST_CASE(what_is_there_is_not_overwritten) {
  Folder own;
  must(make_authority(own / "ca"));
  auto again = make_authority(own / "ca");
  BOOST_REQUIRE(!again.ok());
  BOOST_CHECK(again.error().kind == ErrorKind::invalid);
  must(make_node_certificate(own / "ca", "node"));
  refuses(make_node_certificate(own / "ca", "node"), "already");
}

BOOST_AUTO_TEST_CASE(names_that_would_leave_the_folder_or_forge_a_host_are_refused) {
  Folder own;
  must(make_authority(own / "ca"));
  for (const char* name : {"", "../node", ".hidden", "authority", "a b", "a/b"}) {
    refuses(make_node_certificate(own / "ca", name), "cannot name");
  }
  refuses(make_node_certificate(own / "ca", "node", {"a,IP:1.2.3.4"}), "neither a host name");
  refuses(make_node_certificate(own / "ca", "node", {}, 0), "days");
  refuses(make_node_certificate(own / "none", "node"), "no authority");
}

BOOST_AUTO_TEST_CASE(loopback_certificates_are_made_once_and_kept) {
  Folder own;
  auto first = must(credentials_for(kHere, std::nullopt, own / "state"));
  auto content = must(read_whole_file(first.certificate, "it"));
  auto second = must(credentials_for({"::1", 1}, std::nullopt, own / "state"));
  BOOST_CHECK(content == must(read_whole_file(second.certificate, "it")));
  BOOST_CHECK_EQUAL(mode_of(own / "state"), 0700u);
}

BOOST_AUTO_TEST_CASE(many_processes_at_first_use_agree_on_one_authority) {
  Folder own;
  std::vector<pid_t> children;
  for (int i = 0; i < 8; ++i) {
    pid_t child = ::fork();
    if (child == 0) ::_exit(credentials_for(kHere, std::nullopt, own / "state").ok() ? 0 : 1);
    children.push_back(child);
  }
  for (pid_t child : children) {
    int status = -1;
    ::waitpid(child, &status, 0);
    BOOST_CHECK_EQUAL(status, 0);
  }
  BOOST_CHECK(credentials_for(kHere, std::nullopt, own / "state").ok());
  for (const auto& file : std::filesystem::directory_iterator(own / "state/loopback")) {
    BOOST_CHECK_MESSAGE(!has(file.path().filename().string(), "pem."), file.path());
  }
}

BOOST_AUTO_TEST_CASE(loopback_certificates_that_expired_are_made_anew) {
  Folder own;
  auto first = must(credentials_for(kHere, std::nullopt, own / "state"));
  auto expired = expired_in(own / "state/loopback");
  std::filesystem::rename(expired.certificate, first.certificate);
  std::filesystem::rename(expired.key, first.key);
  auto second = must(credentials_for(kHere, std::nullopt, own / "state"));
  BOOST_CHECK_EQUAL(
      openssl("x509 -noout -checkend 86400 -in " + second.certificate.string()).status, 0);
}

BOOST_AUTO_TEST_CASE(other_addresses_demand_certificates) {
  Folder own;
  refuses(credentials_for({"0.0.0.0", 4700}, std::nullopt, own / "state"), "not loopback");
  refuses(credentials_for({"node3", 4700}, std::nullopt, own / "state"), "node3:4700");
  BOOST_CHECK(!std::filesystem::exists(own / "state"));
}

BOOST_AUTO_TEST_CASE(a_state_folder_open_to_others_is_refused) {
  Folder own;
  must(credentials_for(kHere, std::nullopt, own / "state"));
  for (unsigned mode : {0750u, 0707u, 0701u}) {
    ::chmod((own / "state").c_str(), mode);
    refuses(credentials_for(kHere, std::nullopt, own / "state"), "open to other users");
  }
}

BOOST_AUTO_TEST_CASE(
    a_state_folder_of_another_user_is_refused,
    *boost::unit_test::precondition([](auto) -> boost::test_tools::assertion_result {
      return ::geteuid() == 0;  // only root can give a folder away
    })) {
  Folder own;
  must(make_private_folder(own / "state"));
  BOOST_REQUIRE_EQUAL(::chown((own / "state").c_str(), 65534, 65534), 0);
  refuses(credentials_for(kHere, std::nullopt, own / "state"), "another user");
}

struct Given {
  Given() {
    must(make_authority(own / "ca"));
    good = must(make_node_certificate(own / "ca", "node"));
    must(make_authority(own / "other"));
    stranger = must(make_node_certificate(own / "other", "node"));
  }
  Result<Credentials> taken(const Credentials& given) {
    return credentials_for({"0.0.0.0", 1}, given, own / "state");
  }
  std::filesystem::path holding(const std::string& content) {
    std::ofstream(own / "made-up") << content;
    return own / "made-up";
  }
  Folder own;
  Credentials good, stranger;
};

BOOST_FIXTURE_TEST_CASE(given_certificates_are_taken_as_they_are, Given) {
  auto taken = must(this->taken(good));
  BOOST_CHECK_EQUAL(taken.key, good.key);
  BOOST_CHECK(!std::filesystem::exists(own / "state"));
}

BOOST_FIXTURE_TEST_CASE(each_flaw_of_given_certificates_is_named, Given) {
  refuses(taken({own / "none.pem", good.key, good.authority}), "none.pem: No such file");
  refuses(taken({good.certificate, own / "none.key", good.authority}), "none.key: No such file");
  refuses(taken({good.certificate, good.key, own / "no-ca.pem"}), "no-ca.pem: No such file");
  refuses(taken({holding("hello"), good.key, good.authority}), "holds no certificate");
  refuses(taken({good.certificate, holding("hello"), good.authority}), "no private key");
  refuses(taken({good.certificate, stranger.key, good.authority}),
          "is not the key of the certificate");
  refuses(taken({good.certificate, good.key, stranger.authority}), "does not pass");
  refuses(taken(expired_in(own / "ca")), "expired on");
  refuses(taken({own / "ca", good.key, good.authority}), "Is a directory");
  refuses(taken({holding(std::string(2 << 20, 'x')), good.key, good.authority}),
          "larger than 1 MiB");
}

BOOST_FIXTURE_TEST_CASE(a_key_that_others_can_read_or_write_is_refused, Given) {
  bool root = ::geteuid() == 0;
  for (unsigned mode : {0644u, 0604u, 0602u, 0620u, 0666u}) {
    ::chmod(good.key.c_str(), mode);
    refuses(taken(good), "chmod 600");
    refuses(taken(good), good.key.string());
    ::chmod((own / "ca/authority.key").c_str(), mode);
    refuses(make_node_certificate(own / "ca", "other"), "chmod 600");
  }
  ::chmod(good.key.c_str(), 0640);
  root ? must(taken(good)) : Credentials{};
  if (!root) refuses(taken(good), "chmod 600");
  for (unsigned mode : {0600u, 0400u}) {
    ::chmod(good.key.c_str(), mode);
    must(taken(good));
    ::chmod((own / "ca/authority.key").c_str(), mode);
    must(make_node_certificate(own / "ca", "other" + std::to_string(mode)));
  }
}

BOOST_FIXTURE_TEST_CASE(a_key_that_anybody_can_replace_is_refused, Given) {
  ::chmod((own / "ca").c_str(), 0777);
  refuses(taken(good), "anybody can replace it: chmod 700 " + (own / "ca"));
  ::chmod((own / "ca").c_str(), 01777);
  must(taken(good));
}

BOOST_FIXTURE_TEST_CASE(dates_that_are_not_now_are_told_with_the_clock, Given) {
  std::string clock = "and the clock of this machine says 20";
  refuses(taken(expired_in(own / "ca")), clock);
  auto early = not_yet_in(own / "ca");
  refuses(taken(early), "early.pem is not good before 20");
  refuses(taken(early), clock);
  refuses(taken(early), "set the clock");
}

BOOST_FIXTURE_TEST_CASE(a_chain_with_intermediates_is_taken_and_one_too_long_is_not, Given) {
  must(taken(rsa_chain_in(own / "company", 2)));
  refuses(taken(rsa_chain_in(own / "bureaucracy", 24)), "other nodes take 32768");
}

BOOST_FIXTURE_TEST_CASE(what_is_no_file_is_not_waited_for, Given) {
  auto pipe = own / "pipe";
  BOOST_REQUIRE_EQUAL(::mkfifo(pipe.c_str(), 0600), 0);
  refuses(taken({good.certificate, pipe, good.authority}), "is a pipe or a device");
  refuses(taken({"/dev/zero", good.key, good.authority}), "is a pipe or a device");
}

BOOST_AUTO_TEST_CASE(a_lock_that_another_holds_is_not_waited_for_for_ever) {
  Folder own;
  auto held = FolderLock::of(own.path());
  BOOST_REQUIRE(held.ok());
  auto second = FolderLock::of(own.path(), std::chrono::milliseconds(20));
  BOOST_REQUIRE(!second.ok());
  BOOST_CHECK_MESSAGE(has(second.error().sentence, "another process has held"), second.error().sentence);
}

BOOST_FIXTURE_TEST_CASE(a_key_with_a_passphrase_is_refused_and_asks_nothing, Given) {
  auto locked = own / "locked.key";
  openssl("pkcs8 -topk8 -passout pass:secret -in " + good.key.string() + " -out " + locked);
  refuses(taken({good.certificate, locked, good.authority}), "has a passphrase");
}

BOOST_FIXTURE_TEST_CASE(a_certificate_for_servers_only_is_refused, Given) {
  auto config = own / "server.cnf";
  std::ofstream(config) << "extendedKeyUsage=serverAuth\n";
  auto out = [&](const char* name) { return own / name; };
  openssl("req -new -key " + good.key.string() + " -subj /CN=server -out " + out("server.csr"));
  openssl("x509 -req -in " + out("server.csr") + " -CA " + good.authority.string() + " -CAkey " +
          out("ca/authority.key") + " -CAcreateserial -extfile " + config + " -out " +
          out("server.pem"));
  refuses(taken({own / "server.pem", good.key, good.authority}), "both ends of TLS");
}

BOOST_AUTO_TEST_CASE(the_state_folder_comes_from_the_environment) {
  ::setenv("HOME", "/somewhere", 1);
  ::unsetenv("LEAT_STATE");
  ::unsetenv("XDG_STATE_HOME");
  BOOST_CHECK_EQUAL(state_folder().string(), "/somewhere/.local/state/leat");
  ::setenv("XDG_STATE_HOME", "/xdg", 1);
  BOOST_CHECK_EQUAL(state_folder().string(), "/xdg/leat");
  ::setenv("LEAT_STATE", "/own", 1);
  BOOST_CHECK_EQUAL(state_folder().string(), "/own");
}

BOOST_AUTO_TEST_CASE(whose_certificates_are_used_is_said_and_leat_state_is_named_where_it_chose_them) {
  ::setenv("LEAT_STATE", "/own", 1);
  BOOST_CHECK_EQUAL(advice_on_authority({"", "", "/own/loopback/authority.pem"}),
                    "this process uses those made on first use in /own/loopback, as LEAT_STATE is /own: give all "
                    "processes on this machine the same LEAT_STATE");
  BOOST_CHECK_EQUAL(advice_on_authority({"", "", "/given/authority.pem"}),
                    "this process trusts what /given/authority.pem has signed: give all processes certificates of one "
                    "authority");
  ::unsetenv("LEAT_STATE");
  ::setenv("XDG_STATE_HOME", "/xdg", 1);
  auto said = advice_on_authority({"", "", "/xdg/leat/loopback/authority.pem"});
  BOOST_CHECK_MESSAGE(said.find("as LEAT_STATE is not set") != std::string::npos, said);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace leat::tests
