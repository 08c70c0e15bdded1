/// Discard: takes chunks and drops them. For benchmarks, and for graphs whose effect is elsewhere.
///
///   rows.sink("drop", leat::discard<leat::Table>());
///
/// Contract. In: any payload. Counts "chunks" and "bytes" (of messages). No errors, no state. Threads:
/// stateless, any number of replicas.
#pragma once

#include <leat/graph/declared_kind.hpp>

#include <memory>

namespace leat {

/// The actor behind it, whatever the payload.
std::unique_ptr<Actor> make_discard();

template <class P>
Kind<void, P> discard() {
  auto kind = stage_kind<void, P>("discard", "");
  kind.sharing = Sharing::stateless;
  kind.holds = Holds::nothing;
  kind.describe = [](const std::vector<Description>&) -> Result<Described> { return Described{}; };
  kind.actor = [](const Making&) { return make_discard(); };
  return kind;
}

DeclaredKind declared_discard();

}  // namespace leat
