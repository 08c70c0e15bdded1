/// What people and programs see of a run. Pure: text in, text out.
#pragma once

#include <leat/chunk/one_line.hpp>
#include <leat/runtime/run.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace leat {

/// One line for a terminal of `width` columns: share done, rate, time left, the busiest stage.
std::string bar(const Progress& progress, std::size_t width);

/// One JSON object without a line end: {"type": "progress", ...}.
std::string progress_json(const Progress& progress);
/// {"type": "report", ...}
std::string report_json(const Report& report);
/// {"type": "error", ...}
std::string error_json(const Error& error);

/// A metric over all stages, in whole units.
std::uint64_t total(const Progress& progress, const StageMetric& metric);

/// The summary: results, counts of loss, rows a second, memory.
std::string summary(const Report& report);

}  // namespace leat
