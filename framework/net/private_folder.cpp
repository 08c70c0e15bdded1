#include <cerrno>
#include <cstring>
#include <system_error>

#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <fcntl.h>
#include <unistd.h>

#include <leat/net/private_folder.hpp>

namespace leat {
namespace {

constexpr std::size_t kLargest = 1 << 20;
constexpr int kLook = 5;  // milliseconds between looks at a lock that is held: flock has no deadline

Error because(const std::string& what) {
  return failed(what + ": " + std::strerror(errno));
}

// Writes all of it to a descriptor and flushes it to disk.
bool write_out(int file, const std::string& content) {
  std::size_t done = 0;
  while (done < content.size()) {
    auto wrote = ::write(file, content.data() + done, content.size() - done);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return false;
    done += static_cast<std::size_t>(wrote);
  }
  return ::fsync(file) == 0;
}

// Those that are missing, for their owner alone: one may come to be a folder for keys itself.
void make_parents(const std::filesystem::path& folder) {
  std::error_code refused;
  auto parent = folder.parent_path();
  if (parent.empty() || std::filesystem::exists(parent, refused)) return;
  make_parents(parent);
  ::mkdir(parent.c_str(), 0700);
}

}  // namespace

Result<void> make_private_folder(const std::filesystem::path& folder) {
  make_parents(folder);
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    return because("cannot make the folder " + folder.string());
  }
  struct stat found {};
  if (::stat(folder.c_str(), &found) != 0) return because("cannot look at " + folder.string());
  if (!S_ISDIR(found.st_mode)) return invalid(folder.string() + " is not a folder: choose another");
  if (found.st_uid != ::geteuid()) {
    return invalid("the folder " + folder.string() +
                   " belongs to another user: keep certificates in one of your own");
  }
  if ((found.st_mode & 077) != 0) {
    return invalid("the folder " + folder.string() +
                   " is open to other users, but keys are kept there: chmod 700 it, and make new "
                   "certificates if they were there while it was open");
  }
  return {};
}

Result<FolderLock> FolderLock::of(const std::filesystem::path& folder, std::chrono::milliseconds within) {
  auto path = folder / ".lock";
  int file = ::open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  if (file < 0) return because("cannot open " + path.string());
  FolderLock lock(file);
  auto until = std::chrono::steady_clock::now() + within;
  while (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EINTR && errno != EWOULDBLOCK) return because("cannot lock " + path.string());
    if (std::chrono::steady_clock::now() >= until) {
      return failed("another process has held " + path.string() + " for " + std::to_string(within.count()) +
                    " ms: see what it waits for, and try again");
    }
    ::poll(nullptr, 0, kLook);
  }
  return lock;
}

FolderLock::~FolderLock() {
  if (file_ >= 0) ::close(file_);
}

Result<void> write_private_file(const std::filesystem::path& file, const std::string& content) {
  std::string beside = file.string() + ".XXXXXX";
  int out = ::mkostemp(beside.data(), O_CLOEXEC);  // mode 0600
  if (out < 0) return because("cannot write beside " + file.string());
  bool wrote = write_out(out, content);
  ::close(out);
  if (!wrote || ::rename(beside.c_str(), file.c_str()) != 0) {
    auto error = because("cannot write " + file.string());
    ::unlink(beside.c_str());
    return error;
  }
  return {};
}

Result<std::string> read_whole_file(const std::filesystem::path& file, const std::string& what) {
  int in = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (in < 0) {
    return invalid("cannot read " + what + " " + file.string() + ": " + std::strerror(errno));
  }
  struct stat found {};
  if (::fstat(in, &found) == 0 && !S_ISREG(found.st_mode) && !S_ISDIR(found.st_mode)) {
    ::close(in);
    return invalid(what + " " + file.string() + " is a pipe or a device: give a file");
  }
  std::string content(kLargest + 1, '\0');
  std::size_t size = 0;
  ssize_t got = 0;
  while (size < content.size() &&
         (got = ::read(in, content.data() + size, content.size() - size)) > 0) {
    size += static_cast<std::size_t>(got);
  }
  int why = errno;
  ::close(in);
  if (got < 0)
    return invalid("cannot read " + what + " " + file.string() + ": " + std::strerror(why));
  if (size > kLargest)
    return invalid(what + " " + file.string() + " is larger than 1 MiB: not one");
  content.resize(size);
  return content;
}

}  // namespace leat
