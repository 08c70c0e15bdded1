/// Files as answers: whole, or the range that was asked for (RFC 9110, section 14), read as the client takes them.
#pragma once

#include <leat/chunk/result.hpp>
#include <leat/net/http_message.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace leat {

struct ByteRange {
  std::uint64_t from = 0;
  std::uint64_t bytes = 0;

  friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

/// What a Range field means for so many bytes. None: all of it, as for a field that is none or asks for several ranges.
/// Errors: invalid (nothing of it is there).
Result<std::optional<ByteRange>> byte_range(std::string_view field, std::uint64_t size);

/// 200 with all of it, 206 with the range that is asked, 416 for one that is not there, 404 without such a file. `name`:
/// it is to be saved under that. `most`: of a longer file only its last bytes, as if there were no others.
HttpAnswer file_answer(const std::filesystem::path& file, const HttpRequest& request, const std::string& type,
                       const std::string& name = {}, std::uint64_t most = ~std::uint64_t{0});

}  // namespace leat
