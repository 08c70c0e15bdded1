/// JSON as all of leat's files and answers have it.
#pragma once

#include <string>

namespace leat {

/// `json`, of nlohmann's, on one line; what is not UTF-8 in its texts is replaced (U+FFFD). A template, so that who
/// includes leat's headers needs none of that library's.
template <class Json>
std::string json_text(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace leat
