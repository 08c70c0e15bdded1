// Any bytes as JSON lines: no crash, and the same rows, counts and errors whatever the block size and the way.
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include <sys/mman.h>

#include <unistd.h>

#include "actors/json/fixture.hpp"

using namespace leat;
using json_fixture::Told;

namespace {

void require(bool holds, const std::string& what) {
  if (holds) return;
  std::fprintf(stderr, "%s\n", what.c_str());
  std::abort();
}

// A job that fails has no rows; where blocks end says only how many Tables there are.
std::string shown(const Told& told) {
  std::string out = told.error + "\n" + told.columns + "\n" + told.rows;
  for (const auto& [name, count] : told.counts) out += name + "=" + std::to_string(count) + "\n";
  return out;
}

}  // namespace

// The first byte chooses the options, the rest is the file.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1 || size > 1 << 16) return 0;
  json::ParseOptions options;
  options.bad = static_cast<json::BadCells>(data[0] % 3);
  if (data[0] & 4) options.columns = {"a", "b.c", "whole = b", "d[0]", "d[2].e"};
  for (const char* name : {"a", "b.c", "whole", "d[0]", "d[2].e"}) {
    if (data[0] & 4) options.types[name] = static_cast<ColumnType>((data[0] >> 3) % 9);
  }
  int descriptor = ::memfd_create("json", MFD_CLOEXEC);
  std::size_t written = 0;
  while (written < size - 1) {
    ssize_t now = ::write(descriptor, data + 1 + written, size - 1 - written);
    require(now > 0, "cannot write to memory");
    written += static_cast<std::size_t>(now);
  }
  std::string path = "/proc/self/fd/" + std::to_string(descriptor);
  Told small = json_fixture::parsed(path, options, {.block_bytes = 64});
  Told large = json_fixture::parsed(path, options, {.block_bytes = 1 << 17});
  Told lines = json_fixture::lines_of(path, options, {.block_bytes = 256});
  ::close(descriptor);
  require(shown(small) == shown(large), "rows differ:\n" + shown(small) + "\n" + shown(large));
  require(shown(small) == shown(lines), "the ways differ:\n" + shown(small) + "\n" + shown(lines));
  return 0;
}
