/// Who is known by a token, and browsers by a cookie. Time is given.
///
/// The tokens are a file that only its owner may read, a line each: NAME ROLE TOKEN, behind that quotas
/// (quota.hpp), and a # begins what is for people.
/// Browsers get theirs by a link that is good once, or by one that is lent: good for all who have it, to read, for a while.
#pragma once

#include <leat/chunk/result.hpp>
#include <leat/gateway/quota.hpp>
#include <leat/gateway/role.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace leat {

/// So many random bits that nobody guesses them, as text that a URL takes.
std::string random_token();
/// Whether they are equal, in a time that does not tell how much of them is.
bool same_secret(const std::string& a, const std::string& b);

/// Threads: any.
class Tokens {
 public:
  using Clock = std::chrono::system_clock;
  static constexpr std::chrono::hours kSession{12};
  static constexpr std::chrono::minutes kLink{10};
  static constexpr std::size_t kMostSessions = 1024;  ///< the oldest goes for one more
  static constexpr std::size_t kLeastToken = 16;      ///< characters

  /// Reads the file; makes one with a token of the role admin where there is none. Errors: invalid (others may read
  /// it; a line that is none, with its number), failed.
  static Result<std::unique_ptr<Tokens>> open(const std::filesystem::path& file);
  /// The lines of such a file. Errors: invalid.
  static Result<std::unique_ptr<Tokens>> parse(const std::string& text, const std::string& name);

  std::optional<Identity> by_token(const std::string& token, Clock::time_point now = Clock::now()) const;
  /// Of whoever has that name in the file.
  Quota quota_of(const std::string& name) const;
  std::optional<Identity> by_session(const std::string& session, Clock::time_point now = Clock::now()) const;

  /// Knows the sessions that the file keeps, as far as they are not over and a token of the name and the role of each is
  /// still there, and keeps there what begins and ends from now on. A line that is none is none. Errors: failed (it is there
  /// and cannot be read).
  Result<void> keep_sessions(const std::filesystem::path& file, Clock::time_point now = Clock::now());

  /// A secret for a link that makes one browser known as that; good once, for `lasts`.
  std::string link(const Identity& identity, std::chrono::seconds lasts = kLink, Clock::time_point now = Clock::now());
  /// The session that the secret of a link is exchanged for; nothing for one that is not good, or not any more.
  std::optional<std::string> begin_session(const std::string& link, Clock::time_point now = Clock::now());
  void end_session(const std::string& session);
  /// A token of the role read that is good for so long, for who shows a page to others. Not kept over restarts.
  std::string lend(const std::string& name, std::chrono::seconds lasts, Clock::time_point now = Clock::now());
  /// A session for each browser that shows one that was lent, until that is not good any more; nothing for another.
  struct LentSession {
    std::string session;
    Clock::time_point until;
  };
  std::optional<LentSession> begin_lent_session(const std::string& lent, Clock::time_point now = Clock::now());

 private:
  // Most secrets are told apart by their marks: hashes with a seed of this process, which say nothing of how much is equal.
  struct Known {
    std::string secret;
    Identity identity;
    Clock::time_point until;
    std::uint64_t mark = mark_of(secret);
  };
  static std::uint64_t mark_of(const std::string& secret);

  Tokens() = default;
  static std::optional<Identity> find(const std::vector<Known>& all, const std::string& secret, Clock::time_point now);
  static void add(std::vector<Known>& all, Known one, Clock::time_point now);
  void write_sessions();

  std::vector<Known> tokens_;  // of the file: as it was made
  std::map<std::string, Quota> quotas_;  // by name
  mutable std::mutex mutex_;
  // Those of lent tokens apart: however often one is opened, nobody else's session goes for it.
  std::vector<Known> lent_, links_, sessions_, lent_sessions_;
  std::mutex writes_;  // before mutex_
  std::filesystem::path sessions_file_;
};

}  // namespace leat
