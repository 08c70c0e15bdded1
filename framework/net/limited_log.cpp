#include <leat/net/limited_log.hpp>

#include <algorithm>

namespace leat {

bool LineLimit::admits(const Line& line, Clock::time_point now) {
  for (Kind& kind : known_) {
    if (kind.line != line) continue;
    ++kind.left_out;
    return false;
  }
  if (known_.size() < kinds_) {
    known_.push_back({line, now + every_, 0});
    return true;
  }
  if (beyond_) {
    ++beyond_->left_out;
    return false;
  }
  beyond_ = Kind{line, now + every_, 0};
  return true;
}

std::vector<LineLimit::LeftOut> LineLimit::over(Clock::time_point now) {
  std::vector<LeftOut> out;
  auto say = [&](const Kind& kind) {
    if (kind.left_out > 0) out.push_back({kind.line, kind.left_out});
  };
  while (!known_.empty() && known_.front().until <= now) {
    say(known_.front());
    known_.pop_front();
  }
  if (beyond_ && beyond_->until <= now) {
    beyond_->line.from = "others";
    beyond_->line.reason = "other reasons";
    say(*beyond_);
    beyond_.reset();
  }
  return out;
}

std::optional<LineLimit::Clock::time_point> LineLimit::next() const {
  std::optional<Clock::time_point> first;
  if (!known_.empty()) first = known_.front().until;
  if (beyond_ && (!first || beyond_->until < *first)) first = beyond_->until;
  return first;
}

namespace {

void put(const Log& log, LogLevel level, std::string_view phrase, std::vector<LogField> fields) {
  if (fields.front().second.empty()) fields.erase(fields.begin());  // it is about nobody
  if (level == LogLevel::error) return log.error(phrase, std::move(fields));
  log.warning(phrase, std::move(fields));
}

}  // namespace

LimitedLog::LimitedLog(asio::io_context& io, Log log, LineLimit::Clock::duration every)
    : log_(std::move(log)), limit_(every, kKinds), timer_(io) {}

void LimitedLog::warning(std::string_view phrase, const std::string& peer, const std::string& reason) {
  write(LogLevel::warning, phrase, peer, reason);
}

void LimitedLog::error(std::string_view phrase, const std::string& peer, const std::string& reason) {
  write(LogLevel::error, phrase, peer, reason);
}

void LimitedLog::write(LogLevel level, std::string_view phrase, const std::string& peer, const std::string& reason) {
  auto now = LineLimit::Clock::now();
  tell(now);
  std::string from = peer.substr(0, peer.rfind(':'));
  if (limit_.admits({level, std::string(phrase), std::move(from), reason}, now)) {
    put(log_, level, phrase, {{"peer", peer}, {"reason", reason}});
  }
  arm();
}

void LimitedLog::tell(LineLimit::Clock::time_point now) {
  for (const auto& [line, times] : limit_.over(now)) {
    put(log_, line.level, line.phrase,
        {{"peer", line.from}, {"reason", line.reason}, {"more", "and " + std::to_string(times) + " more"}});
  }
}

void LimitedLog::arm() {
  auto next = limit_.next();
  if (closed_ || armed_ || !next) return;
  armed_ = true;
  timer_.expires_at(*next);
  timer_.async_wait([self = shared_from_this()](const boost::system::error_code& cancelled) {
    self->armed_ = false;
    if (cancelled) return;
    self->tell(LineLimit::Clock::now());
    self->arm();
  });
}

void LimitedLog::close() {
  if (std::exchange(closed_, true)) return;
  timer_.cancel();
  tell(LineLimit::Clock::time_point::max());
}

}  // namespace leat
