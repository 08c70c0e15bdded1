#include <deque>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>
#include <rapidcheck/boost_test.h>

#include <leat/actor/ordered_merge.hpp>

using namespace leat;

namespace {

using Name = std::pair<std::uint64_t, std::uint32_t>;  // a frame: its sequence, its place in it

Frame frame(std::uint64_t sequence, std::uint32_t place, bool closes = false) {
  Frame out;
  out.sequence = sequence;
  out.epoch = place;
  out.closes = closes;
  return out;
}

Frame done(std::uint64_t sequence) {
  Frame out;
  out.kind = Frame::Kind::done;
  out.sequence = sequence;
  return out;
}

// Replicas that have worked a region's inputs off, each in rising order, and what must come out.
struct Region {
  std::vector<std::deque<Frame>> channels;
  std::vector<Name> expected;
  std::size_t frames = 0;

  void put(std::size_t channel, Frame f) {
    channels[channel].push_back(std::move(f));
    ++frames;
  }
};

Region any_region() {
  Region region;
  region.channels.resize(*rc::gen::inRange<std::size_t>(1, 6));
  auto replica = rc::gen::inRange<std::size_t>(0, region.channels.size());
  auto assigned = *rc::gen::container<std::vector<std::size_t>>(replica);
  for (std::uint64_t sequence = 0; sequence < assigned.size(); ++sequence) {
    auto count = *rc::gen::inRange<std::uint32_t>(0, 4);
    bool closes = *rc::gen::arbitrary<bool>();
    for (std::uint32_t place = 0; place < count; ++place) {
      region.put(assigned[sequence], frame(sequence, place, closes && place + 1 == count));
      region.expected.emplace_back(sequence, place);
    }
    if (count == 0 || !closes) region.put(assigned[sequence], done(sequence));
  }
  for (std::size_t channel = 0; channel < region.channels.size(); ++channel) {
    auto left = *rc::gen::inRange<std::uint32_t>(0, 6);
    for (std::uint32_t i = 0; i < left; ++i) {
      region.put(channel,
                 frame(OrderedMerge::kAfterAll, static_cast<std::uint32_t>(100 * channel) + i));
      region.expected.emplace_back(OrderedMerge::kAfterAll, 100 * channel + i);
    }
  }
  return region;
}

// Feeds a merge from channels whose credit is `window` frames that it has not handed out yet.
class Feeding {
 public:
  Feeding(Region region, std::size_t window)
      : region_(std::move(region)),
        window_(window),
        merge_(region_.channels.size()),
        held_(region_.channels.size()) {}

  bool feed(std::size_t channel) {
    if (!merge_.wants(channel)) return false;
    auto& queue = region_.channels[channel];
    if (queue.empty()) {
      merge_.end(channel);
      return true;
    }
    if (held_[channel] == window_) return false;
    merge_.add(channel, std::move(queue.front()));
    queue.pop_front();
    ++held_[channel];
    return true;
  }

  bool take() {
    auto taken = merge_.take();
    if (!taken) return false;
    --held_[taken->channel];
    ++taken_;
    const Frame& f = taken->frame;
    if (f.kind == Frame::Kind::data) out_.emplace_back(f.sequence, f.epoch);
    return true;
  }

  void to_the_end() {
    for (bool moved = true; moved;) {
      moved = false;
      for (std::size_t channel = 0; channel < held_.size(); ++channel)
        moved = feed(channel) || moved;
      while (take())
        moved = true;
    }
  }

  std::size_t taken() const { return taken_; }
  const std::vector<Name>& out() const { return out_; }
  const OrderedMerge& merge() const { return merge_; }

