/// Placement: which node runs which replica. Pure: every node of a job computes the same.
///
///   auto probes = ...;  // each source probed on its node: source_nodes() says which, before any probe
///   auto checked = graph.check(probes);
///   auto layout = layout_of(*checked, nodes);
///   auto placement = place(*checked, *layout, nodes);
#pragma once

#include <leat/graph/bound.hpp>
#include <leat/graph/layout.hpp>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace leat {

/// An index into the nodes of a job.
using NodeId = std::uint32_t;

/// What labels and names of nodes are made of: ASCII letters and digits, '.', '-' and '_'.
bool label_character(char c);
/// Whether a stage may be `on` this: "", a label, or several joined by '+'.
bool is_label(const std::string& on);

/// What placement knows of a node.
struct NodeSpec {
  std::string name;
  std::vector<std::string> labels;
  std::size_t cpus = 1;          ///< threads its cells run on; 0: it takes no cells
  std::uint64_t memory = 0;      ///< bytes a job may need there; 0: no limit
};

/// True when the node has every label of a Stage::on.
bool has_labels(const NodeSpec& node, const std::string& on);

/// One end of a channel.
struct ReplicaId {
  CellId cell = 0;
  std::size_t replica = 0;
  friend bool operator==(const ReplicaId&, const ReplicaId&) = default;
};

/// One channel of a placed job.
struct ChannelPlan {
  std::uint32_t id = 0;   ///< unique in the job, and its index in Placement::channels
  std::size_t link = 0;   ///< index into Layout::links
  std::size_t edge = 0;   ///< index into Graph::edges()
  ReplicaId from;
  ReplicaId to;
  NodeId from_node = 0;
  NodeId to_node = 0;
  Amount window;
  bool compress = false;  ///< lz4 on the wire; only where the nodes differ

  bool crosses() const { return from_node != to_node; }
};

/// Where everything runs. A source lives on one node. Replicas of its cell on that node pull it; a feeder
/// there pulls it for the replicas elsewhere (feeders.hpp), also where none of them is on that node.
struct Placement {
  std::vector<NodeSpec> nodes;
  std::vector<std::vector<NodeId>> node_of;  ///< by cell, by replica
  std::vector<NodeId> source_node;           ///< by cell: of cells that begin with a source; else 0
  std::vector<ChannelPlan> channels;         ///< all, local ones too, in order of id
  std::vector<ReplicaId> retired;            ///< told to end while the job ran: see elastic.hpp

  bool local() const { return nodes.size() <= 1; }
};

/// The first node that has cpus and the stage's label, for each source and each other stage that is probed:
/// where to probe it. Known from the bare graph; place() keeps to it for sources.
Result<std::map<StageId, NodeId>> source_nodes(const Graph& graph, const std::vector<NodeSpec>& nodes);

/// Lays out for these nodes: counts of replicas follow the cpus of all of them together, those of a
/// stage with `on` the cpus of the nodes with that label.
Result<Layout> layout_of(const Checked& checked, const std::vector<NodeSpec>& nodes);

/// Places a layout made for the nodes together, and adds to it the feeders that takes: the last cells, and the
/// last links, in order of the cells they feed.
///
/// - A cell goes to nodes that have the labels of all its stages; of a chain that begins with a source
///   the source's label counts for the source only (source_nodes).
/// - A cell of one replica: where its source is; else the earliest node, and when that node's bound
///   exceeds its memory, the next that fits.
/// - Replicas: in proportion to cpus (largest remainder; Hamilton, 1792), every node at least one where
///   there are enough, the source's node first; neighbours in number are neighbours on nodes. A cell
///   fed replica by replica takes over the nodes of the cell above when it may run on the same ones, so
///   that those channels stay local.
/// - Channels are numbered from 0: links in their order, of each by sending, then by receiving replica.
///
/// Refuses, with the reason, what cannot be placed: no nodes, a label no node has, labels no node has
/// together, a feeder's window smaller than a chunk (invalid); a node whose bound exceeds its memory
/// (overloaded); the layout is then as it was. `process_base`: as in memory_bound, of each node.
Result<Placement> place(const Checked& checked, Layout& layout, std::vector<NodeSpec> nodes,
                        std::uint64_t process_base = 0);

/// All channels of cells that are where `node_of` and `source_node` say, in the order above.
std::vector<ChannelPlan> channels_of(const Checked& checked, const Layout& layout,
                                     const Placement& placement);

/// How many channels a link has; of a layout that is not placed, how many it would have in one process.
std::size_t channels_of_link(const Layout& layout, const Placement& placement, std::size_t link);

/// What of a link lies between nodes.
struct Crossing {
  std::size_t channels = 0;
  std::set<std::pair<NodeId, NodeId>> ways;  ///< from, to
};
Crossing crossing_of_link(const Placement& placement, std::size_t link);

/// What one node can hold at most: its cells, its ends of channels (a channel between two nodes counts
/// on both), and two slices (outside the pool) and the socket buffers of each of its
/// connections: one for each direction in which it has channels to a node. `process_base` as in memory_bound. On a placement of
/// one node: memory_bound.
Bound node_bound(const Checked& checked, const Layout& layout, const Placement& placement, NodeId node,
                 std::uint64_t process_base);

}  // namespace leat
