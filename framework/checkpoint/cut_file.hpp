/// A cut as a file: a message of all but the chunks, then the chunks of its states.
#pragma once

#include <leat/checkpoint/cut.hpp>
#include <leat/chunk/pool.hpp>
#include <leat/chunk/result.hpp>

#include <cstdint>
#include <filesystem>

namespace leat {

/// How long a file is, and the XXH3-64 of all of it.
struct FileFacts {
  std::uint64_t bytes = 0;
  std::uint64_t checksum = 0;
};

/// On the disk when it returns. Errors: overloaded where the disk is full; failed.
Result<FileFacts> write_cut(const Cut& cut, const std::filesystem::path& file);

/// The cut again, its chunks in memory of `pool`. Errors: corrupt: the file is not what `facts` say, or not sound; failed.
Result<Cut> read_cut(const std::filesystem::path& file, const FileFacts& facts, Pool& pool);

}  // namespace leat
