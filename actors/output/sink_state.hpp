/// What a sink's snapshot says of the file it writes: how far it was when it was sealed last.
///
///   return Snapshot{{SinkState{file.size(), name, columns}.chunk(pool)}};   // snapshot()
///   SinkState state(from[0].chunk);                                         // restore()
///   return file.go_on_from(state.sealed, state.bytes);
#pragma once

#include <leat/actor/output_name.hpp>
#include <leat/chunk/chunk.hpp>
#include <leat/chunk/fields.hpp>

#include <cstdint>

namespace leat {

/// Plain; its chunk is a schema::CsvWritten. Threads: no state.
struct SinkState {
  std::uint64_t bytes = 0;  ///< of the file that was sealed last
  OutputName sealed;        ///< under this name
  Fields columns;           ///< those that rows have: names and types

  SinkState() = default;
  SinkState(std::uint64_t written, OutputName name, Fields fields)
      : bytes(written), sealed(std::move(name)), columns(std::move(fields)) {}
  explicit SinkState(const Chunk& chunk);
  Chunk chunk(Pool& pool) const;
};

}  // namespace leat
