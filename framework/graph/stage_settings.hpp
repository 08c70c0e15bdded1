/// Settings of a stage that is in a graph: what a stream, an end or a graph written as text says of it.
#pragma once

#include <leat/graph/graph.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace leat {

/// What is not said stays as it is.
struct StageSettings {
  std::vector<StageId> after = {};  ///< gates to add
  bool isolated = false;
  bool blocking = false;  ///< and isolated
  std::optional<std::string> on = {};
  std::optional<std::uint64_t> state = {};       ///< bytes
  std::optional<std::uint64_t> max_output = {};  ///< bytes
  std::optional<std::uint64_t> dead_letters = {};

  /// Sets them. A label goes to the stage's combiner as well, unless that one was given another.
  void apply(Graph graph, StageId stage) const;
};

}  // namespace leat
