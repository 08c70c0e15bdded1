/// Dead letters: chunks that a stage could not work on, put aside so that the job goes on.
#pragma once

#include <leat/actor/frame.hpp>
#include <leat/actor/output_name.hpp>
#include <leat/chunk/chunk.hpp>
#include <leat/chunk/result.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace leat {

/// A chunk, and why it was put aside.
struct DeadLetter {
  std::string stage;
  std::size_t replica = 0;
  std::size_t port = 0;        ///< input it came in on
  std::uint64_t position = 0;  ///< of the step that threw: what came before it has been emitted
  std::string source;          ///< the stage that gave it, or what it was made of; "": not known
  std::uint64_t number = 0;    ///< as the source counts, from 0
  std::string reason;
  PayloadType type;
  Chunk chunk;
};

/// Where a job's dead letters go: staged like output, and visible once the job commits. Threads: any.
class DeadLetters {
 public:
  virtual ~DeadLetters() = default;

  virtual Result<void> add(const DeadLetter& letter) = 0;
  /// As those of Actor, for all that was added.
  virtual Result<void> seal(const OutputName& name) = 0;
  virtual Result<void> commit(const OutputName& name) = 0;
  virtual Result<void> abort(const OutputName& name) = 0;
};

/// Makes the place of one job's letters, in one process; `name` is unlike any other job's.
using DeadLetterPlace = std::function<std::shared_ptr<DeadLetters>(const std::string& name)>;

}  // namespace leat
