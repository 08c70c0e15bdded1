/// Graph files as programs: what the command line of every leat program runs.
///
///   return leat::app(argc, argv, {graph_program("flights.toml", text, file)});
///
/// The text itself is a parameter of the job, `graph`, and so travels with its Args: any other
/// process of this program builds the same graph from the Args alone, without the file. `folder` is
/// where relative paths in it begin; as a path it is made whole where the job is submitted. Nobody
/// sees either.
#pragma once

#include <string>

#include <leat/graph/args.hpp>

#include "nodes/graph_file.hpp"

namespace leat::nodes {

/// The program of one file that was read without complaint: its text is the fallback of `graph`.
Program graph_program(const std::string& path, const std::string& text, const GraphFile& file);

/// The program of one file of a folder that is served: of the file's name, with its parameters for all to see. It is run by
/// the file.
Program served_program(const std::string& path, const GraphFile& file);

/// The program of a process that gets its graphs from others: the same, with no graph of its own.
Program any_graph_program();

/// Builds the graph in args["graph"]. What it cannot be built of comes as a graph that check()
/// refuses with the first complaint; `path` names the file in it.
Graph graph_from(const Args& args, const std::string& path);

}  // namespace leat::nodes
