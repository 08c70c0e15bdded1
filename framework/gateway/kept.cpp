#include <leat/gateway/kept.hpp>

#include <leat/inspect/descriptor.hpp>

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <system_error>
#include <tuple>

namespace leat {
namespace {

namespace fs = std::filesystem;

// So much more may lie there until space is given back.
constexpr std::uint64_t kSlack = std::uint64_t{1} << 20;

}  // namespace

std::vector<std::uint64_t> to_forget(std::vector<KeptJob> jobs, std::uint64_t most) {
  std::uint64_t all = 0;
  for (const KeptJob& job : jobs) all += job.bytes;
  std::sort(jobs.begin(), jobs.end(), [](const KeptJob& a, const KeptJob& b) { return std::tie(a.ended, a.id) < std::tie(b.ended, b.id); });
  std::vector<std::uint64_t> ids;
  for (const KeptJob& job : jobs) {
    if (all <= most) break;
    if (job.pinned || job.bytes == 0) continue;
    all -= job.bytes;
    ids.push_back(job.id);
  }
  return ids;
}

std::uint64_t bytes_in(const fs::path& folder) {
  std::uint64_t all = 0;
  std::error_code error;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    std::error_code gone;
    if (!at->is_regular_file(gone)) continue;
    auto size = at->file_size(gone);
    if (!gone) all += size;
  }
  return all;
}

std::string line_of(const fs::path& file, int number) {
  std::ifstream lines(file);
  std::string line;
  for (int i = 0; i < number; ++i) {
    if (!std::getline(lines, line)) return "";
  }
  return line;
}

Result<void> keep_last(const fs::path& file, std::uint64_t most) {
  inspect::Descriptor opened(::open(file.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW));
  struct stat found {};
  if (!opened || ::fstat(opened.get(), &found) != 0 || !S_ISREG(found.st_mode)) return {};
  auto size = static_cast<std::uint64_t>(found.st_size), there = static_cast<std::uint64_t>(found.st_blocks) * 512;
  if (size <= most || there <= most + kSlack) return {};
  auto first = static_cast<off_t>(size - most);
  if (::fallocate(opened.get(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, first) == 0) return {};
  return failed("cannot give back the space of a log's beginning: " + std::generic_category().message(errno));
}

}  // namespace leat
