/// Whether bytes from outside are a chunk that may be read without checks. Pure.
#pragma once

#include <leat/chunk/chunk.hpp>
#include <leat/chunk/result.hpp>

#include <cstddef>
#include <span>

namespace leat {

/// One flat Cap'n Proto message, readable unchecked as any type: every pointer stays inside, none is far
/// or a capability, at most 16 deep, and at most four times its words are reached in all, so that no
/// reader is led in circles. `message` begins at a multiple of 8. Errors: corrupt.
Result<void> validate_message(std::span<const std::byte> message);

/// A message that validate_message found sound, as a schema::Table: every offset, length, code and stride
/// that readers trust lies inside its body, and cells are aligned. `message` begins at a multiple of 64.
/// Errors: corrupt.
Result<void> validate_table(std::span<const std::byte> message);

/// validate_message, and validate_table where that is its type.
Result<void> validate(const Chunk& chunk);

}  // namespace leat
