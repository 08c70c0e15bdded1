/// Sentences about lines that are no JSON objects, and values that their columns cannot hold. All say what works.
#pragma once

#include <leat/actors/csv/complaint.hpp>
#include <leat/chunk/fields.hpp>
#include <leat/chunk/result.hpp>

#include <string>
#include <string_view>

namespace leat::json {

using csv::Place;

/// What is wrong with a line.
enum class Broken {
  none,
  utf8,      ///< it is not UTF-8
  string,    ///< a string does not end
  object,    ///< the object does not
  control,   ///< a control character in a string that is not escaped
  trailing,  ///< something follows the object
  array,     ///< an array where the object belongs
  other,
};

/// What is wrong with a value.
enum class Wrong {
  type,     ///< it is a value of another type
  large,    ///< a number beyond the column's type
  rounded,  ///< an integer that an f64 does not hold as it is
  escape,   ///< a string with an escape that says nothing
  object,   ///< no object, or no array, where a column is in one
  twice,    ///< the field is there twice
};

/// `others`: there are lines that can be read, so that this one can be left out.
Error broken_line(Place place, Broken broken, std::string_view line, bool others = true);
/// `column`: its name. `value`: its JSON.
Error wrong_value(Place place, const std::string& column, ColumnType type, std::string_view value, Wrong wrong);

}  // namespace leat::json
