// Whatever the snapshots say, why() answers, and the same in whatever order they say it.
#include <boost/test/unit_test.hpp>
#include <rapidcheck/boost_test.h>

#include <leat/diagnosis/why.hpp>

#include <algorithm>
#include <random>

using namespace leat;

namespace {

using Random = std::mt19937_64;

std::uint64_t below(Random& random, std::uint64_t end) { return std::uniform_int_distribution<std::uint64_t>(0, end - 1)(random); }

Amount any_amount(Random& random) { return {below(random, 5000), below(random, 50)}; }

CellSnapshot any_cell(Random& random, std::uint32_t cell, std::uint32_t replica) {
  CellSnapshot made;
  made.cell = cell;
  made.replica = replica;
  made.node = static_cast<std::uint32_t>(below(random, 4));
  for (std::uint64_t i = below(random, 4); i > 0; --i) made.stages.push_back(below(random, 8));
  for (std::uint64_t i = below(random, 5); i > 0; --i) made.stage_ns.push_back(below(random, 1'000'000));
  made.now = static_cast<Activity>(below(random, kActivities));
  if (below(random, 2) > 0) made.at = below(random, 9);
  if (below(random, 2) > 0) made.channel = static_cast<std::uint32_t>(below(random, 20));
  made.for_ns = below(random, 1'000'000);
  for (auto& time : made.times) time = below(random, 3) == 0 ? below(random, 100'000'000) : below(random, 1000);
  made.moves = below(random, 3);
  made.ended = below(random, 8) == 0;
  return made;
}

JobSnapshot some_snapshot(Random& random) {
  JobSnapshot made;
  made.seconds = static_cast<double>(below(random, 3));
  made.stages.resize(below(random, 7), "s");
  for (std::uint64_t i = below(random, 3); i > 0; --i) made.nodes.push_back({"n" + std::to_string(i), 1, below(random, 4) > 0});
  std::uint64_t cells = below(random, 6);
  for (std::uint32_t cell = 0; cell < cells; ++cell) {
    for (std::uint32_t replica = 0; replica <= below(random, 3); ++replica) made.cells.push_back(any_cell(random, cell, replica));
  }
  std::uint64_t channels = below(random, 20);
  for (std::uint32_t id = 0; id < channels; ++id) {
    ChannelSnapshot channel;
    channel.id = id;
    channel.from = below(random, 8);
    channel.to = below(random, 8);
    channel.from_cell = static_cast<std::uint32_t>(below(random, 6));
    channel.to_cell = static_cast<std::uint32_t>(below(random, 6));
    channel.to_replica = static_cast<std::uint32_t>(below(random, 3));
    channel.remote = below(random, 2) > 0;
    channel.keyed = below(random, 2) > 0;
    channel.window = any_amount(random);
    if (below(random, 3) > 0) channel.sender = SenderSnapshot{any_amount(random), any_amount(random), below(random, 100'000'000)};
    if (below(random, 3) > 0) channel.receiver = ReceiverSnapshot{any_amount(random), any_amount(random), 0, {}};
    made.channels.push_back(channel);
  }
  return made;
}

// Of the same job a little later, or of another.
JobSnapshot later(Random& random, const JobSnapshot& before) {
  if (below(random, 4) == 0) return some_snapshot(random);
  JobSnapshot after = before;
  for (CellSnapshot& cell : after.cells) cell.times[below(random, kActivities)] += 50'000'000 + below(random, 50'000'000);
  return after;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(any_snapshot)

RC_BOOST_PROP(every_answer_has_a_cause_that_is_said, (std::uint64_t seed)) {
  Random random(seed);
  JobSnapshot before = some_snapshot(random);
  Why found = why(before, later(random, before));
  RC_ASSERT(found.cause <= Cause::unclear);
  RC_ASSERT(found.share >= 0 && found.share <= 1);
  RC_ASSERT(found.busy <= found.replicas);
  for (const Wait& wait : found.waits) RC_ASSERT(wait.share > 0 && wait.share <= 1 && !wait.who.empty());
  std::string text = why_text(found);
  RC_ASSERT(text.find("cause") != std::string::npos && text.back() == '\n');
}

RC_BOOST_PROP(the_order_of_cells_and_channels_changes_nothing, (std::uint64_t seed)) {
  Random random(seed);
  JobSnapshot before = some_snapshot(random);
  JobSnapshot after = later(random, before);
  std::string text = why_text(why(before, after));
  for (JobSnapshot* each : {&before, &after}) {
    std::shuffle(each->cells.begin(), each->cells.end(), random);
    std::shuffle(each->channels.begin(), each->channels.end(), random);
  }
  RC_ASSERT(why_text(why(before, after)) == text);
}

RC_BOOST_PROP(the_shares_of_nodes_joined_are_the_job_in_whatever_order, (std::uint64_t seed)) {
  Random random(seed);
  JobSnapshot whole = some_snapshot(random);
  if (whole.nodes.empty()) whole.nodes.push_back({"n", 1, true});
  std::vector<JobSnapshot> shares(2);
  for (JobSnapshot& share : shares) share.stages = whole.stages;
  shares[0].nodes = {{"x", 1, true}};
  shares[1].nodes = {{"y", 1, true}};
  for (CellSnapshot cell : whole.cells) {
    cell.node = 0;
    shares[below(random, 2)].cells.push_back(cell);
  }
  for (const ChannelSnapshot& channel : whole.channels) {
    for (int end = 0; end < 2; ++end) {
      ChannelSnapshot half = channel;
      if (end == 0) half.receiver.reset();
      if (end == 1) half.sender.reset();
      shares[static_cast<std::size_t>(end)].channels.push_back(half);
    }
  }
  JobSnapshot joined_up = joined(shares);
  RC_ASSERT(joined_up.cells.size() == whole.cells.size());
  RC_ASSERT(joined_up.channels.size() == whole.channels.size());
  for (std::size_t i = 0; i < whole.channels.size(); ++i) {
    RC_ASSERT(bool(joined_up.channels[i].sender) == bool(whole.channels[i].sender));
    RC_ASSERT(bool(joined_up.channels[i].receiver) == bool(whole.channels[i].receiver));
  }
  std::swap(shares[0], shares[1]);
  RC_ASSERT(joined(shares).channels.size() == whole.channels.size());
}

BOOST_AUTO_TEST_SUITE_END()
