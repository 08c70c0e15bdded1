/// Streams of numbers for tests that run graphs.
#pragma once

#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <leat/graph/memory.hpp>
#include <leat/graph/stream.hpp>
#include <leat/runtime/run.hpp>
#include <leat/schemas/chunk.capnp.h>

namespace leat::testing {

using Number = Message<schema::Number>;

inline Number number(Pool& pool, std::uint64_t value) {
  Building<schema::Number> building(pool);
  building.root().setValue(value);
  return Number(std::move(building).finish());
}
inline std::uint64_t value(const Chunk& chunk) {
  return chunk.root<schema::Number>().getValue();
}

/// A source of 0, 1, 2 ... below `end`.
inline auto counting(std::uint64_t end) {
  return [at = std::uint64_t{0}, end](Out<Number>& out) mutable -> bool {
    if (at == end) return false;
    out.emit(number(out.pool(), at++));
    return true;
  };
}

inline std::vector<std::uint64_t> values(Collected<Number>& collected) {
  std::vector<std::uint64_t> out;
  for (const Number& n : collected.take())
    out.push_back(n.read().getValue());
  return out;
}

/// A sink that keeps what comes, in the order it comes in.
struct Gather final : Actor {
  explicit Gather(std::vector<std::uint64_t>& to) : into(to) {}
  Result<Step> visit(Visit& visit, Outbox&) override {
    into.push_back(value(visit.chunk));
    return Step::done;
  }
  std::vector<std::uint64_t>& into;
};

inline std::vector<std::uint64_t> upto(std::uint64_t end) {
  std::vector<std::uint64_t> out(end);
  std::iota(out.begin(), out.end(), std::uint64_t{0});
  return out;
}

inline auto same() {
  return [](Number n) { return n; };
}

/// The sentence a run fails with; "" when it does not.
inline std::string failure(const Graph& graph, RunOptions options = {.threads = 2}) {
  auto report = leat::run(graph, std::move(options));
  return report ? "" : report.error().sentence;
}

/// A kind around an actor class, made with `arguments` for every replica.
template <class A, class Q, class... P, class... Arguments>
Kind<Q, P...> kind_of(Sharing sharing, Arguments... arguments) {
  auto kind = stage_kind<Q, P...>("test", "");
  kind.sharing = sharing;
  kind.actor = [=](const Making&) { return std::make_unique<A>(arguments...); };
  return kind;
}

}  // namespace leat::testing
