/// One connection of a server: questions in, answers out, a line each, in order.
#pragma once

#include <leat/inspect/descriptor.hpp>
#include <leat/inspect/inspect_server.hpp>

#include <chrono>
#include <string>

namespace leat::inspect {

/// Threads: one. Nothing here blocks.
class Conversation {
 public:
  using Clock = std::chrono::steady_clock;

  Conversation(Descriptor socket, Clock::time_point now) : socket_(std::move(socket)), since_(now) {}

  int descriptor() const { return socket_.get(); }
  /// For poll(): reads when nothing is left to write, else writes.
  short events() const;
  /// The socket is ready. False: the connection is over.
  bool go_on(const InspectServer::Answer& answer, Clock::time_point now);
  /// Says why, as far as the socket takes it at once.
  void refuse(const Error& why);
  /// When it has to go, unless it has moved by then.
  Clock::time_point until() const;
  /// Since when it has not moved.
  Clock::time_point since() const { return since_; }

 private:
  bool read();
  bool write();
  void take_line(const InspectServer::Answer& answer);

  Descriptor socket_;
  Clock::time_point since_;
  std::string in_;
  std::string out_;
  std::size_t written_ = 0;
  bool last_ = false;  // what is written is the last
};

}  // namespace leat::inspect
