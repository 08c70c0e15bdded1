/// Running a graph in this process, for the verbs that do.
#pragma once

#include <leat/app/signals.hpp>
#include <leat/app/verbs.hpp>
#include <leat/graph/graph.hpp>

namespace leat {

/// Adds the options of running a graph.
void add_run(CLI::App& command, ParsedCommand& parsed);
/// Plans the graph, runs it and says how it ended. Returns the exit status.
int run_graph(Graph graph, const Request& request, const Console& console, const Signals& signals);

}  // namespace leat
