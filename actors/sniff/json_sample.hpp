/// What the first lines of a file of JSON objects tell of the rest: which columns there are, and their types.
///
///   leat::json::Sample sample;
///   sample.add(R"({"id": 1, "user": {"name": "ann"}})");
///   sample.fields();   // id, I64; user.name, TEXT
///
/// An object in an object is no column, what is in it is; where a field holds objects in some lines and something else
/// in others, it is one column of text. So is an array. A column is I64, F64, BOOL, TIMESTAMP or TEXT by what its
/// values say, as a CSV file's are (sniff/guess.hpp): a number beyond what its type holds makes it TEXT, a date is text
/// in the form of one. Threads: one object, one thread.
#pragma once

#include <leat/actors/json/path.hpp>
#include <leat/actors/sniff/guess.hpp>
#include <leat/chunk/fields.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace leat::json {

/// Levels of objects and arrays that are looked into; what lies deeper is the text of its JSON.
inline constexpr std::size_t kMostDepth = 64;
/// Elements of an array that are looked at.
inline constexpr std::uint32_t kMostElements = 16;
/// Fields there may be, with those that are no columns.
inline constexpr std::size_t kMostFields = 4096;

/// A field that was there.
struct SampleField {
  FieldPath path;
  ColumnType type = ColumnType::TEXT;  ///< of a column of it, if it is asked for
  std::string name = {};               ///< of the column that it is; "" where it is none
};

class Sample {
 public:
  Sample();
  ~Sample();

  /// One line, in its order; of one that is no object nothing is taken. False for such a one.
  bool add(std::string_view line);
  /// In the order in which they were seen first. Names of columns are unique: the second of one name gets _2.
  std::vector<SampleField> fields() const;
  bool too_many() const;

 private:
  struct Reader;
  std::unique_ptr<Reader> reader_;
};

/// As notes of a Description have them, and back. Errors: what no source wrote.
std::string note_of(const std::vector<SampleField>& fields);
Result<std::vector<SampleField>> fields_noted(const std::string& note, const Fields& columns);

}  // namespace leat::json
