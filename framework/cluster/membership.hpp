/// Membership: who is in the cluster, and since when nobody has heard of them. Pure: time is passed in.
#pragma once

#include <leat/cluster/control.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace leat {

/// Milliseconds since any fixed moment.
using Instant = std::chrono::milliseconds;

/// "3.1 s".
std::string to_string(std::chrono::milliseconds time);

/// A node that has joined. What comes back under the same name is another member.
struct Member {
  PeerId peer = 0;
  control::Join joined;
  Instant heard{0};
  bool draining = false;
};

/// "node b (127.0.0.1:4711)".
std::string to_string(const Member& member);

/// Threads: one at a time.
class Membership {
 public:
  explicit Membership(std::chrono::milliseconds lost_after) : lost_after_(lost_after) {}

  /// Errors: overloaded while a member has the name, or the incarnation: it may be about to be lost.
  Result<void> join(PeerId peer, control::Join join, Instant now);
  void heard(PeerId peer, Instant now);
  void leave(PeerId peer);
  void drain(PeerId peer);

  /// Those nobody has heard of for too long. They stay members until they leave.
  std::vector<Member> silent(Instant now) const;

  const Member* find(PeerId peer) const;
  const Member* find(const std::string& name) const;
  /// In the order they joined.
  const std::vector<Member>& members() const { return members_; }
  /// What takes new jobs, those on `host` first, else in the order they joined.
  std::vector<Member> available(const std::string& host) const;

 private:
  std::chrono::milliseconds lost_after_;
  std::vector<Member> members_;
};

}  // namespace leat
