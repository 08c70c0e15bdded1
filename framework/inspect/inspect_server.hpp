/// Answers questions about this process on a socket of its own, whatever its other threads do.
#pragma once

#include <leat/chunk/result.hpp>
#include <leat/inspect/job_sockets.hpp>
#include <leat/inspect/question.hpp>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace leat::inspect {

/// Owns one thread, on which it is asked; who asks has the same user as this process. Threads: any.
///
/// What is bounded: kMostConnections at a time, the one that has been quiet the longest goes for one more; a question
/// of kMostQuestion bytes, said whole within kPatience of its first byte; an answer of kMostAnswer, taken within
/// kPatience; a connection without questions, kQuiet.
class InspectServer {
 public:
  static constexpr std::size_t kMostConnections = 32;
  static constexpr std::chrono::seconds kPatience{5};
  static constexpr std::chrono::seconds kQuiet{60};

  /// An object of JSON, on one line, without its end. Must not wait for what a stage can hold.
  using Answer = std::function<Result<std::string>(const Question&)>;

  /// Errors: those of JobSocket::claim().
  static Result<std::unique_ptr<InspectServer>> open(const std::filesystem::path& folder, Answer answer);
  virtual ~InspectServer() = default;

  virtual JobNumber number() const = 0;
  /// Calls it once on the server's thread, in so long; not at all when the server is destroyed before.
  virtual void after(std::chrono::milliseconds time, std::function<void()> call) = 0;
  /// How many connections there are.
  virtual std::size_t connections() const = 0;
};

}  // namespace leat::inspect
