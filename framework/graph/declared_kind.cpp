#include <leat/graph/declared_kind.hpp>

namespace leat {

OptionValues stand_ins(const std::vector<Option>& options) {
  OptionValues values;
  for (const Option& option : options) values.set(option.name, stand_in(option));
  return values;
}

}  // namespace leat
