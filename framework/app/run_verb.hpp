/// Running a graph in this process, for the verbs that do.
#pragma once

#include <leat/app/signals.hpp>
#include <leat/app/verbs.hpp>
#include <leat/graph/graph.hpp>

#include <functional>

namespace leat {

/// Adds the options of running a graph.
void add_run(CLI::App& command, ParsedCommand& parsed);
/// Builds the graph and plans it, runs it and says how it ended. Returns the exit status. `build` shares nothing: when
/// an interrupt comes while it, or a look at a file, does not return, it is left behind.
int run_graph(std::function<Result<Graph>()> build, const VerbCall& call, const Signals& signals);

}  // namespace leat
