#include <leat/gateway/cluster_room.hpp>

#include <leat/chunk/one_line.hpp>
#include <leat/graph/bound.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iterator>
#include <limits>
#include <string_view>

namespace leat {
namespace {

using Json = nlohmann::ordered_json;

bool runs(const ClusterRoom::Job& job) {
  constexpr std::string_view kRuns[] = {"running", "draining", "publishing", "committing", "leaving"};
  return std::find(std::begin(kRuns), std::end(kRuns), job.phase) != std::end(kRuns);
}

std::string called(const ClusterRoom::Job& job) { return "its job " + std::to_string(job.number) + " (" + one_line(job.graph) + ")"; }

}  // namespace

Result<ClusterRoom> parse_cluster_room(const std::string& text) {
  Json json = Json::parse(text, nullptr, false);
  try {
    ClusterRoom room;
    for (const Json& node : json.at("nodes")) room.nodes.push_back({node.at("name"), node.at("memory"), node.at("draining")});
    for (const Json& job : json.at("jobs")) room.jobs.push_back({job.at("id"), job.at("graph"), job.at("phase"), job.at("why")});
    return room;
  } catch (const Json::exception&) {
    return corrupt("what it says is no status of a cluster");
  }
}

std::string wait_for_sent(const std::vector<SentJob>& sent) {
  for (const SentJob& one : sent) {
    if (one.number == 0) return "job " + std::to_string(one.id) + " is on its way there";
  }
  return "";
}

std::string wait_for_cluster(const ClusterRoom& room, const std::vector<SentJob>& sent, std::uint64_t memory) {
  auto takes = [](const ClusterRoom::Node& node) { return !node.draining; };
  if (std::none_of(room.nodes.begin(), room.nodes.end(), takes)) {
    return room.nodes.empty() ? "no node has joined it" : "all its nodes drain";
  }
  if (std::string coming = wait_for_sent(sent); !coming.empty()) return coming;
  std::uint64_t held = 0;
  for (const ClusterRoom::Job& job : room.jobs) {
    if (!runs(job)) return called(job) + " does not run yet: it is " + one_line(job.phase) + (job.why.empty() ? "" : " " + one_line(job.why));
    auto own = std::find_if(sent.begin(), sent.end(), [&](const SentJob& one) { return one.number == job.number; });
    if (own == sent.end()) return called(job) + " is not of this service, so that nobody knows how much room it leaves";
    held += std::min(own->memory, std::numeric_limits<std::uint64_t>::max() - held);
  }
  if (room.jobs.empty()) return "";
  std::uint64_t most = 0;
  for (const ClusterRoom::Node& node : room.nodes) {
    if (takes(node) && node.memory > held) most = std::max(most, node.memory - held);
  }
  if (memory <= most) return "";
  std::string jobs = std::to_string(room.jobs.size()) + (room.jobs.size() == 1 ? " job runs" : " jobs run");
  bool limited = std::any_of(room.nodes.begin(), room.nodes.end(), [](const ClusterRoom::Node& node) { return node.memory > 0; });
  if (!limited) return jobs + " there, and its nodes have no --memory for two side by side";
  return jobs + " there, and of the " + byte_text(memory) + " that this one may need on a node " + byte_text(most) + " is free";
}

}  // namespace leat
