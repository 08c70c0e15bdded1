/// What a collector of OpenTelemetry is told, in the JSON of OTLP (opentelemetry-proto 1.x): camelCase, 64-bit integers as
/// texts, ids in hex. Pure, but for fresh_id().
#pragma once

#include <leat/app/metrics.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace leat {

/// Where a collector takes OTLP over HTTP, if nothing else is said.
inline constexpr std::uint16_t kOtlpPort = 4318;

/// What has begun and ended: a job, a phase or a stage of it.
struct TraceSpan {
  std::string trace;        ///< 32 hex digits: of all spans of one job
  std::string id;           ///< 16 hex digits
  std::string parent = {};  ///< the id of the span that it is a part of; "": none
  std::string name;
  std::uint64_t began = 0;  ///< here and below nanoseconds since 1970
  std::uint64_t ended = 0;
  MetricLabels attributes = {};
  std::string error = {};   ///< why it failed; "": it did not
};

/// The body of POST /v1/metrics. `resource`: what says whose they are, as service.name. `began`: since when is counted.
std::string otlp_metrics(const MetricFamilies& families, const MetricLabels& resource, std::uint64_t began, std::uint64_t now);
/// The body of POST /v1/traces.
std::string otlp_traces(const std::vector<TraceSpan>& spans, const MetricLabels& resource);
/// What a collector that took the request says it has rejected of it, as a sentence; "": nothing.
std::string otlp_rejection(const std::string& answer);

/// So many random bytes, in hex. Threads: any.
std::string fresh_id(std::size_t bytes);
/// Nanoseconds since 1970.
std::uint64_t unix_time();

}  // namespace leat
