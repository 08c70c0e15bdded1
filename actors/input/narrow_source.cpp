#include <leat/actors/input/narrow_source.hpp>

#include <algorithm>

namespace leat {

Described narrow_source(const Description& whole, const ColumnNames& wanted) {
  Described made{whole, {0, whole.max_chunk}};
  if (!whole.fields_known) return made;
  Fields& fields = made.output.fields;
  std::erase_if(fields, [&](const Field& field) { return !wanted.has(field.name); });
  if (!fields.empty() || whole.fields.empty()) return made;
  fields.push_back(*std::min_element(whole.fields.begin(), whole.fields.end(), [](const Field& a, const Field& b) {
    return std::pair(in_heap(a.type), cell_bytes(a.type)) < std::pair(in_heap(b.type), cell_bytes(b.type));
  }));
  return made;
}

}  // namespace leat
