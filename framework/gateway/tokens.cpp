#include <leat/gateway/tokens.hpp>

#include <leat/net/private_folder.hpp>

#include <sys/random.h>
#include <sys/stat.h>
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <sstream>
#include <stdexcept>

namespace leat {
namespace {

constexpr auto kForEver = std::chrono::system_clock::time_point::max();

}  // namespace

std::string random_token() {
  std::array<unsigned char, 24> bytes;
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    throw std::runtime_error("the system gives no random bytes");
  }
  constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    unsigned word = bytes[i] << 16 | bytes[i + 1] << 8 | bytes[i + 2];
    for (int shift = 18; shift >= 0; shift -= 6) text += kDigits[word >> shift & 63];
  }
  return text;
}

bool same_secret(const std::string& a, const std::string& b) {
  if (a.size() != b.size()) return false;
  unsigned differs = 0;
  for (std::size_t i = 0; i < a.size(); ++i) differs |= static_cast<unsigned char>(a[i] ^ b[i]);
  return differs == 0;
}

Result<std::unique_ptr<Tokens>> Tokens::open(const std::filesystem::path& file) {
  struct stat found {};
  if (::stat(file.c_str(), &found) != 0) {
    std::string text = "# NAME ROLE TOKEN, a line each; roles: read, run, admin; quotas behind it: jobs=10 cpu=3600 bytes=10GiB\nadmin admin " + random_token() + "\n";
    if (auto made = write_private_file(file, text); !made) return std::move(made).error();
    return parse(text, file.string());
  }
  if ((found.st_mode & 077) != 0) {
    return invalid(file.string() + ": others may read it, and the tokens in it; chmod 600 it, and give new tokens");
  }
  auto text = read_whole_file(file, "the file of tokens");
  return text ? parse(*text, file.string()) : Result<std::unique_ptr<Tokens>>(std::move(text).error());
}

Result<std::unique_ptr<Tokens>> Tokens::parse(const std::string& text, const std::string& name) {
  std::unique_ptr<Tokens> made(new Tokens());
  std::istringstream lines(text);
  std::size_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    std::istringstream words(line.substr(0, line.find('#')));
    std::string who, role, token, quota;
    if (!(words >> who)) continue;
    auto where = name + ":" + std::to_string(number) + ": ";
    if (!(words >> role >> token)) return invalid(where + "a line says NAME ROLE TOKEN, and quotas where there are any");
    auto known = role_called(role);
    if (!known) return invalid(where + "there is no role " + role + ": there are read, run and admin");
    if (token.size() < kLeastToken) return invalid(where + "a token has at least " + std::to_string(kLeastToken) + " characters, or it can be guessed");
    bool twice = std::any_of(made->tokens_.begin(), made->tokens_.end(), [&](const Known& one) { return one.secret == token; });
    if (twice) return invalid(where + "this token is there already: each has one of its own");
    while (words >> quota) {
      if (auto added = add_quota(made->quotas_[who], quota); !added) return added.error().in(where.substr(0, where.size() - 2));
    }
    made->tokens_.push_back({token, {.name = who, .role = *known}, kForEver});
  }
  if (made->tokens_.empty()) return invalid(name + ": there is no token in it; remove it, and one is made");
  return made;
}

std::uint64_t Tokens::mark_of(const std::string& secret) {
  static const std::uint64_t seed = [] {
    std::string random = random_token();
    return XXH3_64bits(random.data(), random.size());
  }();
  return XXH3_64bits_withSeed(secret.data(), secret.size(), seed);
}

std::optional<Identity> Tokens::find(const std::vector<Known>& all, const std::string& secret, Clock::time_point now) {
  std::optional<Identity> found;
  std::uint64_t mark = mark_of(secret);
  for (const Known& one : all) {
    if (one.mark != mark || !same_secret(one.secret, secret) || now >= one.until) continue;
    found = one.identity;
    found->until = one.until;
  }
  return found;
}

void Tokens::add(std::vector<Known>& all, Known one, Clock::time_point now) {
  std::erase_if(all, [now](const Known& known) { return known.until <= now; });
  if (all.size() >= kMostSessions) all.erase(all.begin());
  all.push_back(std::move(one));
}

std::optional<Identity> Tokens::by_token(const std::string& token, Clock::time_point now) const {
  if (auto found = find(tokens_, token, now)) return found;
  std::lock_guard lock(mutex_);
  return find(lent_, token, now);
}

Quota Tokens::quota_of(const std::string& name) const {
  auto found = quotas_.find(name);
  return found == quotas_.end() ? Quota{} : found->second;
}

std::optional<Identity> Tokens::by_session(const std::string& session, Clock::time_point now) const {
  std::lock_guard lock(mutex_);
  auto found = find(sessions_, session, now);
  return found ? found : find(lent_sessions_, session, now);
}

std::string Tokens::link(const Identity& identity, std::chrono::seconds lasts, Clock::time_point now) {
  std::lock_guard lock(mutex_);
  std::string secret = random_token();
  add(links_, {secret, identity, now + lasts}, now);
  return secret;
}

std::optional<std::string> Tokens::begin_session(const std::string& link, Clock::time_point now) {
  std::string session = random_token();
  {
    std::lock_guard lock(mutex_);
    auto identity = find(links_, link, now);
    if (!identity) return std::nullopt;
    std::erase_if(links_, [&](const Known& one) { return one.secret == link; });
    add(sessions_, {session, *identity, now + kSession}, now);
  }
  write_sessions();
  return session;
}

void Tokens::end_session(const std::string& session) {
  {
    std::lock_guard lock(mutex_);
    for (auto* all : {&sessions_, &lent_sessions_}) std::erase_if(*all, [&](const Known& one) { return one.secret == session; });
  }
  write_sessions();
}

std::string Tokens::lend(const std::string& name, std::chrono::seconds lasts, Clock::time_point now) {
  std::lock_guard lock(mutex_);
  std::string secret = random_token();
  add(lent_, {secret, {.name = name, .role = Role::read}, now + lasts}, now);
  return secret;
}

std::optional<Tokens::LentSession> Tokens::begin_lent_session(const std::string& lent, Clock::time_point now) {
  std::lock_guard lock(mutex_);
  auto identity = find(lent_, lent, now);
  if (!identity) return std::nullopt;
  LentSession begun{random_token(), identity->until};
  add(lent_sessions_, {begun.session, *identity, begun.until}, now);
  return begun;
}

}  // namespace leat
