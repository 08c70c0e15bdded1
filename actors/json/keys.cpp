#include <leat/actors/json/keys.hpp>

#include <leat/actors/json/value.hpp>

namespace leat::json {

Keys::Keys(const ObjectLayout& layout) : by_key_(layout.fields) { add(layout.root); }

void Keys::add(const WantedField& field) {
  for (const WantedField& member : field.members) {
    by_key_[field.number].emplace(member.step.key, &member);
    add(member);
  }
  for (const WantedField& element : field.elements) add(element);
}

// A quote ends it: simdjson has seen that there is one.
const WantedField* Keys::look_up(const WantedField& in, const char* key, std::size_t& next,
                                 const simdjson::ondemand::parser& parser) {
  const char* end = key;
  bool escaped = false;
  for (; *end != '"'; ++end) {
    if (*end != '\\') continue;
    escaped = true;
    ++end;
  }
  std::string_view text(key, static_cast<std::size_t>(end - key));
  if (escaped && !unescaped(parser, key - 1, text.size(), scratch_, text)) return nullptr;
  const auto& by_key = by_key_[in.number];
  auto found = by_key.find(text);
  if (found == by_key.end()) return nullptr;
  next = static_cast<std::size_t>(found->second - in.members.data()) + 1;
  return found->second;
}

}  // namespace leat::json
