/// Descriptions: what is known of a stream before its first chunk.
#pragma once

#include <leat/chunk/fields.hpp>

#include <cstdint>
#include <map>
#include <string>

namespace leat {

/// Filled by a source's probe, passed through every stage's describe, read by check, plan and make.
struct Description {
  Fields fields;            ///< columns, where the payload is a Table; else empty
  bool fields_known = true; ///< false behind a lambda: its columns show only when it runs
  std::uint64_t bytes = 0;  ///< the source's size in bytes; 0 when unknown
  std::uint64_t rows = 0;   ///< the source's rows; 0 when unknown
  std::uint64_t max_chunk = std::uint64_t{512} << 10;  ///< footprint of one chunk, at most, in bytes
  std::uint64_t state = 0;  ///< heap the source holds between pulls, in bytes: its Needs::state
  std::map<std::string, std::string> notes;  ///< what else is told below (a delimiter; "unread")
};

/// What a stage needs besides its inputs, in bytes: terms of the memory bound, enforced at run time.
struct Needs {
  std::uint64_t state = 0;       ///< chunks kept and heap held between visits
  std::uint64_t max_output = 0;  ///< footprint of all it emits in one step
};

}  // namespace leat
