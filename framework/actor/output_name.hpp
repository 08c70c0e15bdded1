/// Names of output: what a sink has made durable and not yet visible.
#pragma once

#include <cstdint>
#include <string>

namespace leat {

/// Names what one replica of a sink has sealed. No two seals have equal names, so that whoever comes later,
/// in whatever process, can make it visible or throw it away by its name alone.
struct OutputName {
  std::string job;          ///< one run of a graph; letters, digits and dashes
  std::uint32_t epoch = 0;  ///< which incarnation of the job wrote it
  std::uint64_t n = 0;      ///< which of the job's cuts it belongs to, from 1
  std::size_t replica = 0;
  /// Nothing is written after it: what is made visible only as a whole is, with this one. Not part of text().
  bool last = true;

  friend bool operator==(const OutputName&, const OutputName&) = default;

  /// "JOB.EPOCH.N.REPLICA": unlike any other's, fit for a file's name or a database's key.
  std::string text() const {
    return job + "." + std::to_string(epoch) + "." + std::to_string(n) + "." + std::to_string(replica);
  }
};

}  // namespace leat
