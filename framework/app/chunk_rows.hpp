/// Rows of chunks as text: what tap shows of a job, and dead-letter show of a letter.
#pragma once

#include <leat/chunk/chunk.hpp>
#include <leat/chunk/result.hpp>
#include <leat/chunk/table.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace leat {

/// The first rows of a chunk, at most `most`: a table's, or the lines of a block of text; of another payload one, as
/// message_row() has it. Each an object of JSON on one line, {"columns": [...], "cells": [...]}: of a table wider than
/// kMostTapped its first columns, of a text longer than kMostCell its beginning with a "~". A cell is a number, true,
/// false, a text or null, of another payload also an array or an object; bytes are counted. Pure.
Result<std::vector<std::string>> tapped_rows(const Chunk& chunk, std::size_t most);
inline constexpr std::size_t kMostTapped = 256;
inline constexpr std::size_t kMostCell = 256;

/// The text, or its beginning with a "~", not cut in the middle of a character.
std::string short_text(std::string_view text);

/// Of such objects, those that follow one with the columns `before`, which becomes those of the last: CSV for people, with
/// a header where the columns are others than before.
std::string rows_text(const std::vector<std::string>& rows, std::string& before);
/// The same, an object of JSON a line: {"type": "row", "version": 1, "place": ..., "row": {...}}. `node`: which has
/// emitted it; "": there is but one.
std::string rows_json(const std::vector<std::string>& rows, const std::string& place, const std::string& node);

/// All of a table, as CSV.
std::string table_text(const Table& table);

/// Lines and tabs stay; what else a terminal would obey is shown.
std::string for_people(const std::string& lines);

}  // namespace leat
