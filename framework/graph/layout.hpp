/// Layout: which stages share a cell, how many replicas each cell has, which links join them.
///
/// Pure. Two stages are chained into one cell when a forward edge is all that joins them and their
/// replica counts agree; a source is chained to what it feeds whatever the count, and pulled by every
/// replica. Everything else crosses a link. A stage with another label (`on`) than the stage above is
/// apart from it, as an isolated one is; but an unlabelled stage stays with a labelled source, whose
/// label says where the source is, not where its replicas are. Below a tee each stage has a cell of its
/// own: where it works on its chunks by themselves and no order is kept, with as many replicas as the
/// stage above, fed replica by replica.
#pragma once

#include <leat/graph/graph.hpp>

#include <string>
#include <vector>

namespace leat {

using CellId = std::size_t;

/// The host of a chain of stages, to be run `replicas` times.
struct CellPlan {
  std::vector<StageId> stages;  ///< from top to bottom; the first may be a source
  std::size_t replicas = 1;
  bool keeps_order = false;  ///< frames carry sequence numbers
  bool blocking = false;     ///< a thread of its own
  std::vector<StageId> gates;
};

/// An edge that crosses cells: from.replicas x to.replicas channels, unless it leads forward or from a feeder.
struct LinkPlan {
  std::size_t edge = 0;  ///< index into Graph::edges()
  CellId from = 0;
  CellId to = 0;
  Dispatch::Rule rule = Dispatch::Rule::forward;
  Amount window;       ///< credit of each channel
  bool merges = false; ///< the receiver restores the order
};

struct Layout {
  std::size_t threads = 1;
  std::vector<CellPlan> cells;
  std::vector<LinkPlan> links;
  std::vector<CellId> cell_of;  ///< by stage; of a source that has a feeder: the chain's (feeders.hpp)

  std::size_t channels(const LinkPlan& link) const {
    return link.rule == Dispatch::Rule::forward
               ? cells[link.to].replicas
               : times(cells[link.from].replicas, cells[link.to].replicas);
  }
};

/// Credit of a channel unless the edge says otherwise: near half of a core's second-level cache.
constexpr Amount kDefaultWindow{std::uint64_t{512} << 10, 1024};

/// How much of small chunks a cell takes from a source, or stages for a link, at once.
constexpr Amount kBatch{std::uint64_t{64} << 10, 64};

/// Credit of a channel of this edge: what the edge says, or kDefaultWindow, raised to hold one chunk.
Amount window_of(const Checked& checked, const Edge& edge);

/// Lays a checked graph out over `threads` threads. Refuses orders that cannot be kept and windows
/// smaller than one chunk.
Result<Layout> layout_of(const Checked& checked, std::size_t threads);

}  // namespace leat
