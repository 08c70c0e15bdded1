/// Fingerprints: what two processes compare before they work on one graph together. Pure.
#pragma once

#include <leat/graph/graph.hpp>

#include <functional>
#include <string>
#include <vector>

namespace leat {

/// A graph as lines of text, one a stage or edge: names, kinds, options, payloads with their schema ids,
/// replicas, labels, dispatch. Equal graphs give equal lines; what lambdas capture does not show. A line
/// is a head ("stage parse", "edge from read to parse") and fields ("options x=1"), each after a tab;
/// control characters and backslashes in names and options are written as "\x0a".
std::vector<std::string> canonical_lines(const Graph& graph);

/// XXH3-128 of lines, as 32 hexadecimal digits.
std::string fingerprint(const std::vector<std::string>& lines);

/// "stage parse: theirs has options ..., ours has options ...": the first difference, for a sentence; ""
/// when equal. `ours` and `theirs` are what the two are called in it.
std::string first_difference(const std::vector<std::string>& ours, const std::vector<std::string>& theirs,
                             const std::string& our_name = "ours", const std::string& their_name = "theirs");

/// Builds the graph twice and refuses it (invalid) when the two differ: a clock, a random number or the environment
/// has entered it, and no two nodes would agree.
Result<Graph> build_twice(const std::function<Graph()>& build);

}  // namespace leat
