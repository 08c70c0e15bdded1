#include <leat/checkpoint/store.hpp>

#include <leat/checkpoint/cut_parts.hpp>
#include <leat/checkpoint/durable.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <set>
#include <string>
#include <system_error>

namespace leat {
namespace {

namespace fs = std::filesystem;

std::string reason() { return std::generic_category().message(errno); }

Result<void> make_folder(const fs::path& folder) {
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    return failed("the folder for checkpoints " + folder.string() + " cannot be made: " + reason());
  }
  struct stat found {};
  if (::stat(folder.c_str(), &found) != 0) return failed("the folder for checkpoints " + folder.string() + " cannot be looked at: " + reason());
  if (!S_ISDIR(found.st_mode)) return invalid(folder.string() + " is no folder: name one for checkpoints");
  if (found.st_uid != ::geteuid() || (found.st_mode & 077) != 0) {
    return invalid("the folder for checkpoints " + folder.string() + " is open to other users: make it your own (chmod 700), as what is restored is trusted");
  }
  return {};
}

// Until the descriptor is closed: by whoever dies, too.
Result<int> held(const fs::path& folder) {
  int file = ::open((folder / ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return failed("the folder for checkpoints " + folder.string() + " cannot be written: " + reason());
  if (::flock(file, LOCK_EX | LOCK_NB) == 0) return file;
  ::close(file);
  return invalid("another run has the checkpoints in " + folder.string() + ": wait for its end, or name another folder");
}

bool covered(const Sealed& sealed, std::uint64_t committed) { return !sealed.name.last && sealed.name.n <= committed; }

}  // namespace

Result<CheckpointStore> CheckpointStore::open(const fs::path& folder) {
  if (folder.has_parent_path()) {
    std::error_code ignored;
    fs::create_directories(folder.parent_path(), ignored);
  }
  for (const fs::path& each : {folder, folder / "journal", folder / "cuts"}) {
    if (auto made = make_folder(each); !made) return std::move(made).error();
  }
  auto lock = held(folder);
  if (!lock) return std::move(lock).error();
  auto journal = Journal::open(folder / "journal");
  if (!journal) {
    ::close(*lock);
    return std::move(journal).error();
  }
  CheckpointStore store(folder, std::move(*journal), *lock);
  store.clean_up();
  return store;
}

CheckpointStore::CheckpointStore(CheckpointStore&& other) noexcept
    : folder_(std::move(other.folder_)), journal_(std::move(other.journal_)), lock_(std::exchange(other.lock_, -1)) {}

CheckpointStore::~CheckpointStore() {
  if (lock_ >= 0) ::close(lock_);
}

std::uint64_t CheckpointStore::latest_bytes() const {
  const auto& records = journal_.records();
  auto latest = std::find_if(records.rbegin(), records.rend(), [](const JournalRecord& one) { return std::holds_alternative<Manifest>(one); });
  return latest == records.rend() ? 0 : std::get<Manifest>(*latest).bytes();
}

std::optional<CheckpointStore::Unfinished> CheckpointStore::unfinished() const {
  std::optional<Unfinished> found;
  std::uint64_t committed = 0;
  for (const JournalRecord& record : journal_.records()) {
    if (auto* began = std::get_if<journal::Began>(&record)) {
      if (!found) found.emplace();
      found->began = *began;
    } else if (std::holds_alternative<journal::Ended>(record)) {
      found.reset();
      committed = 0;
    } else if (auto* done = std::get_if<journal::Committed>(&record)) {
      committed = std::max(committed, done->n);
    } else if (found) {
      found->manifests.push_back(std::get<Manifest>(record));
    }
  }
  if (!found || found->manifests.empty()) return found;
  for (Sealed sealed : found->manifests.back().sealed) {
    sealed.name.job = found->began.job;
    if (!covered(sealed, committed)) found->uncommitted.push_back(std::move(sealed));
  }
  auto& kept = found->manifests;
  if (kept.size() > kKept) {
    auto first = kept.end() - kKept;
    found->past.assign(first - std::min<std::ptrdiff_t>(first - kept.begin(), kPast), first);
    kept.erase(kept.begin(), first);
  }
  return found;
}

Result<void> CheckpointStore::begin(journal::Began began) { return journal_.append(std::move(began)); }

Result<void> CheckpointStore::publish(const Cut& cut, std::vector<Sealed> sealed) {
  auto part = write_part(folder_, cut, 0);
  if (!part) return std::move(part).error();
  return publish(Manifest{cut.epoch, cut.n, false, std::move(sealed), {*part}});
}

Result<void> CheckpointStore::publish(Manifest manifest) {
  if (auto published = journal_.append(std::move(manifest)); !published) return published;
  clean_up();
  return {};
}

Result<void> CheckpointStore::publish_last(std::uint32_t epoch, std::uint64_t n, std::vector<Sealed> sealed) {
  return journal_.append(Manifest{epoch, n, true, std::move(sealed)});
}

Result<void> CheckpointStore::committed(std::uint64_t n) { return journal_.append(journal::Committed{n}); }

Result<void> CheckpointStore::end() {
  if (auto ended = journal_.append(journal::Ended{}); !ended) return ended;
  clean_up();
  return journal_.forget();
}

Result<Cut> CheckpointStore::read(const Manifest& manifest, Pool& pool) const {
  return read_parts(folder_, manifest, pool);
}

// What no kept manifest names: old cuts, and what was being written when somebody was killed. What cannot be removed is
// removed the next time.
void CheckpointStore::clean_up() const {
  std::set<fs::path> named;
  if (auto job = unfinished()) {
    for (const Manifest& manifest : job->manifests) {
      for (const CutPart& part : manifest.parts) named.insert(part_file(folder_, {manifest.epoch, manifest.n}, part.node));
    }
  }
  std::error_code ignored;
  for (const char* part : {"cuts", "journal"}) {
    for (fs::directory_iterator at(folder_ / part, ignored), end; !ignored && at != end; at.increment(ignored)) {
      bool unnamed = part[0] == 'c' ? named.count(at->path()) == 0 : at->path().filename().string().starts_with(".new-");
      std::error_code left;
      if (unnamed) fs::remove(at->path(), left);
    }
  }
}

}  // namespace leat
