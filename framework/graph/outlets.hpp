/// Outlets: what a Stream is without its payload. For stream.hpp, not for users.
#pragma once

#include <leat/graph/stage_settings.hpp>

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace leat::streams {

/// The stages that a stream comes from, how the next stage takes chunks from each, and what is said of them
/// and not settled yet. A value: changing one changes no graph before it is used.
class Outlets {
 public:
  Outlets(Graph graph, std::vector<StageId> from);

  const Graph& graph() const { return graph_; }
  const std::vector<StageId>& stages() const { return from_; }

  /// Those of `other` too. Of another graph they are left out, and check() refuses both.
  Outlets merged(const Outlets& other) const;
  /// With settings for the stages they are of. Throws std::logic_error when there are none.
  Outlets with(const StageSettings& settings) const;
  /// With a gate. Of another graph it is left out, and check() refuses both.
  Outlets after(const Outlets& other) const;
  /// With each dispatch to the next stage changed.
  Outlets to_next(const std::function<void(Dispatch&)>& change) const;
  /// With settings that mean the combiners from now on; check() refuses stages that have none.
  Outlets combiners() const;

  /// What was said holds now.
  void settle() const;
  /// Settles, and adds an edge from each stage into a port of `to`.
  void connect(StageId to, std::size_t port) const;
  /// True when both are of one graph; else check() of either refuses it. `how`: "is merged with".
  bool one_graph(const Outlets& other, const std::string& how) const;

 private:
  Graph graph_;
  std::vector<StageId> from_;
  std::vector<Dispatch> next_;  // by stage
  std::vector<StageId> meant_;  // whom settings are of: of a fold and its combiner, the fold
  std::vector<std::pair<StageId, StageSettings>> said_;
};

}  // namespace leat::streams
