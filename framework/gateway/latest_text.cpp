#include <leat/gateway/latest_text.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace leat {

std::string as_cbor(const std::string& json) {
  auto value = nlohmann::ordered_json::parse(json, nullptr, false);
  std::string out;
  nlohmann::ordered_json::to_cbor(value.is_discarded() ? nlohmann::ordered_json(json) : value, out);
  return out;
}

std::uint64_t LatestText::join(std::shared_ptr<WebSocket> socket, bool wants, Until until, LiveForm form) {
  watchers_.emplace(++joined_, Watcher{std::move(socket), wants, until, form, 0});
  return joined_;
}

bool LatestText::due(Clock::time_point now) const {
  if (!watched()) return false;
  if (!text_) return true;
  return now - made_ >= (stale_ ? kLeast : std::chrono::milliseconds(kAgain));
}

void LatestText::begin(Clock::time_point now) {
  made_ = now;
  stale_ = false;
}

void LatestText::show(std::string text) {
  if (text_ && *text_ == text) return;
  text_ = std::make_shared<const std::string>(std::move(text));
  packed_.reset();
  ++shown_;
}

void LatestText::send(Until now) {
  for (auto& [id, watcher] : watchers_) {
    if (now >= watcher.until) {
      watcher.socket->close("what it was asked with is not good any more");
      watcher.wants = false;
      watcher.until = Until::max();
    }
    if (!watcher.wants || watcher.has == shown_ || watcher.socket->unsent() > 0) continue;
    watcher.has = shown_;
    bool packed = watcher.form == LiveForm::cbor;
    if (packed && !packed_) packed_ = std::make_shared<const std::string>(as_cbor(*text_));
    watcher.socket->send(packed ? packed_ : text_, packed);
  }
}

LatestText::Clock::time_point LatestText::next(Clock::time_point now) const {
  if (!watched()) return Clock::time_point::max();
  bool behind = std::any_of(watchers_.begin(), watchers_.end(), [&](const auto& one) { return one.second.wants && one.second.has != shown_; });
  Clock::time_point made_again = text_ ? made_ + (stale_ ? kLeast : std::chrono::milliseconds(kAgain)) : now;
  return behind ? std::min(made_again, now + kLeast) : made_again;
}

}  // namespace leat
