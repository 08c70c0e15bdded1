#include "csv_text.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <system_error>

#include <sys/stat.h>

#include <fcntl.h>
#include <unistd.h>

namespace bench {

namespace {
constexpr std::size_t slack = 4096;  // read past the block's end to finish its last record
}

CsvFile::CsvFile(const std::string& path) : descriptor_(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
  struct stat status {};
  if (descriptor_ < 0 || fstat(descriptor_, &status) != 0)
    throw std::system_error(errno, std::generic_category(), "cannot read " + path);
  bytes_ = static_cast<std::size_t>(status.st_size);
  std::vector<char> start(std::min(bytes_, block_bytes));
  const std::string_view text(start.data(), read_at(0, start.data(), start.size()));
  header_bytes_ = text.find('\n') + 1;
  if (header_bytes_ == 0) throw std::runtime_error(path + ": no header line in its first block");
  const std::string_view header = text.substr(0, header_bytes_ - 1);
  for (std::size_t from = 0; from <= header.size();) {
    const std::size_t comma = std::min(header.find(',', from), header.size());
    names_.emplace_back(header.substr(from, comma - from));
    from = comma + 1;
  }
}

CsvFile::~CsvFile() {
  if (descriptor_ >= 0) close(descriptor_);
}

std::size_t CsvFile::read_at(std::size_t offset, char* to, std::size_t size) const {
  std::size_t got = 0;
  while (got < size) {
    const ssize_t n = pread(descriptor_, to + got, size - got, static_cast<off_t>(offset + got));
    if (n < 0) throw std::system_error(errno, std::generic_category(), "cannot read the file");
    if (n == 0) break;
    got += static_cast<std::size_t>(n);
  }
  return got;
}

std::string_view CsvFile::records(std::size_t index, std::vector<char>& buffer) const {
  // Records are cut after newlines; one byte before the block tells whether it begins with one.
  const std::size_t from = index == 0 ? header_bytes_ - 1 : index * block_bytes - 1;
  const std::size_t until = std::min((index + 1) * block_bytes, bytes_);  // first byte not ours
  if (from >= until) return {};
  std::size_t wanted = std::min(until - from + slack, bytes_ - from);
  if (buffer.size() < block_bytes + slack + 2) buffer.resize(block_bytes + slack + 2);
  std::size_t have = read_at(from, buffer.data(), wanted);

  const auto* first = static_cast<const char*>(std::memchr(buffer.data(), '\n', until - from));
  if (first == nullptr || first + 1 == buffer.data() + (until - from)) return {};
  const std::size_t begin = static_cast<std::size_t>(first + 1 - buffer.data());
  for (std::size_t seen = until - from - 1;;) {
    const auto* last =
        static_cast<const char*>(std::memchr(buffer.data() + seen, '\n', have - seen));
    if (last != nullptr)
      return {buffer.data() + begin, static_cast<std::size_t>(last + 1 - buffer.data()) - begin};
    seen = have;
    if (from + have == bytes_) break;
    buffer.resize(buffer.size() * 2);
    wanted = std::min(buffer.size() - 1, bytes_ - from);
    have += read_at(from + have, buffer.data() + have, wanted - have);
  }
  buffer[have] = '\n';  // the file's last record has no newline of its own
  return {buffer.data() + begin, have + 1 - begin};
}

void bad_cell(const char* at, const char* end) {
  const char* stop = std::find_if(at, end, [](char c) { return c == ',' || c == '\n'; });
  throw std::runtime_error("not a number, or too few or too many cells, at '" +
                           std::string(at, stop) + "'");
}

}  // namespace bench
