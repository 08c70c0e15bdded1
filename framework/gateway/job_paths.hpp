/// What a client may say for a path: never one of this machine.
///
/// A parameter that is written to takes a name, which is that of a result in the job's folder. One that is read takes
/// "data:DIR/FILE", a file beneath the data root, "result:JOB/NAME", a result of an earlier job, or "upload:ID"; several
/// with commas where the parameter takes several.
#pragma once

#include <leat/chunk/result.hpp>
#include <leat/graph/option.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace leat {

struct JobPaths {
  std::filesystem::path data_root;  ///< canonical; "": no files may be read
  std::filesystem::path results;    ///< of this job
  /// The folder of another job's results. Errors: invalid (there is no such job, or it has none).
  std::function<Result<std::filesystem::path>(std::uint64_t job)> results_of;
  /// The file of an upload. Errors: invalid (there is none, or not all of it is there yet, where that is wanted).
  std::function<Result<std::filesystem::path>(const std::string& id)> upload;
};

/// The value that the process gets for what the client gave. `param` is of type path or paths. Errors: invalid, one
/// sentence that says what may be given. Threads: any.
Result<std::string> path_value(const Option& param, const std::string& given, const JobPaths& paths);

/// Whether a text can be the name of a result: letters, digits and . _ - only, no dot at its front, at most 100.
bool is_result_name(const std::string& name);

}  // namespace leat
