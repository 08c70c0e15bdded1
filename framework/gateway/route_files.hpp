/// Files that the parameters of a route name: as clients say them, and as its function is given them.
#pragma once

#include <leat/gateway/route.hpp>

#include <filesystem>
#include <functional>
#include <string>

namespace leat {

/// The file that somebody means by "data:FILE", "result:JOB/NAME" or "upload:ID" as that parameter. Errors: invalid (there is
/// none, or none for them).
using NamedFile = std::function<Result<std::filesystem::path>(const std::string& name, const std::string& said, const Identity& who)>;

/// The route, whose function is given the files that its parameters of type path and paths name, instead of what was said;
/// a fallback is of who wrote the program, and stays as it is. One without such parameters, or without a function, stays.
Route with_files(Route route, NamedFile file_of);

}  // namespace leat
