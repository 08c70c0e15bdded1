/// What somebody has asked of a job's nodes, until all have answered or had their time. Pure.
#pragma once

#include <leat/cluster/membership.hpp>
#include <leat/cluster/sent.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace leat {

/// Threads: one at a time.
class PendingAnswers {
 public:
  /// At most so many are pending, of one asker one; a node has so long.
  static constexpr std::size_t kMost = 16;
  static constexpr std::chrono::milliseconds kWithin{1000};

  /// Asks each of the nodes but those that have been silent for so long already, who are not heard; what the asker has asked before is not answered any more. `own`: what the coordinator
  /// answers itself, the first, of node ""; "": nothing. Errors: overloaded.
  Result<void> ask(PeerId asker, const control::Ask& question, const std::vector<Member>& nodes, Instant now,
                   std::vector<Sent>& out, const std::string& own = "");
  void told(PeerId node, const control::Told& told, std::vector<Sent>& out);
  /// The asker, or a node, is gone.
  void gone(PeerId peer, std::vector<Sent>& out);
  void tick(Instant now, std::vector<Sent>& out);

 private:
  struct Asked {
    PeerId asker = 0;
    Instant since{0};
    std::map<PeerId, std::size_t> awaited;  // the place of their answer
    control::Answers answers;
  };

  void say_complete(std::vector<Sent>& out);

  std::map<std::uint64_t, Asked> asked_;  // by number
  std::uint64_t last_ = 0;
};

}  // namespace leat
