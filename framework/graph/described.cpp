#include <leat/graph/described.hpp>

#include <leat/actor/saturating.hpp>

#include <algorithm>
#include <utility>

namespace leat {

Described with_settings(const Stage& stage, Described described) {
  if (stage.state) described.needs.state = *stage.state;
  if (auto most = stage.max_output) {
    described.needs.max_output = *most;
    // What a lambda emits nobody else knows; a kind has said how large its chunks are.
    bool open = stage.kind.opaque || (!stage.kind.describe && !stage.kind.source);
    described.output.max_chunk = open ? *most : std::min(described.output.max_chunk, *most);
  }
  return described;
}

Described described_as(Description description) {
  Needs needs{std::exchange(description.state, 0), description.max_chunk};
  return {std::move(description), needs};
}

bool take_in(Fields& all, const Fields& others) {
  auto alike = [](const Field& a, const Field& b) {
    return a.name == b.name && a.type == b.type && a.dictionary == b.dictionary;
  };
  if (!std::equal(all.begin(), all.end(), others.begin(), others.end(), alike)) return false;
  for (std::size_t i = 0; i < all.size(); ++i) all[i].nullable = all[i].nullable || others[i].nullable;
  return true;
}

void take_in(Description& all, const Description& other) {
  all.bytes = plus(all.bytes, other.bytes);
  all.rows = plus(all.rows, other.rows);
  all.max_chunk = std::max(all.max_chunk, other.max_chunk);
  all.fields_known = all.fields_known && other.fields_known;
  auto mine = all.notes.find("path");
  auto theirs = other.notes.find("path");
  if (mine == all.notes.end()) return;
  if (theirs == other.notes.end()) {
    all.notes.erase(mine);
  } else if (mine->second != theirs->second) {
    mine->second += " or " + theirs->second;
  }
}

}  // namespace leat
