/// One value of JSON, as each type of a column has it. Threads: any.
#pragma once

#include <leat/actors/json/complaint.hpp>

#include <simdjson.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace leat::json {

/// Without what JSON has between its tokens, at both ends.
std::string_view without_blanks(std::string_view text);

/// A number, true, false or null, and nothing else.
bool is_scalar(std::string_view token);

/// An integer that was read as `number`, which is another one.
bool is_rounded(std::string_view token, double number);

/// What a number, true or false says, into cell `row` of a column that is not text. False, with `wrong` set and
/// nothing written, when it is no value of the type.
bool read_scalar(std::string_view token, ColumnType type, std::byte* cells, std::size_t row, Wrong& wrong);
/// The same of a string's content: a timestamp is one.
bool read_string(std::string_view content, ColumnType type, std::byte* cells, std::size_t row, Wrong& wrong);

/// What a string of `size` bytes with escapes says, which begins with its quote at `quote`; it is kept in `scratch`.
/// False where an escape says nothing. simdjson reads, and writes, some bytes more.
bool unescaped(const simdjson::ondemand::parser& parser, const char* quote, std::size_t size, std::string& scratch,
               std::string_view& text);

}  // namespace leat::json
