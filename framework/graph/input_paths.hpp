/// The files that a source reads: names, patterns, and standard input.
///
///   auto files = leat::files_of({"first.csv", "data/*.csv.gz"});  // {"first.csv", "data/a.csv.gz", "data/b.csv.gz"}
///
/// A path that is there is that file, whatever its name looks like. Else one with *, ? or [ is a pattern, as of
/// glob(3): the files that match it, by name. "-" is standard input, as are /dev/stdin and /dev/fd/0.
/// Threads: plain functions.
#pragma once

#include <filesystem>
#include <initializer_list>
#include <string>
#include <vector>

#include <leat/chunk/result.hpp>

namespace leat {

/// What a kind that reads files is told: one path, or several.
struct InputPaths {
  InputPaths() = default;
  InputPaths(const char* path) : given{path} {}
  InputPaths(std::string path) : given{std::move(path)} {}
  InputPaths(const std::filesystem::path& path) : given{path.string()} {}
  InputPaths(std::vector<std::string> paths) : given(std::move(paths)) {}
  InputPaths(std::initializer_list<std::string> paths) : given(paths) {}

  std::vector<std::string> given;
};

/// What complaints call standard input.
inline constexpr const char* kStandardInput = "standard input";

bool is_standard_input(const std::string& path);
/// Standard input, or there and no regular file, such as a pipe: what is read of it is gone.
bool read_once(const std::string& path);

/// The files, in the order given, and by name (of bytes) where a pattern stands for several. Errors: no path; a
/// pattern that nothing matches, or a folder in which it cannot be looked for; a file that is there twice.
Result<std::vector<std::string>> files_of(const InputPaths& paths);

}  // namespace leat
