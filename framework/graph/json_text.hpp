/// JSON as all of leat's files and answers have it.
#pragma once

#include <string>
#include <string_view>

namespace leat {

/// `json`, of nlohmann's, on one line; what is not UTF-8 in its texts is replaced (U+FFFD). A template, so that who
/// includes leat's headers needs none of that library's.
template <class Json>
std::string json_text(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// The text of an object, of one member at least, with a member more, whose value is `json`.
inline std::string with_member(std::string object, std::string_view name, std::string_view json) {
  object.pop_back();
  return object.append(",\"").append(name).append("\":").append(json).append("}");
}

}  // namespace leat
