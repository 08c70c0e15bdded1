/// Keys of objects as they lie in a line: which of a layout's fields they are.
#pragma once

#include <leat/actors/json/layout.hpp>

#include <simdjson.h>

#include <cstring>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace leat::json {

/// Threads: one. The layout must outlive it.
class Keys {
 public:
  explicit Keys(const ObjectLayout& layout);

  /// A key as it lies: from behind its quote on, up to where bytes can be read.
  struct Lying {
    const char* begin;
    const char* readable;
  };
  /// The member of `in` with this key; none: nullptr. `next`: the position of the one that is likely, 0 at first.
  const WantedField* find(const WantedField& in, Lying key, std::size_t& next, const simdjson::ondemand::parser& parser) {
    const auto& members = in.members;
    auto left = static_cast<std::size_t>(key.readable - key.begin);
    // Most lines have their fields in one order, and lack some.
    for (std::size_t at = next; at < members.size() && at < next + 2; ++at) {
      const std::string& quoted = members[at].quoted;
      if (quoted.empty() || quoted.size() > left || std::memcmp(key.begin, quoted.data(), quoted.size()) != 0) continue;
      next = at + 1;
      return &members[at];
    }
    return look_up(in, key.begin, next, parser);
  }

 private:
  void add(const WantedField& field);
  const WantedField* look_up(const WantedField& in, const char* key, std::size_t& next,
                             const simdjson::ondemand::parser& parser);

  std::vector<std::unordered_map<std::string_view, const WantedField*>> by_key_;  // of fields, by number
  std::string scratch_;
};

}  // namespace leat::json
