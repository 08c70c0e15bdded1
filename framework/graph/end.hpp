/// Ends: where a stream stops.
#pragma once

#include <leat/graph/graph.hpp>
#include <leat/graph/refused.hpp>

#include <cstdint>
#include <string>
#include <utility>

namespace leat {

/// A stage that ends a graph: what sink() returns.
class End {
 public:
  End(Graph graph, StageId stage) : graph_(std::move(graph)), stage_(stage) {}
  /// The sink takes no input before `other` has ended.
  template <class Q>
  End after(const Stream<Q>& other) const;
  End after(const Refused&) const { return *this; }
  End isolated() const;
  End blocking() const;
  End on(const std::string& label) const;
  End state(std::uint64_t bytes) const;

 private:
  Graph graph_;
  StageId stage_;
};

}  // namespace leat
