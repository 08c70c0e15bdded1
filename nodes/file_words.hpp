/// What a command that takes one file is asked.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include <leat/chunk/result.hpp>

namespace leat::nodes {

struct FileWords {
  std::string path;
  std::set<std::string> flags;
  std::map<std::string, std::string> values;
};

/// FILE, any of `flags`, and --NAME VALUE or --NAME=VALUE. `needs`: "a graph: leat validate FILE.toml".
Result<FileWords> file_words(const std::vector<std::string>& words, const std::string& command,
                             const std::string& needs, const std::set<std::string>& flags = {});

}  // namespace leat::nodes
