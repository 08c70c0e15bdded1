/// What a tenant may use of a service, and whether it has used that up. Pure.
///
/// In the file of tokens a line says it behind the token: "anna run TOKEN jobs=10 cpu=3600 bytes=10GiB". What is left out
/// has no quota.
#pragma once

#include <leat/chunk/result.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace leat {

struct Quota {
  std::optional<std::uint64_t> jobs = {};   ///< that wait or run
  std::optional<double> cpu = {};           ///< seconds that processes have used, of jobs that run or have ended within kCounted
  std::optional<std::uint64_t> bytes = {};  ///< of results and uploads that are kept

  static constexpr std::chrono::hours kCounted{24 * 30};
  bool none() const { return !jobs && !cpu && !bytes; }
};

/// What a tenant has used, of each.
struct QuotaUsed {
  std::uint64_t jobs = 0;
  double cpu = 0;
  std::uint64_t bytes = 0;
};

/// Takes in a word such as "jobs=10". Errors: invalid (no such word, no such number; it is there with another number).
Result<void> add_quota(Quota& quota, const std::string& word);

/// Whether there is room for one more job. Errors: overloaded, about the option that is the quota's name (Subject): which
/// quota it is, and how much is used.
Result<void> within_quota(const Quota& quota, const QuotaUsed& use, const std::string& tenant);
/// Whether there is room for so many bytes more. Errors: as above.
Result<void> room_in_quota(const Quota& quota, const QuotaUsed& use, const std::string& tenant, std::uint64_t more);
/// Whether CPU seconds are left. Errors: as above.
Result<void> cpu_in_quota(const Quota& quota, const QuotaUsed& use, const std::string& tenant);
/// Whether an error says that a quota is used up.
bool is_of_quota(const Error& error);

}  // namespace leat
