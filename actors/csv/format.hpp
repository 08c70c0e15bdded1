/// One cell as CSV text: the formats of csv::write.
///
///   std::string line;
///   leat::csv::append_text(line, "a \"b\"", ',');      // "a ""b""", in quotes
///   leat::csv::append_timestamp(line, 1'500'000'000);  // 1970-01-01T00:00:01.500Z
///
/// Contract. Everything is appended. Numbers are the shortest that read back as the same. Dates are
/// of the proleptic Gregorian calendar (H. Hinnant, "chrono-compatible low-level date algorithms",
/// 2013). Threads: no state.
#pragma once

#include <charconv>
#include <string>
#include <string_view>

#include <leat/chunk/table.hpp>

namespace leat::csv {

template <class T> void append_number(std::string& line, T number) {
  // A NaN may have a sign, which says nothing.
  if (number != number) {
    line += "nan";
    return;
  }
  char text[40];
  line.append(text, std::to_chars(text, text + sizeof text, number).ptr);
}

/// In quotes where it must be; an empty one always is.
void append_text(std::string& line, std::string_view text, char delimiter);

/// A column's name: in quotes also where it would be read otherwise, as spaces at its ends or a # at its beginning.
void append_name(std::string& line, std::string_view name, char delimiter);

/// A cell as another file has it, quotes and all; one that `delimiter` would cut is put in quotes.
void append_raw(std::string& line, std::string_view raw, char delimiter);

/// Nanoseconds since 1970 as ISO 8601, UTC.
void append_timestamp(std::string& line, std::int64_t nanoseconds);

/// Any cell that is not null. Bytes columns have no form.
void append_cell(std::string& line, const Table& table, std::size_t column, std::size_t row,
                 char delimiter);

}  // namespace leat::csv
