// What every bad program starts from: streams, payloads, and kinds that carry each.
#pragma once

#include <leat/graph/memory.hpp>
#include <leat/graph/stream.hpp>
#include <leat/schemas/chunk.capnp.h>

namespace leat {

using Number = Message<schema::Number>;

inline Stream<Number> numbers(Graph& graph) {
  return graph.source("numbers", from_memory<Number>({}));
}
inline Stream<Table> tables(Graph& graph) {
  return graph.source("tables", from_memory<Table>({}));
}
inline Kind<Table, Table> thin() { return stage_kind<Table, Table>("thin", ""); }
inline Kind<Table, Table, Number> pair() { return stage_kind<Table, Table, Number>("pair", ""); }
inline Kind<void, Table> discard() { return stage_kind<void, Table>("discard", ""); }

}  // namespace leat
