#include <leat/chunk/result.hpp>

namespace leat {

Error Error::in(std::string_view place) const {
  return {kind, std::string(place).append(": ").append(sentence), thrown};
}

Error Error::and_then(std::string_view more) const {
  return {kind, std::string(sentence).append(more), thrown};
}

}  // namespace leat
