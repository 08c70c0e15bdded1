/// What sources share that need not give all of their columns.
///
///   kind.narrow = [](const std::vector<Description>& inputs, const ColumnNames& wanted) -> Result<Described> {
///     return narrow_source(inputs[0], wanted);
///   };
#pragma once

#include <leat/actor/description.hpp>
#include <leat/graph/column_names.hpp>
#include <leat/graph/kind.hpp>

namespace leat {

/// A source's description with those columns alone that are wanted; with one where none is, as rows have to be
/// counted by something. Pure.
Described narrow_source(const Description& whole, const ColumnNames& wanted);

}  // namespace leat
