/// A text of JSON that changes, for all who watch it: made at most ten times a second, encoded once for each form that somebody
/// wants, and of those that somebody has missed only the latest is sent.
///
///   if (latest.due(now)) latest.begin(now), latest.show(made());
///   latest.send(std::chrono::system_clock::now());
///   wait_until(latest.next(now));                  // or until it has changed, or somebody has joined
#pragma once

#include <leat/net/web_socket.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>

namespace leat {

/// How a watcher is sent it.
enum class LiveForm : std::uint8_t {
  json,  ///< as it is, a message of text
  cbor,  ///< the same value as CBOR (RFC 8949), a binary message
};

/// The same value as CBOR, what is no JSON as a text string. Pure.
std::string as_cbor(const std::string& json);

/// Time is given. Threads: one at a time.
class LatestText {
 public:
  using Clock = std::chrono::steady_clock;
  using Until = std::chrono::system_clock::time_point;
  static constexpr std::chrono::milliseconds kLeast{100};  ///< from one to the next
  static constexpr std::chrono::seconds kAgain{1};         ///< made again so often, while somebody watches, whatever was told

  /// A watcher, until it leaves; closed at `until`, when nobody knows it any more. One that does not want the text is
  /// watched over only.
  std::uint64_t join(std::shared_ptr<WebSocket> socket, bool wants, Until until, LiveForm form = LiveForm::json);
  void leave(std::uint64_t watcher) { watchers_.erase(watcher); }
  bool watched() const { return !watchers_.empty(); }

  /// It is not what was shown last any more. Whether that is news.
  bool changed() { return !std::exchange(stale_, true); }
  /// Whether it is to be made now.
  bool due(Clock::time_point now) const;
  /// It is being made: what changes from now on may not be in it.
  void begin(Clock::time_point now);
  /// What was made; nothing is sent of one that is as before.
  void show(std::string text);
  /// Sends it to those who do not have it, and have taken all that they were sent before.
  void send(Until now);
  /// When there may be something to do again.
  Clock::time_point next(Clock::time_point now) const;

 private:
  struct Watcher {
    std::shared_ptr<WebSocket> socket;
    bool wants = true;
    Until until;
    LiveForm form = LiveForm::json;
    std::uint64_t has = 0;  // which it was sent last
  };

  std::map<std::uint64_t, Watcher> watchers_;
  std::uint64_t joined_ = 0, shown_ = 0;
  std::shared_ptr<const std::string> text_;
  std::shared_ptr<const std::string> packed_;  // the same as CBOR, once somebody has wanted it
  Clock::time_point made_ = Clock::time_point::min();
  bool stale_ = true;
};

}  // namespace leat
