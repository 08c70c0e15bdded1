/// What `--otlp` asks for: a collector that is told of this process.
#pragma once

#include <leat/app/live_run.hpp>
#include <leat/app/otlp_export.hpp>
#include <leat/app/verbs.hpp>
#include <leat/chunk/log.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace leat {

/// Of a run. Null where it is not asked for. The run outlives it, as what the functions below refer to does.
std::unique_ptr<OtlpExport> told_by_otlp(const VerbCall& call, const LiveRun& live);

/// Of a process that serves; `kind`: "node" or "coordinator"; `node`: the node's name, or "".
std::unique_ptr<OtlpExport> told_by_otlp(const VerbCall& call, const std::string& kind, const std::string& node, const Log& log,
                                         std::function<MetricFamilies()> metrics,
                                         std::function<std::vector<TraceSpan>()> spans = {});

}  // namespace leat