 private:
  Region region_;
  std::size_t window_;
  OrderedMerge merge_;
  std::vector<std::size_t> held_;
  std::size_t taken_ = 0;
  std::vector<Name> out_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(ordered_merge)

RC_BOOST_PROP(whatever_the_interleaving_what_comes_out_is_what_went_in, ()) {
  Region region = any_region();
  auto expected = region.expected;
  auto frames = region.frames;
  auto channel = rc::gen::inRange<std::size_t>(0, 2 * region.channels.size());
  auto moves = *rc::gen::container<std::vector<std::size_t>>(channel);
  std::size_t channels = region.channels.size();
  Feeding feeding(std::move(region), *rc::gen::inRange<std::size_t>(1, 5));
  for (std::size_t move : moves) {
    if (move < channels) {
      feeding.feed(move);
    } else {
      feeding.take();
    }
  }
  feeding.to_the_end();
  RC_ASSERT(feeding.out() == expected);
  RC_ASSERT(feeding.taken() == frames);
}

RC_BOOST_PROP(one_frame_of_credit_a_channel_is_enough, ()) {
  Region region = any_region();
  auto expected = region.expected;
  Feeding feeding(std::move(region), 1);
  feeding.to_the_end();
  RC_ASSERT(feeding.out() == expected);
}

BOOST_AUTO_TEST_CASE(leftovers_larger_than_the_credit_do_not_stop_the_merge) {
  Region region;
  region.channels.resize(2);
  for (std::uint32_t i = 0; i < 10; ++i) {
    region.put(0, frame(OrderedMerge::kAfterAll, i));
    region.put(1, frame(OrderedMerge::kAfterAll, 100 + i));
  }
  Feeding feeding(std::move(region), 2);
  feeding.to_the_end();
  BOOST_REQUIRE(feeding.out().size() == 20u);
  for (std::uint32_t i = 0; i < 20; ++i)
    BOOST_TEST(feeding.out()[i].second == (i < 10 ? i : 90 + i));
}

BOOST_AUTO_TEST_CASE(nothing_comes_out_before_its_turn) {
  OrderedMerge merge(2);
  merge.add(1, frame(1, 0, true));
  BOOST_TEST(!merge.take());
  BOOST_TEST(merge.next() == 0u);
  merge.add(0, frame(0, 0, true));
  BOOST_TEST(merge.take()->frame.sequence == 0u);
  BOOST_TEST(merge.next() == 1u);
  BOOST_TEST(merge.take()->channel == 1u);
}

BOOST_AUTO_TEST_CASE(a_number_is_over_only_with_its_done) {
  OrderedMerge merge(2);
  merge.add(0, frame(0, 0));
  merge.add(1, frame(1, 0, true));
  BOOST_TEST(merge.take()->channel == 0u);
  BOOST_TEST(!merge.take());
  merge.add(0, done(0));
  BOOST_TEST((merge.take()->frame.kind == Frame::Kind::done));
  BOOST_TEST(merge.take()->channel == 1u);
}

BOOST_AUTO_TEST_CASE(leftovers_wait_until_no_channel_can_bring_a_number) {
  OrderedMerge merge(2);
  merge.add(0, frame(OrderedMerge::kAfterAll, 0));
  merge.end(0);
  BOOST_TEST(!merge.take());
  merge.add(1, frame(0, 7, true));
  BOOST_TEST(merge.take()->frame.epoch == 7u);
  BOOST_TEST(!merge.take());
  merge.end(1);
  BOOST_TEST(merge.take()->frame.sequence == OrderedMerge::kAfterAll);
}

BOOST_AUTO_TEST_CASE(what_comes_before_the_first_number_is_never_stuck) {
  OrderedMerge merge(2);
  merge.add(0, frame(0, 0, true));
  BOOST_TEST(merge.take()->channel == 0u);
  merge.add(1, frame(0, 9));
  auto taken = merge.take();
  BOOST_REQUIRE(taken);
  BOOST_TEST(taken->frame.epoch == 9u);
  BOOST_TEST(merge.next() == 1u);
}

BOOST_AUTO_TEST_CASE(a_channel_with_a_frame_at_its_head_wants_no_other) {
  OrderedMerge merge(1);
  BOOST_TEST(merge.wants(0));
  merge.add(0, frame(5, 0));
  BOOST_TEST(!merge.wants(0));
  merge.end(0);
  BOOST_TEST(!merge.wants(0));
}

BOOST_AUTO_TEST_SUITE_END()
