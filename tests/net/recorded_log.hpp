// A log that tests wait on.
#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <leat/chunk/log.hpp>

namespace leat::tests {

class RecordedLog {
 public:
  Log log() const {
    return Log(
        [kept = kept_](LogLevel, std::string_view phrase, const std::vector<LogField>& fields) {
          std::string line(phrase);
          for (const auto& [key, value] : fields)
            line += " " + std::string(key) + "=" + value;
          std::lock_guard held(kept->mutex);
          kept->lines.push_back(std::move(line));
          kept->changed.notify_all();
        });
  }

  // True once `count` lines hold `part`; false when they do not come within ten seconds.
  bool comes(const std::string& part, std::size_t count = 1) const {
    std::unique_lock held(kept_->mutex);
    return kept_->changed.wait_for(held, std::chrono::seconds(10),
                                   [&] { return this->count(part) >= count; });
  }
  std::size_t lines_with(const std::string& part) const {
    std::lock_guard held(kept_->mutex);
    return count(part);
  }
  std::string all() const {
    std::lock_guard held(kept_->mutex);
    std::string out;
    for (const auto& line : kept_->lines)
      out += line + "\n";
    return out;
  }

 private:
  struct Kept {
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<std::string> lines;
  };
  std::size_t count(const std::string& part) const {
    return static_cast<std::size_t>(std::count_if(
        kept_->lines.begin(), kept_->lines.end(),
        [&](const std::string& line) { return line.find(part) != std::string::npos; }));
  }

  std::shared_ptr<Kept> kept_ = std::make_shared<Kept>();
};

}  // namespace leat::tests
