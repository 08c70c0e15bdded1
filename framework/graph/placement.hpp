/// Placement: which node runs which replica. Pure: every node of a job computes the same.
#pragma once

#include <leat/graph/bound.hpp>
#include <leat/graph/layout.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace leat {

/// An index into the nodes of a job.
using NodeId = std::uint32_t;

/// What placement knows of a node.
struct NodeSpec {
  std::string name;
  std::vector<std::string> labels;
  std::size_t cpus = 1;          ///< threads its cells run on
  std::uint64_t memory = 0;      ///< bytes a job may need there; 0: no limit
};

/// One end of a channel.
struct ReplicaId {
  CellId cell = 0;
  std::size_t replica = 0;
  friend bool operator==(const ReplicaId&, const ReplicaId&) = default;
};

/// One channel of a placed job.
struct ChannelPlan {
  std::uint32_t id = 0;   ///< unique in the job
  std::size_t link = 0;   ///< index into Layout::links; of a feeder: kFeeder
  std::size_t edge = 0;   ///< index into Graph::edges()
  ReplicaId from;         ///< of a feeder: {the cell fed, 0}
  ReplicaId to;
  NodeId from_node = 0;
  NodeId to_node = 0;
  Amount window;
  bool feeds = false;     ///< from the feeder of `to.cell`'s source
};
inline constexpr std::size_t kFeeder = ~std::size_t{0};

/// Where everything runs. A source lives on one node. Replicas of its cell on that node pull it; a
/// feeder there pulls it for the replicas elsewhere and balances chunks among them.
struct Placement {
  std::vector<NodeSpec> nodes;
  std::vector<std::vector<NodeId>> node_of;  ///< by cell, by replica
  std::vector<NodeId> source_node;           ///< by cell: of cells that begin with a source
  std::vector<ChannelPlan> channels;         ///< all, local ones too, in order of id

  bool local() const { return nodes.size() <= 1; }
};

/// Places a layout made for the nodes' cpus together. Stages with `on` go to nodes with that label;
/// sources, sinks and whatever has one replica and no label go to the earliest node that fits; replicas
/// go to nodes in proportion to their cpus. Refuses what cannot be placed with the reason: a label no
/// node has, labels of one chain that no node joins, a node whose bound exceeds its memory.
Result<Placement> place(const Checked& checked, const Layout& layout, std::vector<NodeSpec> nodes);

/// What one node can hold at most: its cells, its ends of channels (a channel between two nodes counts
/// on both), its connections. `process_base` as in memory_bound.
Bound node_bound(const Checked& checked, const Layout& layout, const Placement& placement, NodeId node,
                 std::uint64_t process_base);

}  // namespace leat
