/// What people and programs see of a run. Pure: text in, text out.
#pragma once

#include <leat/app/pace.hpp>
#include <leat/chunk/one_line.hpp>
#include <leat/runtime/run.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace leat {

/// "parse 90% busy": the stage the others wait for; "" when there is none.
std::string busiest_stage(const Progress& progress);

/// One line for a terminal of `width` columns: part done, at least `least`, rate, time left, the busiest stage. `pace`:
/// of the run until now; without it rates and time left are those of the whole run.
std::string bar(const Progress& progress, std::size_t width, double least = 0, const Pace* pace = nullptr);

/// One JSON object without a line end: {"type": "progress", ...}.
std::string progress_json(const Progress& progress, const Pace* pace = nullptr);
/// {"type": "waiting", "what": "for nodes: 1 of 3"}
std::string waiting_json(const std::string& what);
/// {"type": "report", ...}
std::string report_json(const Report& report);
/// {"type": "curves", "version": 1, "curves": [{"stage": "train", "name": "loss", "x": ..., "y": ..., "samples": [[x, y], ...]}]}: x
/// and y are the last's; a curve of the run itself is of the stage "".
std::string curves_json(const std::vector<NamedCurve>& curves);
/// {"type": "error", ...}
std::string error_json(const Error& error);

/// A metric over all stages, in whole units.
std::uint64_t total(const Progress& progress, const StageMetric& metric);

/// The summary: results, counts of loss, rows a second, memory.
std::string summary(const Report& report);

}  // namespace leat
