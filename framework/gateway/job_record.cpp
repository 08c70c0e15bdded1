#include <leat/gateway/job_record.hpp>

#include <array>
#include <cstdio>
#include <ctime>

namespace leat {
namespace {

constexpr std::array kStages = {"queued", "running", "done", "failed", "cancelled", "crashed"};

}  // namespace

std::string time_text(Time time) {
  auto since = time.time_since_epoch();
  auto seconds = std::chrono::floor<std::chrono::seconds>(since);
  std::time_t whole = seconds.count();
  std::tm parts{};
  ::gmtime_r(&whole, &parts);
  char text[96];
  std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
                parts.tm_hour, parts.tm_min, parts.tm_sec, static_cast<int>((since - seconds).count()));
  return text;
}

const char* stage_name(JobStage stage) { return kStages.at(static_cast<std::size_t>(stage)); }

std::optional<JobStage> stage_called(const std::string& name) {
  for (std::size_t i = 0; i < kStages.size(); ++i) {
    if (name == kStages[i]) return static_cast<JobStage>(i);
  }
  return std::nullopt;
}

}  // namespace leat
