/// The graph files of a folder, as a service has them.
#pragma once

#include <leat/chunk/result.hpp>
#include <leat/graph/args.hpp>

#include <string>
#include <vector>

namespace leat::nodes {

/// Takes `--graphs FOLDER`, or `--graphs=FOLDER`, out of a command line. Errors: invalid (it is not there, or twice).
Result<std::string> take_graphs_folder(std::vector<std::string>& words);

/// A program for each file NAME.toml of the folder, by name. Errors: invalid (no folder, none in it, or the first that is wrong).
Result<std::vector<Program>> served_graphs(const std::string& folder);

}  // namespace leat::nodes
