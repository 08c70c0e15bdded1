// What an epoch begins with.
#include <leat/checkpoint/epoch_start.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace leat;

namespace {

CheckpointStore::Unfinished job(std::uint32_t epoch, std::vector<Manifest> manifests) {
  CheckpointStore::Unfinished unfinished;
  unfinished.began.job = "job";
  unfinished.began.epoch = epoch;
  unfinished.manifests = std::move(manifests);
  return unfinished;
}

bool has(const std::vector<CutId>& cuts, CutId cut) { return std::count(cuts.begin(), cuts.end(), cut) == 1; }

}  // namespace

BOOST_AUTO_TEST_SUITE(epoch_start)

BOOST_AUTO_TEST_CASE(one_without_checkpoints_begins_anew_and_throws_away_what_it_may_have_sealed) {
  EpochStart start = leat::epoch_start("kept", job(2, {}), {});
  BOOST_TEST(start.epoch == 3u);
  BOOST_TEST(start.next == 1u);
  BOOST_TEST((start.work == EpochWork::run));
  BOOST_TEST(start.rounds.empty());
  for (std::uint32_t epoch = 0; epoch <= 2; ++epoch) {
    for (std::uint64_t n = 1; n <= CheckpointStore::kMostFailures + 1; ++n) BOOST_TEST(has(start.stale, {epoch, n}));
  }
  BOOST_TEST(!has(start.stale, {3, 1}));
}

BOOST_AUTO_TEST_CASE(cuts_between_two_that_are_published_are_thrown_away_and_those_are_not) {
  Manifest first{0, 2};
  Manifest second{2, 5};
  EpochStart start = leat::epoch_start("kept", job(2, {first, second}), second);
  BOOST_TEST(start.next == 6u);
  BOOST_TEST(start.rounds.size() == 2u);
  BOOST_TEST(has(start.stale, {0, 1}));
  for (std::uint32_t epoch = 0; epoch <= 2; ++epoch) {
    BOOST_TEST(has(start.stale, {epoch, 3}));
    BOOST_TEST(has(start.stale, {epoch, 4}));
  }
  BOOST_TEST(!has(start.stale, {0, 2}));
  BOOST_TEST(!has(start.stale, {2, 5}));
  BOOST_TEST(has(start.stale, {2, 6}));
}

// The job has ended before the cut that was ordered last was whole.
BOOST_AUTO_TEST_CASE(one_that_has_only_to_be_made_visible_says_so_and_leaves_nothing_of_a_cut_before) {
  Manifest last{0, 2, true};
  EpochStart start = leat::epoch_start("kept", job(0, {last}), last);
  BOOST_TEST((start.work == EpochWork::commit));
  BOOST_TEST(has(start.stale, {0, 1}));
}

BOOST_AUTO_TEST_SUITE_END()
