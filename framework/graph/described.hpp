/// What stages give, where several things say it: a kind, a stage's settings, streams that merge. Pure.
#pragma once

#include <leat/graph/graph.hpp>

namespace leat {

/// What a kind described, where the stage's settings say otherwise.
Described with_settings(const Stage& stage, Described described);

/// A source's.
Described described_as(Description description);

/// Makes `all` the fields of two streams that merge: a column may be null where it may be in one of them. False
/// where they are no columns of one name and type each.
bool take_in(Fields& all, const Fields& others);

/// Makes `all` what is said of two streams that merge, but for their fields. The note "path" then names both files.
void take_in(Description& all, const Description& other);

}  // namespace leat
