/// The routes of datasets: files of tables that jobs have written, or that lie beneath the data root.
///
/// /api/v1/datasets/{id} says what is in one, /rows gives rows of it, /series a column as it is drawn. An id is "41/NAME",
/// a result of job 41, "data:FILE" or "upload:ID", encoded as a part of a path: 41%2Fspeed.tables.
#pragma once

#include <leat/gateway/route.hpp>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace leat {

inline constexpr std::uint64_t kMostRows = 10'000;                        ///< of an answer
inline constexpr std::size_t kMostRowBytes = std::size_t{4} << 20;        ///< of an answer
inline constexpr std::int64_t kMostPixels = 8192;

/// The file that somebody means by "result:41/NAME", "data:FILE" or "upload:ID". Errors: invalid (there is none).
using FileOf = std::function<Result<std::filesystem::path>(const std::string& said, const Identity& who)>;

std::vector<Route> dataset_routes(FileOf file_of);

}  // namespace leat
