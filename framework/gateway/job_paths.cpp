#include <leat/gateway/job_paths.hpp>

#include <leat/chunk/one_line.hpp>

#include <algorithm>
#include <charconv>
#include <system_error>
#include <vector>

namespace leat {
namespace {

namespace fs = std::filesystem;

// Follows links, so that none leads out.
bool is_beneath(const fs::path& path, const fs::path& root) {
  auto [end, ignored] = std::mismatch(root.begin(), root.end(), path.begin(), path.end());
  return end == root.end();
}

Result<std::string> of_data(const std::string& name, const JobPaths& paths) {
  if (paths.data_root.empty()) return invalid("this service has no files for jobs to read: start it with --data-root");
  fs::path relative(name);
  bool climbs = std::any_of(relative.begin(), relative.end(), [](const fs::path& part) { return part == ".."; });
  std::error_code error;
  fs::path found = fs::canonical(paths.data_root / relative, error);
  if (name.empty() || relative.is_absolute() || climbs || error || !is_beneath(found, paths.data_root) ||
      !fs::is_regular_file(found, error)) {
    return invalid("there is no file " + one_line(name) + " beneath the data root");
  }
  return found.string();
}

Result<std::string> of_result(const std::string& text, const JobPaths& paths) {
  std::size_t slash = text.find('/');
  std::uint64_t job = 0;
  auto [rest, wrong] = std::from_chars(text.data(), text.data() + std::min(slash, text.size()), job);
  std::string name = slash == text.npos ? "" : text.substr(slash + 1);
  if (wrong != std::errc() || *rest != '/' || !is_result_name(name)) {
    return invalid("a result is said as result:JOB/NAME, such as result:41/model.bin");
  }
  auto folder = paths.results_of(job);
  if (!folder) return std::move(folder).error();
  std::error_code error;
  if (!fs::is_regular_file(*folder / name, error)) return invalid("job " + std::to_string(job) + " has no result " + name);
  return (*folder / name).string();
}

Result<std::string> to_read(const std::string& given, const JobPaths& paths) {
  if (given.rfind("data:", 0) == 0) return of_data(given.substr(5), paths);
  if (given.rfind("result:", 0) == 0) return of_result(given.substr(7), paths);
  if (given.rfind("upload:", 0) == 0) {
    auto file = paths.upload(given.substr(7));
    return file ? Result<std::string>(file->string()) : std::move(file).error();
  }
  return invalid("files of the service are said as data:FILE, upload:ID or result:JOB/NAME, not by a path");
}

}  // namespace

bool is_result_name(const std::string& name) {
  auto may = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
  };
  return !name.empty() && name.size() <= 100 && name.front() != '.' && std::all_of(name.begin(), name.end(), may);
}

Result<std::string> path_value(const Option& param, const std::string& given, const JobPaths& paths) {
  auto of_param = [&](const Error& error) { return invalid(param.name + ": " + error.sentence); };
  if (param.output) {
    if (is_result_name(given)) return (paths.results / given).string();
    return of_param(invalid("the name of a result has letters, digits and . _ - only, and no folder: " + one_line(given) + " is none"));
  }
  bool several = param.type == OptionType::paths;
  std::vector<std::string> parts = several ? split_at_commas(given) : std::vector<std::string>{given};
  for (std::string& part : parts) {
    auto value = to_read(part, paths);
    if (!value) return of_param(value.error());
    part = std::move(*value);
  }
  return several ? joined_with_commas(parts) : parts.front();
}

}  // namespace leat
