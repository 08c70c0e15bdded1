/// Lines in text: where they end. A line ends with LF; a CR before it belongs to the end. Threads: any.
#pragma once

#include <leat/actors/input/record_blocks.hpp>
#include <leat/chunk/fields.hpp>

#include <cstdint>
#include <string_view>
#include <vector>

namespace leat::text {

std::uint64_t count_lf(std::string_view text);

/// Cuts a piece after its last LF, or at its end where it is the last; every line is a row. Errors: one that is longer
/// than `most` bytes, which the option max_line allows; an end without LF in a file that grows.
Result<RecordBlocks::Cut> cut_lines(const RecordBlocks::Piece& piece, std::size_t most);

/// The first `most` lines of `text`, without their ends, as parts of it; returns the bytes they take.
std::size_t split_lines(std::string_view text, std::size_t most, std::vector<Span>& lines);

}  // namespace leat::text
