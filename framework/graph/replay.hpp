/// Replay: the part of a graph that dead letters still have to go through.
#pragma once

#include <leat/actor/dead_letters.hpp>
#include <leat/graph/graph.hpp>

#include <vector>

namespace leat {

/// A graph that gives each letter to the stage that put it aside, on the input it came in on, and does with it
/// what `checked`'s graph would have: those stages, all below them, and what these read whole first. Stages have
/// the names they had; what stands in for their other inputs is called "letters of STAGE" and gives the letters
/// of that stage, or nothing. Sinks write where the graph says: build it with arguments that name other files.
/// Errors: invalid; no letters; a letter of a stage, or of an input, that the graph does not have, or of another
/// payload than the stage takes. Pure.
Result<Graph> replay_graph(const Checked& checked, const std::vector<DeadLetter>& letters);

}  // namespace leat
