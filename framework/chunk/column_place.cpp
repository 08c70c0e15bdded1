#include <leat/chunk/column_place.hpp>

namespace leat {

ColumnPlace place_of(const Table& table, std::size_t column) {
  auto root = table.chunk().root<schema::Table>();
  auto described = root.getColumns()[static_cast<capnp::uint>(column)];
  auto* body = reinterpret_cast<const std::byte*>(root.getBody().begin());
  auto spans = [&](std::uint64_t at) { return at == 0 ? nullptr : reinterpret_cast<const Span*>(body + at); };
  ColumnPlace place;
  place.type = described.getType();
  place.cells = body + described.getCells();
  if (described.getValidity() != 0) place.validity = reinterpret_cast<const std::uint8_t*>(body + described.getValidity());
  place.dictionary = spans(described.getDictionary());
  place.dictionary_size = described.getDictionarySize();
  place.heap = reinterpret_cast<const char*>(body + root.getHeap());
  place.heap_size = root.getHeapSize();
  place.raw = spans(described.getRaw());
  return place;
}

}  // namespace leat
