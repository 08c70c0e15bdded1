/// Nodes as people write them, for a plan of a cluster that is not there yet. Pure.
#pragma once

#include <leat/graph/placement.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace leat {

/// Limits of a cluster, wherever one is written or told: nodes of a job, and threads of a node.
inline constexpr std::size_t kMostNodes = 1024;
inline constexpr std::size_t kMostCpus = 4096;


/// Nodes from text, in either of two forms:
///
///   3                                              three nodes, node-1 to node-3, of default_cpus each
///   a:cpus=4,memory=8GiB,labels=gpu+disk;b:cpus=2;c    nodes by name, between semicolons
///
/// A name is of label_character()s, begins with a letter or digit and is not a number; a colon may lead
/// to its parts, in any order, each at most once. Without cpus a node has default_cpus, without memory no limit, without labels none.
/// Spaces around names, parts and values mean nothing. Errors (invalid): one sentence that says which
/// node is meant and what to write, without the option's name. At most 1024 nodes, and 4096 cpus a node.
Result<std::vector<NodeSpec>> parse_nodes(const std::string& text, std::size_t default_cpus);

/// "a:cpus=4,memory=8589934592,labels=gpu+disk": a node so that parse_nodes gives it back.
std::string node_text(const NodeSpec& node);

}  // namespace leat
