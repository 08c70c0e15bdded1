/// Job graphs without graphs, for simulated clusters.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <leat/cluster/job_graph.hpp>

namespace leat::testing {

/// A graph of one source on node 0 and cells on every node.
class SampleJobGraph final : public JobGraph {
 public:
  Result<std::map<StageId, NodeId>> sites(const std::vector<NodeSpec>&) const override { return {{{0, 0}}}; }
  Result<PlacedJob> place(const Graph::Probes& probes, const std::vector<NodeSpec>& nodes,
                          std::uint64_t, const Past& past) const override {
    if (placings) ++*placings;
    if (throws) throw 7;
    BOOST_TEST(probes.count(0) == 1u);
    if (past.placed != nodes.size() || !past.changes.empty()) return invalid("it cannot be changed");
    PlacedJob placed{"digest", {}, {}};
    for (std::size_t node = 0; node < nodes.size(); ++node) {
      placed.takes_part.push_back(!(spares_last && node + 1 == nodes.size()));
      placed.bounds.push_back({{{BoundTerm::What::process_base, "program", process}, {BoundTerm::What::state, "stage", own}}});
    }
    return placed;
  }
  std::uint64_t process = 0;  // of its bound on any node, in bytes
  std::uint64_t own = 1000;
  bool spares_last = false;
  bool throws = false;
  std::shared_ptr<int> placings = nullptr;  // how often it was placed
};

/// A source on node 0, and one pool of up to eight replicas, of which every node has one at first.
class ElasticJobGraph final : public JobGraph {
 public:
  static constexpr std::size_t kMost = 8;
  // Digests are the changes in so many words.
  static std::string digest(std::size_t placed, const std::vector<PoolChange>& changes) {
    std::string out = std::to_string(placed);
    for (const PoolChange& change : changes) {
      out += "gsa"[static_cast<int>(change.what)] + std::to_string(change.replica) + "@" + std::to_string(change.node);
    }
    return out;
  }
  // By replica: its node, and whether it has not been told to end.
  static std::vector<std::pair<NodeId, bool>> replicas(std::size_t placed, const std::vector<PoolChange>& changes) {
    std::vector<std::pair<NodeId, bool>> out;
    for (NodeId node = 0; node < placed; ++node) out.emplace_back(node, true);
    for (const PoolChange& change : changes) {
      if (change.what == PoolChange::What::grow) {
        BOOST_TEST(change.replica == out.size());
        out.emplace_back(change.node, true);
      } else {
        BOOST_REQUIRE(change.replica < out.size());
        BOOST_TEST(out[change.replica].second);
        out[change.replica].second = false;
      }
    }
    return out;
  }

  Result<std::map<StageId, NodeId>> sites(const std::vector<NodeSpec>&) const override { return {{{0, 0}}}; }
  Result<PlacedJob> place(const Graph::Probes&, const std::vector<NodeSpec>& nodes, std::uint64_t,
                          const Past& past) const override {
    auto all = replicas(past.placed, past.changes);
    PlacedJob placed{digest(past.placed, past.changes), {}, {}};
    ReplicaPool pool{{0, 1, kMost}, {1}, {}, std::vector<std::size_t>(nodes.size())};
    for (auto [node, live] : all) pool.live.at(node) += live;
    for (NodeId node = 0; node < nodes.size(); ++node) {
      placed.takes_part.push_back(node == 0 || pool.live[node] > 0);
      placed.bounds.push_back({{{BoundTerm::What::process_base, "program", process}, {BoundTerm::What::state, "stage", own}}});
      if (pool.size() < kMost) placed.possible.growths.push_back({PoolChange::What::grow, 0, all.size(), node});
    }
    for (std::size_t replica = 0; replica < all.size() && pool.size() > 1; ++replica) {
      auto [node, live] = all[replica];
      if (live) placed.possible.shrinkings.push_back({PoolChange::What::shrink, 0, replica, node});
    }
    placed.pools.push_back(std::move(pool));
    return placed;
  }
  std::uint64_t process = 0;  // of its bound on any node, in bytes
  std::uint64_t own = 1000;
};

}  // namespace leat::testing
