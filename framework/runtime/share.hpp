/// A node's share of a job: what the runtime needs when it does not have the whole.
#pragma once

#include <leat/actor/link_factory.hpp>
#include <leat/checkpoint/cut.hpp>
#include <leat/graph/placement.hpp>
#include <leat/actor/dead_letters.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace leat {

class JobCuts;

/// The node of a placed Plan that this process is, and its ways to the others. With a default one, a
/// plan without placement runs here as a whole.
struct Share {
  NodeId me = 0;
  LinkFactory* links = nullptr;  ///< outlives the job's cells
  /// One replica of a stage that others wait for (a gate) has ended here. Called from cells.
  std::function<void(StageId)> gate_ended = {};
  std::string job = {};          ///< as in OutputName: names what the job's sinks seal
  std::uint32_t epoch = 0;
  JobCuts* cuts = nullptr;  ///< what orders cuts through the job; outlives its cells; null: there are none
  /// A cut that the job goes on from: until it is built.
  std::shared_ptr<const Cut> restored = {};
  std::shared_ptr<DeadLetters> dead_letters = {};  ///< where stages' dead letters go; null: there are none
};

}  // namespace leat
