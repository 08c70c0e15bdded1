/// What a process says of itself to whoever asks on its socket: one for each run, node and coordinator.
#pragma once

#include <leat/app/answers.hpp>
#include <leat/inspect/inspect_server.hpp>

#include <chrono>
#include <functional>
#include <memory>

namespace leat {

/// Answers on a socket for as long as it lives, which is shorter than what the process's functions refer to.
class Inspected {
 public:
  /// Errors: those of InspectServer::open(). Who cannot be asked runs nevertheless.
  static Result<std::unique_ptr<Inspected>> open(std::shared_ptr<Answers> answers);

  /// As InspectServer::after().
  void after(std::chrono::milliseconds time, std::function<void()> call) { server_->after(time, std::move(call)); }

 private:
  Inspected() = default;

  std::unique_ptr<inspect::InspectServer> server_;
};

}  // namespace leat
