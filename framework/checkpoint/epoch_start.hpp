/// What an epoch of a job begins with: worked out from what its store has. Pure.
///
///   auto unfinished = store.unfinished();
///   EpochStart start = epoch_start(*unfinished, latest);   // of the epoch after the latest that has begun
#pragma once

#include <leat/checkpoint/cut.hpp>
#include <leat/checkpoint/store.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace leat {

/// What an epoch is for.
enum class EpochWork : std::uint8_t {
  run,     ///< the job runs, from `from` on
  commit,  ///< all has ended and is sealed: it is made visible
  abort,   ///< the job is given up: what it has sealed is thrown away
};

struct EpochStart {
  std::string folder;              ///< of the store; empty: the job has no checkpoints
  std::string job;                 ///< as in OutputName
  std::uint32_t epoch = 0;
  EpochWork work = EpochWork::run;
  std::uint64_t next = 1;          ///< the n of its first cut
  Manifest from = {};              ///< what it goes on from
  std::vector<Sealed> pending = {};  ///< of earlier epochs: what may not be visible yet
  std::vector<CutId> rounds = {};  ///< kept cuts of earlier epochs, oldest first: something is sealed for them
  /// Cuts for which something may be sealed that is not published: it is thrown away.
  std::vector<CutId> stale = {};
};

/// The first of a job.
EpochStart first_epoch(std::string folder, std::string job);
/// The one after the latest that has begun. `from`: one of its manifests, or none.
EpochStart epoch_start(std::string folder, const CheckpointStore::Unfinished& job, const Manifest& from);
/// The one that gives the job up.
EpochStart last_epoch(std::string folder, const CheckpointStore::Unfinished& job);

}  // namespace leat
