/// What is kept of jobs that have ended, and of what they say.
#pragma once

#include <leat/chunk/result.hpp>
#include <leat/gateway/job_record.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace leat {

inline constexpr std::uint64_t kMostResults = std::uint64_t{10} << 30;  ///< bytes, unless the service is told
inline constexpr std::uint64_t kMostLog = std::uint64_t{64} << 20;      ///< bytes of a job's

/// A job that has ended, as far as this needs to know.
struct KeptJob {
  std::uint64_t id = 0;
  Time ended{};
  std::uint64_t bytes = 0;  ///< of its results
  bool pinned = false;
};

/// Those to forget so that at most so many bytes are kept: of those that are not pinned and have any, the oldest first.
/// Pure.
std::vector<std::uint64_t> to_forget(std::vector<KeptJob> jobs, std::uint64_t most);

/// How many bytes the files of a folder have.
std::uint64_t bytes_in(const std::filesystem::path& folder);

/// A line of a file, from 1, without its end; "" where there is none.
std::string line_of(const std::filesystem::path& file, int number);

/// Gives back the disk's space of all but the last `most` bytes of a file that grows; its size stays, so that whoever
/// writes to it goes on. Errors: failed, also where the file system cannot.
Result<void> keep_last(const std::filesystem::path& file, std::uint64_t most);

}  // namespace leat
