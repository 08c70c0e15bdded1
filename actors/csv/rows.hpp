/// Rows of CSV text into a Table's columns: the parser's inner loop.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <leat/actors/csv/layout.hpp>
#include <leat/actors/csv/record.hpp>
#include <leat/actors/csv/values.hpp>
#include <leat/chunk/table_builder.hpp>

namespace leat::csv {

/// Text of a block, or what is left of it.
struct Text {
  const char* begin;   ///< of the block
  const char* at;      ///< where the next record, or a line end before it, starts
  const char* end;     ///< of the block
  std::uint64_t line;  ///< of the file, at `begin`
  const std::string* path = nullptr;  ///< the file's, for complaints
};

/// Where the numbers of rows go, and how many lines after text.line they begin; nullptr: nowhere.
struct RowPlaces {
  std::uint64_t* numbers = nullptr;
  std::uint32_t* lines = nullptr;
};

/// What a filled Table took.
struct Filled {
  std::size_t records = 0;  ///< of the text
  std::size_t rows = 0;     ///< of the Table
  std::size_t nulls = 0;
  std::size_t dropped = 0;
};

/// Threads: one. The layout must outlive it.
class RowReader {
 public:
  explicit RowReader(const ColumnLayout& layout);

  /// Reads up to `most` records into `builder`, which has room for them, and moves text.at past
  /// them. Row numbers count from `first`; without a place for them it stops before the first row that must be
  /// dropped, with dropped == 1. Errors: a bad cell or row, under BadCells::fail.
  Result<Filled> fill(TableBuilder& builder, Text& text, std::size_t most, std::uint64_t first, RowPlaces places);
  /// Of the Table filled last, by its columns.
  const std::vector<std::size_t>& nulls() const { return nulls_of_; }

 private:
  enum class RowState { kept, dropped, failed };

  // Each reads from `at` and returns the start of the next cell; nullptr when the row is over, with
  // state_ and text_.at set.
  const char* read_run(const char* at, const Run& run);
  /// `short_form(at, end, value)` and `long_form` give the byte after a number, or nullptr.
  template <class T, class Short, class Long>
  const char* read_numbers(const char* at, const Run& run, Short short_form, Long long_form);
  template <bool carried, class T, class Short, class Long>
  const char* read_numbers(const char* at, const Run& run, Short short_form, Long long_form);
  const char* read_texts(const char* at, const Run& run);
  void carry(std::size_t column, const char* at, const char* end);
  const char* skip(const char* at, std::size_t first, std::size_t last);
  const char* read_general(const char* at, std::size_t column);

  void read_row();
  void keep_row();
  std::uint64_t lines_before(const char* record);

  bool is_null(const Cell& cell, const FileColumn& column) const;
  Reading convert(const Cell& cell, const FileColumn& column);
  bool take(const char* at, const Cell& cell, std::size_t column);
  bool take_bad(const Cell& cell, const FileColumn& column, Reading went);
  void short_row(const char* at, std::size_t cells);
  void long_row(const char* at);
  const char* end_of_record(const char* at) const;
  std::uint64_t line_of(const char* at) const;

  const ColumnLayout& layout_;
  TableBuilder* builder_ = nullptr;
  Text text_{};
  std::size_t row_ = 0;  // of the Table
  RowState state_ = RowState::kept;
  std::vector<std::byte*> cells_;   // by column of the file; nullptr where not wanted
  std::vector<std::uint8_t> long_;  // columns whose numbers are no short decimals
  std::vector<std::size_t> nulls_;  // output columns of this row's nulls
  std::vector<std::size_t> nulls_of_;  // by output column: of the Table
  const char* counted_to_ = nullptr;  // up to here line ends have been counted
  std::uint64_t counted_ = 0;
  std::string scratch_;
  Error error_;
};

}  // namespace leat::csv
