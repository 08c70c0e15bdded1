/// Ends: where a stream stops.
#pragma once

#include <leat/graph/graph.hpp>
#include <leat/graph/outlets.hpp>
#include <leat/graph/refused.hpp>

#include <cstdint>
#include <string>
#include <utility>

namespace leat {

/// A stage that ends a graph: what sink() returns. Nothing can be done with it but to set it, so its
/// settings hold at once, and an end that is thrown away is none lost.
class End {
 public:
  End(const Graph& graph, StageId stage) : at_(graph, {stage}) {}
  /// The sink takes no input before `other` has ended.
  template <class Q>
  End after(const Stream<Q>& other) const;
  End after(const Refused&) const { return *this; }
  /// The others as those of a Stream.
  End isolated() const { return with({.isolated = true}); }
  End blocking() const { return with({.blocking = true}); }
  End on(const std::string& label) const { return with({.on = label}); }
  End state(std::uint64_t bytes) const { return with({.state = bytes}); }
  End dead_letters(std::uint64_t chunks) const { return with({.dead_letters = chunks}); }

 private:
  explicit End(streams::Outlets at) : at_(std::move(at)) { at_.settle(); }
  End with(const StageSettings& settings) const { return End(at_.with(settings)); }

  streams::Outlets at_;
};

}  // namespace leat
