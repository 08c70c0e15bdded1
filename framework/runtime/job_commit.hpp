/// How a job ends here: its output is sealed and committed or thrown away, and its actors are let go.
#pragma once

#include <leat/actor/actor.hpp>
#include <leat/graph/graph.hpp>
#include <leat/runtime/cell.hpp>
#include <leat/runtime/share.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace leat {

/// Refers to the job's graph, its share and its cells, in the order in which they commit. After all cells have
/// ended, but for abort() where nothing is sealed. Threads: one at a time, that of the job.
class JobCommit {
 public:
  using Cells = std::vector<std::shared_ptr<Cell>>;

  JobCommit(const Graph& graph, const Share& share, const Cells& cells) : graph_(graph), share_(share), cells_(cells) {}

  /// Every stage seals, and so do the dead letters. Errors: the first; what was sealed before is thrown away.
  Result<void> seal();
  /// Commits every stage, up to the first that cannot, and then the dead letters. Errors: its own, with the
  /// names of the sinks here that are committed and of those that are not.
  Result<void> commit();
  /// Throws away what seal() has sealed, unless it is committed.
  void abort();
  /// Destroys the actors, and what is sealed is thrown away. Errors: the first that a destructor throws; all
  /// the others are destroyed nevertheless.
  Result<void> let_go();

 private:
  OutputName output_name() const;
  std::string sink_text(StageId id) const;
  std::vector<StageRun*> stages() const;
  Error commit_failed(const Error& error, std::size_t at) const;

  const Graph& graph_;
  const Share& share_;
  const Cells& cells_;
  bool sealed_ = false;  // and neither committed nor thrown away
};

}  // namespace leat
