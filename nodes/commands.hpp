/// The commands the stock program has besides those of every leat program: validate, kinds and sniff.
#pragma once

#include <string>
#include <vector>

#include <leat/chunk/result.hpp>

namespace leat::nodes {

/// What a command has to say, and its exit status.
struct Answer {
  std::string out;     ///< for standard output
  std::string errors;  ///< for standard error, with line ends
  int status = 0;
};

/// `words`: what follows the command. Reads the file; looks at the sources only with --probe.
Answer validate_command(const std::vector<std::string>& words);
Answer kinds_command(const std::vector<std::string>& words);
/// Reads the beginning of a CSV file.
Answer sniff_command(const std::vector<std::string>& words);

/// The whole of a graph file. Errors, one sentence with the path: missing, a directory, not
/// readable, larger than a graph can be.
Result<std::string> read_graph_file(const std::string& path);

}  // namespace leat::nodes
