#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include <sys/stat.h>

#include <fcntl.h>
#include <unistd.h>

#include <leat/actors/csv_file.hpp>

namespace leat::csv {
namespace {

constexpr std::uint64_t kAhead = 4 * 1024 * 1024;

Error cannot(const std::string& what, const std::string& path, int code) {
  std::string why = std::generic_category().message(code);
  if (code == ENOENT) why = "there is no such file; check the path";
  if (code == EACCES) why = "permission denied; make the file readable";
  return failed(path + ": cannot " + what + ": " + why);
}

}  // namespace

Result<File> File::open(const std::string& path) {
  File file;
  file.path_ = path;
  // Not to block on a pipe nobody writes to.
  file.descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file.descriptor_ < 0) return cannot("open", path, errno);
  struct stat found {};
  if (::fstat(file.descriptor_, &found) != 0) return cannot("look at", path, errno);
  if (S_ISDIR(found.st_mode)) return failed(path + ": is a directory; name a file in it");
  if (!S_ISREG(found.st_mode)) {
    return failed(path + ": is not a regular file, and cannot be read twice; copy it to a file");
  }
  if (found.st_size == 0) return corrupt(path + ": the file is empty; there is nothing to read");
  file.size_ = static_cast<std::uint64_t>(found.st_size);
  file.changed_ = std::int64_t{found.st_mtim.tv_sec} * 1'000'000'000 + found.st_mtim.tv_nsec;
  ::posix_fadvise(file.descriptor_, 0, 0, POSIX_FADV_SEQUENTIAL);
  return file;
}

File::File(File&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      size_(other.size_),
      changed_(other.changed_),
      asked_(other.asked_),
      path_(std::move(other.path_)) {}

File& File::operator=(File&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(size_, other.size_);
  std::swap(changed_, other.changed_);
  std::swap(asked_, other.asked_);
  std::swap(path_, other.path_);
  return *this;
}

File::~File() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::string File::identity() const {
  return path_ + " " + std::to_string(size_) + " " + std::to_string(changed_);
}

bool File::grown() const {
  struct stat found {};
  return ::fstat(descriptor_, &found) == 0 && static_cast<std::uint64_t>(found.st_size) > size_;
}

Error File::grows() const {
  return failed(path_ + ": the file grew while it was read, and its first " + std::to_string(size_) +
                " bytes end within a record; run again when nobody writes to it");
}

Result<void> File::read(char* to, std::size_t bytes, std::uint64_t offset) const {
  std::size_t got = 0;
  while (got < bytes) {
    ssize_t now = ::pread(descriptor_, to + got, bytes - got, static_cast<off_t>(offset + got));
    if (now < 0 && errno == EINTR) continue;
    if (now < 0) return cannot("read", path_, errno);
    if (now == 0) {
      return failed(
          path_ + ": the file became shorter while it was read: " + std::to_string(offset + got) +
          " bytes of " + std::to_string(size_) + " are left; run again when nobody writes to it");
    }
    got += static_cast<std::size_t>(now);
  }
  return {};
}

void File::read_ahead(std::uint64_t offset) {
  if (offset + kAhead <= asked_ || asked_ >= size_) return;
  asked_ = std::max(asked_, offset);
  ::posix_fadvise(descriptor_, static_cast<off_t>(asked_), static_cast<off_t>(kAhead),
                  POSIX_FADV_WILLNEED);
  asked_ += kAhead;
}

}  // namespace leat::csv
