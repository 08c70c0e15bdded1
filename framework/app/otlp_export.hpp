/// Tells a collector of OpenTelemetry what a process counts, from a thread of its own.
#pragma once

#include <leat/app/otlp.hpp>
#include <leat/cluster/detached_call.hpp>
#include <leat/net/http_client.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace leat {

/// Every so often, and once when it is destroyed. Nothing waits for the collector but that last time, and nothing of what
/// it misses is kept but the last kMostSpans spans: metrics are sums, so the next ones say it all. Threads: one.
class OtlpExport {
 public:
  /// How long the collector has for an answer; at the end for all of it.
  static constexpr std::chrono::milliseconds kWithin{5'000};
  static constexpr std::chrono::milliseconds kLast{2'000};
  static constexpr std::size_t kMostSpans = 1000;

  struct Options {
    HttpPlace to;
    MetricLabels resource = {};
    /// Called on the thread, and by the destructor. Must not wait for what a stage can hold.
    std::function<MetricFamilies()> metrics = {};
    /// Those that have ended since it was last called. Null: there are none.
    std::function<std::vector<TraceSpan>()> spans = {};
    /// Why a collector has missed something: called at most once in `warn_every`, on the thread, until this is destroyed.
    std::function<void(const std::string& why)> warn = {};
    std::chrono::milliseconds every{10'000};
    std::chrono::milliseconds warn_every{std::chrono::minutes(10)};
  };

  explicit OtlpExport(Options options);
  /// Takes kLast at most. What a host's name is waited for is left behind (DetachedCall).
  ~OtlpExport();
  OtlpExport(const OtlpExport&) = delete;
  OtlpExport& operator=(const OtlpExport&) = delete;

 private:
  struct Line;
  std::shared_ptr<Line> line_;
  DetachedCall thread_;
};

}  // namespace leat
