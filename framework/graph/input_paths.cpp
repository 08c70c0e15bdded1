#include <leat/graph/input_paths.hpp>

#include <algorithm>
#include <cerrno>
#include <set>
#include <system_error>

#include <sys/stat.h>

#include <glob.h>

namespace leat {
namespace {

bool is_there(const std::string& path) {
  struct stat found {};
  return ::lstat(path.c_str(), &found) == 0;
}

bool looks_like_pattern(const std::string& path) { return path.find_first_of("*?[") != path.npos; }

Result<std::vector<std::string>> matches(const std::string& pattern) {
  glob_t found{};
  int went = ::glob(pattern.c_str(), GLOB_NOSORT | GLOB_ERR, nullptr, &found);
  int reason = errno;
  std::vector<std::string> files(found.gl_pathv, found.gl_pathv + (went == 0 ? found.gl_pathc : 0));
  ::globfree(&found);
  if (went == GLOB_NOMATCH) return failed(pattern + ": no file matches this pattern; check the path");
  if (went != 0) {
    std::string why = went == GLOB_ABORTED ? std::generic_category().message(reason) : "there is no memory";
    return failed(pattern + ": cannot look for files that match this pattern: " + why);
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

bool is_standard_input(const std::string& path) {
  return path == "-" || path == "/dev/stdin" || path == "/dev/fd/0" || path == "/proc/self/fd/0";
}

bool read_once(const std::string& path) {
  struct stat found {};
  int went = is_standard_input(path) ? ::fstat(0, &found) : ::stat(path.c_str(), &found);
  return went == 0 && !S_ISREG(found.st_mode) && !S_ISDIR(found.st_mode);
}

Result<std::vector<std::string>> files_of(const InputPaths& paths) {
  if (paths.given.empty()) return invalid("there is no file to read: name at least one");
  std::vector<std::string> files;
  for (const std::string& path : paths.given) {
    if (is_there(path) || !looks_like_pattern(path)) {
      files.push_back(path);
      continue;
    }
    auto found = matches(path);
    if (!found) return found.error();
    files.insert(files.end(), found->begin(), found->end());
  }
  std::set<std::string> seen;
  for (const std::string& file : files) {
    if (!seen.insert(is_standard_input(file) ? "-" : file).second) {
      return invalid(file + ": is named twice, and its rows would be counted twice; name it once");
    }
  }
  return files;
}

}  // namespace leat
