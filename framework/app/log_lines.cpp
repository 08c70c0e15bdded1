#include <leat/app/log_lines.hpp>

#include <leat/app/logging.hpp>
#include <leat/graph/json_text.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <optional>

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

std::optional<std::uint64_t> number_of(const inspect::Question& question, const std::string& name) {
  auto found = question.options.find(name);
  if (found == question.options.end()) return std::nullopt;
  std::uint64_t number = 0;
  const std::string& text = found->second;
  auto [rest, wrong] = std::from_chars(text.data(), text.data() + text.size(), number);
  return wrong == std::errc() && rest == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

}  // namespace

std::string log_object(LogLevel level, std::string_view phrase, const std::vector<LogField>& fields) {
  Json json = {{"type", "log"}, {"version", inspect::kVersion}, {"time", time_now()},
               {"level", kLevels[static_cast<std::size_t>(level)]}, {"phrase", phrase}, {"fields", Json::object()}};
  for (const auto& [name, value] : fields) json["fields"][std::string(name)] = value;
  return json_text(json);
}

void LogLines::add(LogLevel level, std::string_view phrase, const std::vector<LogField>& fields) {
  std::string line = log_object(level, phrase, fields);
  auto about = std::find_if(fields.begin(), fields.end(), [](const LogField& field) { return field.first == "job"; });
  std::lock_guard lock(mutex_);
  lines_.push_back({"{\"number\":" + std::to_string(first_ + lines_.size()) + "," + line.substr(1),
                    about == fields.end() ? "" : about->second, level == LogLevel::debug});
  bytes_ += lines_.back().text.size();
  while (bytes_ > kMost && !lines_.empty()) {
    bytes_ -= lines_.front().text.size();
    lines_.pop_front();
    ++first_;
  }
}

std::string LogLines::json(const Asked& asked) const {
  std::lock_guard lock(mutex_);
  std::vector<const std::string*> wanted;  // the last comes first
  std::size_t bytes = 0;
  std::size_t begin = asked.from > first_ ? static_cast<std::size_t>(asked.from - first_) : 0;
  for (std::size_t i = lines_.size(); i > begin && bytes < asked.most; --i) {
    const Line& line = lines_[i - 1];
    bool about_it = line.job == asked.job || (line.job.empty() && !line.debug);
    if (!asked.job.empty() && !about_it) continue;
    wanted.push_back(&line.text);
    bytes += line.text.size();
  }
  std::string all = "[";
  for (auto line = wanted.rbegin(); line != wanted.rend(); ++line) all += (all.size() > 1 ? "," : "") + **line;
  return all + "]";
}

// A job is called by its graph and its number, or by this alone.
std::string logs_answer(const LogLines& lines, const inspect::Question& question, const std::string& node) {
  LogLines::Asked asked;
  auto job = question.options.find("job");
  if (job != question.options.end()) asked.job = job->second.substr(job->second.rfind(' ') + 1);
  auto from = number_of(question, "from");
  asked.from = number_of(question, "from " + node).value_or(from.value_or(0));
  asked.most = std::min<std::uint64_t>(LogLines::kMost, number_of(question, "most").value_or(LogLines::kMost));
  return "{\"type\":\"logs\",\"version\":" + std::to_string(inspect::kVersion) + ",\"lines\":" + lines.json(asked) + "}";
}

Log kept(const Log& log, std::shared_ptr<LogLines> lines) {
  return Log([log, lines = std::move(lines)](LogLevel level, std::string_view phrase, const std::vector<LogField>& fields) {
    lines->add(level, phrase, fields);
    write_line(log, level, phrase, fields);
  });
}

}  // namespace leat
