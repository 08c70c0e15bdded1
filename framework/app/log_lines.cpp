#include <leat/app/log_lines.hpp>

#include <leat/app/logging.hpp>
#include <leat/inspect/question.hpp>

#include <nlohmann/json.hpp>

#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>

namespace leat {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<const char*, 4> kLevels = {"debug", "info", "warning", "error"};

std::string time_now() {
  auto now = std::chrono::system_clock::now().time_since_epoch();
  auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  std::time_t seconds = static_cast<std::time_t>(milliseconds / 1000);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[40], whole[80];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
  std::snprintf(whole, sizeof whole, "%s.%03dZ", text, static_cast<int>(milliseconds % 1000));
  return whole;
}

}  // namespace

std::string log_object(LogLevel level, std::string_view phrase, const std::vector<LogField>& fields) {
  Json json = {{"type", "log"}, {"version", inspect::kVersion}, {"time", time_now()},
               {"level", kLevels[static_cast<std::size_t>(level)]}, {"phrase", phrase}, {"fields", Json::object()}};
  for (const auto& [name, value] : fields) json["fields"][std::string(name)] = value;
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void LogLines::add(LogLevel level, std::string_view phrase, const std::vector<LogField>& fields) {
  std::string line = log_object(level, phrase, fields);
  std::lock_guard lock(mutex_);
  lines_.push_back("{\"number\":" + std::to_string(first_ + lines_.size()) + "," + line.substr(1));
  bytes_ += lines_.back().size();
  while (bytes_ > kMost && !lines_.empty()) {
    bytes_ -= lines_.front().size();
    lines_.pop_front();
    ++first_;
  }
}

std::string LogLines::json(std::uint64_t from) const {
  std::lock_guard lock(mutex_);
  std::string all = "[";
  for (std::size_t i = from > first_ ? static_cast<std::size_t>(from - first_) : 0; i < lines_.size(); ++i) {
    all += (all.size() > 1 ? "," : "") + lines_[i];
  }
  return all + "]";
}

Log kept(const Log& log, std::shared_ptr<LogLines> lines) {
  return Log([log, lines = std::move(lines)](LogLevel level, std::string_view phrase, const std::vector<LogField>& fields) {
    lines->add(level, phrase, fields);
    write_line(log, level, phrase, fields);
  });
}

}  // namespace leat
