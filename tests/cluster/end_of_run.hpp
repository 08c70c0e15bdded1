/// What must hold when a simulated cluster has come to rest.
#pragma once

#include "cluster/simulated_cluster.hpp"

namespace leat::testing {

inline bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// At the end of any run, whatever happened in it.
inline void check_end(SimulatedCluster& cluster) {
  BOOST_TEST(cluster.core->idle());
  BOOST_TEST(cluster.running_anywhere() == 0u);
  for (const auto& [peer, submitter] : cluster.submitters) {
    if (submitter.alive) BOOST_TEST(submitter.outcomes.size() + submitter.refused.size() == 1u);
    BOOST_TEST(submitter.outcomes.size() <= 1u);
    auto* report = report_of(submitter);
    if (!report || report->ending != Ending::complete || cluster.submitters.size() > 1) continue;
    for (PeerId node : cluster.deployed[1]) BOOST_TEST(cluster.nodes[node].committed.count(1) == 1u);
  }
  for (const auto& [peer, node] : cluster.nodes) {
    for (JobId job : node.committed) BOOST_TEST(cluster.told_to_commit[job].count(peer) == 1u);
  }
}

}  // namespace leat::testing
