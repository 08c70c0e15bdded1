/// Lines of JSON objects into a Table's columns: the parser's inner loop.
#pragma once

#include <leat/actors/csv/rows.hpp>
#include <leat/actors/json/complaint.hpp>
#include <leat/actors/json/layout.hpp>
#include <leat/chunk/table_builder.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace leat::json {

using csv::Filled;
using csv::Text;

/// Values are found and numbers read by simdjson's On-Demand (Keiser and Lemire, "On-Demand JSON", 2024), which looks
/// at what is wanted; of the rest only that brackets and quotes match. Threads: one. The layout must outlive it.
class ObjectReader {
 public:
  explicit ObjectReader(const ObjectLayout& layout);
  ~ObjectReader();

  /// Heap that one holds that has read lines of up to `longest` bytes.
  static std::uint64_t memory(std::uint64_t longest);

  /// Reads up to `most` lines that are not blank into `builder`, which has room for them, and moves text.at past
  /// them. `file`: for sentences. `numbers`: where the row numbers go, counted from `first`; nullptr: stops before
  /// the first row that must be dropped, with dropped == 1. Errors: what cannot be read, under BadCells::fail.
  Result<Filled> fill(TableBuilder& builder, Text& text, const std::string& file, std::size_t most, std::uint64_t first,
                      std::uint64_t* numbers);
  /// Of the Table filled last, by its columns.
  const std::vector<std::size_t>& nulls() const;
  /// Of the Table filled last: fields that no line of the sample had.
  std::size_t others() const;

 private:
  class Reading;
  std::unique_ptr<Reading> reading_;
};

}  // namespace leat::json
