/// Kinds and sources for tests of graphs: they describe, and are never run.
#pragma once

#include <string>

#include <boost/test/unit_test.hpp>

#include <leat/graph/memory.hpp>
#include <leat/graph/stream.hpp>
#include <leat/schemas/chunk.capnp.h>

namespace leat::testing {

using Number = Message<schema::Number>;

/// A source that says what it will give and never gives it.
struct Silent final : Source {
  explicit Silent(Description d) : description(std::move(d)) {}
  Result<Description> probe() override { return description; }
  Result<Step> pull(Outbox&) override { return Step::done; }
  Description description;
};

template <class P> Kind<P> source_of(Fields fields, std::uint64_t max_chunk = 1 << 16) {
  auto kind = stage_kind<P>("test.source", "");
  Description description;
  description.fields = std::move(fields);
  description.max_chunk = max_chunk;
  kind.source = [description] { return std::make_unique<Silent>(description); };
  return kind;
}
inline Kind<Number> numbers(std::uint64_t max_chunk = 1 << 16) {
  return source_of<Number>({}, max_chunk);
}
inline Kind<Table> tables(Fields fields) {
  return source_of<Table>(std::move(fields));
}

struct Pass final : Actor {
  Result<Step> visit(Visit& visit, Outbox& out) override {
    out.emit(visit.take());
    return Step::done;
  }
};

/// One chunk in, one out, of a declared sharing.
template <class P> Kind<P, P> passing(Sharing sharing = Sharing::stateless) {
  auto kind = stage_kind<P, P>("test.pass", "");
  kind.sharing = sharing;
  kind.actor = [](const Making&) { return std::make_unique<Pass>(); };
  return kind;
}

/// Two streams into one; the second is a build side.
template <class P> Kind<P, P, P> joining(bool whole_first = true) {
  auto kind = stage_kind<P, P, P>("test.join", "");
  kind.inputs[1].whole_first = whole_first;
  kind.actor = [](const Making&) { return std::make_unique<Pass>(); };
  return kind;
}

inline auto drop() {
  return [](const Number&) {};
}
inline auto drop_table() {
  return [](const Table&) {};
}
inline auto same() {
  return [](Number n) { return n; };
}

inline std::string sentence(const Graph& graph) {
  auto checked = graph.check();
  return checked ? "" : checked.error().sentence;
}

/// Requires a part of the sentence that check() refuses a graph with.
inline void refused(const Graph& graph, const std::string& part) {
  std::string said = sentence(graph);
  BOOST_TEST(said.find(part) != std::string::npos, "expected: " << part << "\ngot: " << said);
  auto checked = graph.check();
  if (!checked) BOOST_TEST((checked.error().kind == ErrorKind::invalid));
}

}  // namespace leat::testing
