/// From a graph file and its parameters to a Graph, and to what is wrong with it.
///
///   auto graph = build_graph(file, parameters, "flights.toml", complaints);
///
/// No I/O but for probed(). Threads: no state.
#pragma once

#include <optional>
#include <string>

#include <leat/graph/graph.hpp>

#include "nodes/graph_file.hpp"

namespace leat::nodes {

/// Reads the options of all stages with these parameters and adds stages and edges in the file's
/// order; nothing when there is anything to complain about, before or now. What a stage finds wrong
/// later names its place in the file called `name`; "" for no places.
std::optional<Graph> build_graph(const GraphFile& file, const Parameters& parameters,
                                 const std::string& name, Complaints& complaints);

/// All that can be found wrong with a graph text without looking at its sources: what it says,
/// options, waits that would never end, orders that cannot be kept. `values`: of parameters, as far
/// as they are known; defaults hold for the others. In order of place.
Complaints examine(const std::string& text, const std::map<std::string, std::string>& values);

/// The same and what its sources have to say: columns, windows. All parameters must have a value.
Complaints examine_probed(const std::string& text,
                          const std::map<std::string, std::string>& values);

/// `values` and the defaults of the parameters that have one.
Parameters parameters_of(const GraphFile& file, const std::map<std::string, std::string>& values);

}  // namespace leat::nodes
