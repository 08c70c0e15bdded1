#include <leat/actors/json/complaint.hpp>

namespace leat::json {
namespace {

constexpr std::string_view kLines = ", or leave out what cannot be read (option bad: drop)";
constexpr std::string_view kValues = "or choose what becomes of bad values (option bad: null, or drop for their rows)";

Error at(Place place, const std::string& sentence) {
  return corrupt(place.path + ":" + std::to_string(place.line) + ": " + sentence)
      .about({.file = place.path, .line = static_cast<std::size_t>(place.line)});
}

std::string a(ColumnType type) {
  std::string name(type_name(type));
  return (name[0] == 'f' || name[0] == 'i' ? "an " : "a ") + name;
}

std::string what_is(Broken broken) {
  switch (broken) {
    case Broken::utf8: return "the line is not UTF-8; save the file as UTF-8";
    case Broken::string: return "a string does not end on its line; close it, and write each object on one line";
    case Broken::object: return "the object does not end on its line; write each object whole, on one line";
    case Broken::control: return "a control character in a string is not escaped; write it as \\n, \\t or \\u0001";
    case Broken::trailing: return "something follows the object on its line; write each object on a line of its own";
    case Broken::array: return "the line holds an array and no object; write each of its elements on a line of its own";
    default: return "the line is no JSON object; mend it";
  }
}

// A string in quotes, anything else without.
std::string shown_json(std::string_view json) {
  bool string = json.size() > 1 && json.front() == '"' && json.back() == '"';
  std::string shown = csv::shown(string ? json.substr(1, json.size() - 2) : json);
  return string ? shown : shown.substr(1, shown.size() - 2);
}

std::string what_is(ColumnType type, std::string_view json, Wrong wrong) {
  std::string value = shown_json(json);
  std::string mend = ", declare the column as text (option types), ";
  switch (wrong) {
    case Wrong::large: return value + " is out of range for " + a(type) + "; mend it" + mend;
    case Wrong::rounded:
      return value + " is no number that an f64 holds as it is; declare the column as text, or as f64 to have it "
                     "rounded (option types), ";
    case Wrong::escape: return "the string " + value + " has an escape that says nothing; mend it, ";
    case Wrong::object:
      return value + " is there and no object or array with it; ask for the field that holds it as a column (option "
                     "columns), ";
    case Wrong::twice: return "the field is in one object twice; leave one out, ";
    default: return value + " is not " + a(type) + "; mend it" + mend;
  }
}

}  // namespace

Error broken_line(Place place, Broken broken, std::string_view line, bool others) {
  return at(place, what_is(broken) + std::string(others ? kLines : "") + ": " + csv::shown(line));
}

Error wrong_value(Place place, const std::string& column, ColumnType type, std::string_view value, Wrong wrong) {
  std::string quoted = csv::shown(column);
  std::string name = quoted == '"' + column + '"' ? column : quoted;
  return at(place, "column " + name + ": " + what_is(type, value, wrong) + std::string(kValues));
}

}  // namespace leat::json
