/// Limit: the first rows of a stream.
///
///   rows.map("ten", leat::limit(10));
///
/// Contract. In and out: Tables; exactly the first n rows in the order of the source, or all where there are fewer;
/// they keep their numbers. They are the same whatever the replicas: the stage has one, and a graph in which a stage
/// above has several that keep no order, or in which streams are merged above, is refused before the start; say of that
/// stage that it is ordered. A source on its node that feeds nothing else ends early: what lies beyond is not read, nor
/// what is wrong in it found. What comes nevertheless is dropped. State: a count, which a snapshot holds. Errors: n
/// below 1.
#pragma once

#include <leat/chunk/table.hpp>
#include <leat/graph/declared_kind.hpp>

#include <cstdint>

namespace leat {

Kind<Table, Table> limit(std::uint64_t rows);
DeclaredKind declared_limit();

}  // namespace leat
