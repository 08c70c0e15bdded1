/// The sockets of the leat processes of one user on this machine: a folder with one for each, called by its number.
///
/// A number is one more than the largest that was given in that folder before: whoever types it never means another
/// job. A socket that refuses connections was left by a process that is dead; whoever looks takes it away. All
/// that changes the folder is done under its lock, so that one that is being made is not taken for dead.
#pragma once

#include <leat/chunk/result.hpp>
#include <leat/inspect/descriptor.hpp>

#include <cstdint>
#include <filesystem>
#include <vector>

namespace leat::inspect {

using JobNumber = std::uint64_t;

/// Where the sockets are: folder `jobs` of the state folder.
std::filesystem::path jobs_folder();

/// A socket that listens, mode 0600. Its file is taken away when it is destroyed. Threads: one.
class JobSocket {
 public:
  /// Makes the folder, mode 0700, where it is missing, and a socket with the next number in it. Errors: invalid (the
  /// folder is another user's, or open to others), failed.
  static Result<JobSocket> claim(const std::filesystem::path& folder);

  JobSocket(JobSocket&&) = default;
  JobSocket& operator=(JobSocket&&) = delete;
  ~JobSocket();

  JobNumber number() const { return number_; }
  int descriptor() const { return socket_.get(); }

 private:
  JobSocket(std::filesystem::path path, JobNumber number, Descriptor socket)
      : path_(std::move(path)), number_(number), socket_(std::move(socket)) {}

  std::filesystem::path path_;
  JobNumber number_;
  Descriptor socket_;
};

/// The numbers whose processes live, in order; takes away what dead ones have left. Of a folder that is not there:
/// none. Errors: invalid (another user's), failed.
Result<std::vector<JobNumber>> living_jobs(const std::filesystem::path& folder);

/// A connection to a socket of the folder, which does not block. Errors: invalid (there is no such job, and which
/// there are; the folder or the process is another user's), disconnected (its process is dead), overloaded (nobody
/// takes connections there).
Result<Descriptor> connect_to_job(const std::filesystem::path& folder, JobNumber number);

}  // namespace leat::inspect
