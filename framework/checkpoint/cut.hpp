/// A cut through a job: what is kept of it so that it can go on from there. Plain values.
///
/// It lies between two chunks of every channel (aligned barriers; Carbone et al., 2015): all that the sources gave before
/// their positions is in the states, and nothing that they gave after. State belongs to a stage's replica, found by the
/// stage's name, so that a graph which is chained otherwise takes it up too.
#pragma once

#include <leat/actor/output_name.hpp>
#include <leat/actor/source.hpp>
#include <leat/actor/state.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace leat {

using StageCounts = std::map<std::string, std::uint64_t, std::less<>>;
using ReportLines = std::vector<std::pair<std::string, std::string>>;

/// One replica of a stage.
struct StageCut {
  std::string stage;
  std::string kind;
  std::string version = {};   ///< StageKind::state_version: the form of `state`
  std::size_t replica = 0;
  std::size_t replicas = 1;
  bool ended = false;         ///< it has finished, and what it has to seal is sealed
  Snapshot state = {};
  StageCounts counts = {};    ///< what it has counted
  ReportLines lines = {};     ///< and reported
};

struct SourceCut {
  std::string stage;
  SourcePosition position = {};
  std::uint64_t next = 0;  ///< the number of the chunk that it gives next
  bool ended = false;      ///< it gives none
  StageCounts counts = {};
  ReportLines lines = {};
};

/// An edge that has sequence numbers: those that its upper end gives, or that its lower end waits for.
struct EdgeCut {
  std::string from;
  std::string to;
  std::uint64_t port = 0;
  std::uint64_t next = 0;
};

struct Cut {
  std::uint32_t epoch = 0;
  std::uint64_t n = 0;  ///< from 1; of a job's epochs one sequence
  std::vector<StageCut> stages;
  std::vector<SourceCut> sources;
  std::vector<EdgeCut> edges;
};

/// Output that a sink's replica has sealed and that may not be visible yet.
struct Sealed {
  std::string stage;
  OutputName name;

  friend bool operator==(const Sealed&, const Sealed&) = default;
};

/// What one process has kept of a cut: a file.
struct CutPart {
  std::uint32_t node = 0;      ///< which of the job's
  std::uint64_t bytes = 0;
  std::uint64_t checksum = 0;  ///< XXH3-64 of it

  friend bool operator==(const CutPart&, const CutPart&) = default;
};

/// A node that a job on a cluster was laid out for: as many replicas are restored, whatever nodes there are then.
struct LayoutNode {
  std::string name;
  std::vector<std::string> labels = {};
  std::uint64_t cpus = 1;

  friend bool operator==(const LayoutNode&, const LayoutNode&) = default;
};

/// A cut that is published: what it names is on the disk. The last one of a job has no cut: all has ended.
struct Manifest {
  std::uint32_t epoch = 0;
  std::uint64_t n = 0;  ///< 0: there is none
  bool last = false;
  std::vector<Sealed> sealed = {};
  std::vector<CutPart> parts = {};
  std::vector<LayoutNode> laid_out = {};  ///< on a cluster

  /// Of all its parts.
  std::uint64_t bytes() const {
    std::uint64_t all = 0;
    for (const CutPart& part : parts) all += part.bytes;
    return all;
  }
  friend bool operator==(const Manifest&, const Manifest&) = default;
};

/// The cut of an epoch: (epoch, n).
using CutId = std::pair<std::uint32_t, std::uint64_t>;

}  // namespace leat
