/// A picture of what changes, for all who watch it: see LatestText. Owns one thread, on which it is made.
#pragma once

#include <leat/gateway/event_log.hpp>
#include <leat/gateway/latest_text.hpp>

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace leat {

/// Threads: any.
class LivePicture {
 public:
  /// A picture, and whether it is another one by the time it is told: then the next is made as soon as may be, without an
  /// event.
  struct Made {
    std::string text;
    bool moves = false;
  };

  /// What the events tell, of that job or of all (0), has changed. `make`: the picture as it is, called on the thread,
  /// while somebody watches. The events live longer.
  LivePicture(EventLog& events, std::function<Made()> make, std::uint64_t job = 0);
  /// Nobody is sent anything any more. Waits for a picture that is being made.
  ~LivePicture();
  LivePicture(const LivePicture&) = delete;
  LivePicture& operator=(const LivePicture&) = delete;

  /// As of LatestText.
  std::uint64_t join(std::shared_ptr<WebSocket> socket, bool wants, LatestText::Until until, LiveForm form = LiveForm::json);
  void leave(std::uint64_t watcher);
  /// Nobody watches, and nothing is being made.
  bool rests() const;

 private:
  void run();
  void make(std::unique_lock<std::mutex>& lock);
  void changed();

  EventLog& events_;
  std::function<Made()> make_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  LatestText latest_;
  bool poked_ = false, ends_ = false, rests_ = false;
  std::thread thread_;
  std::uint64_t listener_ = 0;
};

}  // namespace leat
