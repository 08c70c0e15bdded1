// What one channel has no credit for keeps no other from being sent.
#include <leat/runtime/local_link.hpp>
#include <leat/runtime/outflow.hpp>

#include "runtime/numbers.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

constexpr Amount kRoom{1 << 20, 100};

// An outflow over channels with windows of their own; "key" sends a number to the channel it is
// modulo their count.
struct Bench {
  std::shared_ptr<Pool> pool = Pool::make();
  std::vector<std::unique_ptr<Receiver>> receivers;
  std::unique_ptr<Outflow> outflow;

  Bench(Dispatch::Rule rule, const std::vector<Amount>& windows) {
    std::vector<std::unique_ptr<Sender>> senders;
    for (Amount window : windows) {
      auto link = local_link(
          window, [] {}, [] {});
      senders.push_back(std::move(link.sender));
      receivers.push_back(std::move(link.receiver));
    }
    Splitter modulo = [](Pool&, const Chunk& chunk, std::size_t n, auto& to) -> Result<void> {
      to.emplace_back(value(chunk) % n, chunk);
      return {};
    };
    outflow = std::make_unique<Outflow>(Outflow::Setup{rule, modulo, false, pool, kRoom},
                                        std::move(senders));
  }
  void stage(std::uint64_t what) { BOOST_REQUIRE(outflow->stage(number(*pool, what).chunk(), 0)); }
  // The numbers that have come on a channel, and -1 for its end.
  std::vector<std::int64_t> come(std::size_t channel, bool consume = true) {
    std::vector<Frame> frames;
    receivers[channel]->receive(frames, 1000);
    std::vector<std::int64_t> out;
    for (Frame& frame : frames) {
      bool data = frame.kind == Frame::Kind::data;
      out.push_back(data ? static_cast<std::int64_t>(value(frame.chunk)) : -1);
      if (consume) receivers[channel]->consumed(frame.cost(), true);
    }
    return out;
  }
};

using Numbers = std::vector<std::int64_t>;

}  // namespace

BOOST_AUTO_TEST_SUITE(outflow)

BOOST_AUTO_TEST_CASE(a_keyed_channel_without_credit_keeps_no_other_from_being_sent) {
  for (std::size_t starved = 0; starved < 4; ++starved) {
    std::vector<Amount> windows(4, kRoom);
    windows[starved].chunks = 1;
    Bench bench(Dispatch::Rule::key, windows);
    for (std::uint64_t i = 0; i < 12; ++i) bench.stage(i);
    BOOST_TEST(!bench.outflow->flush());
    for (std::size_t channel = 0; channel < 4; ++channel) {
      auto at = static_cast<std::int64_t>(channel);
      Numbers expected{at, at + 4, at + 8};
      if (channel == starved) expected.resize(1);
      BOOST_TEST(bench.come(channel) == expected, boost::test_tools::per_element());
    }
    auto at = static_cast<std::int64_t>(starved);
    bench.outflow->stage_end(Ending::complete);
    BOOST_TEST(!bench.outflow->flush());
    for (std::size_t channel = 0; channel < 4; ++channel) {
      Numbers expected = channel == starved ? Numbers{at + 4} : Numbers{-1};
      BOOST_TEST(bench.come(channel) == expected, boost::test_tools::per_element());
    }
    BOOST_TEST(bench.outflow->flush());
    BOOST_TEST(bench.come(starved) == (Numbers{at + 8, -1}), boost::test_tools::per_element());
    BOOST_TEST(bench.outflow->empty());
    BOOST_TEST((bench.outflow->staged() == Amount{}));
  }
}

BOOST_AUTO_TEST_CASE(a_broadcast_channel_without_credit_keeps_no_other_from_being_sent) {
  for (std::size_t starved = 0; starved < 3; ++starved) {
    std::vector<Amount> windows(3, kRoom);
    windows[starved] = {1 << 20, 2};
    Bench bench(Dispatch::Rule::broadcast, windows);
    for (std::uint64_t i = 0; i < 5; ++i) bench.stage(i);
    bench.outflow->stage_end(Ending::complete);
    BOOST_TEST(!bench.outflow->flush());
    for (std::size_t channel = 0; channel < 3; ++channel) {
      Numbers expected = channel == starved ? Numbers{0, 1} : Numbers{0, 1, 2, 3, 4, -1};
      BOOST_TEST(bench.come(channel) == expected, boost::test_tools::per_element());
    }
    BOOST_TEST(!bench.outflow->flush());
    BOOST_TEST(bench.come(starved) == (Numbers{2, 3}), boost::test_tools::per_element());
    BOOST_TEST(bench.outflow->flush());
    BOOST_TEST(bench.come(starved) == (Numbers{4, -1}), boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(credit_for_exactly_what_is_staged_sends_all_of_it_and_a_byte_less_one_fewer) {
  std::uint64_t each = number(*Pool::make(), 0).chunk().footprint();
  for (std::uint64_t less : {0, 1}) {
    Bench bench(Dispatch::Rule::forward, {{3 * each - less, 3}});
    for (std::uint64_t i = 0; i < 3; ++i) bench.stage(i);
    BOOST_TEST(bench.outflow->flush() == (less == 0));
    BOOST_TEST(bench.come(0).size() == 3 - less);
    BOOST_TEST(bench.outflow->flush());
    BOOST_TEST(bench.come(0).size() == less);
  }
}

BOOST_AUTO_TEST_CASE(balanced_chunks_come_before_the_ends_and_a_retired_channel_ends_at_once) {
  Bench bench(Dispatch::Rule::balance, {{1 << 20, 1}, {1 << 20, 1}, {1 << 20, 1}});
  for (std::uint64_t i = 0; i < 5; ++i) bench.stage(i);
  bench.outflow->retire(1);
  BOOST_TEST(!bench.outflow->flush());
  BOOST_TEST(bench.come(1) == (Numbers{-1}), boost::test_tools::per_element());
  bench.outflow->stage_end(Ending::complete);
  Numbers all;
  bool ended[3] = {false, true, false};
  for (int i = 0; i < 10 && !(ended[0] && ended[2]); ++i) {
    bool sent = bench.outflow->flush();
    for (std::size_t channel : {0, 2}) {
      for (std::int64_t one : bench.come(channel)) {
        BOOST_TEST(!ended[channel]);
        ended[channel] = one < 0;
        if (one < 0) BOOST_TEST(sent);
        if (one >= 0) all.push_back(one);
      }
    }
    BOOST_TEST(bench.come(1).empty());
  }
  BOOST_TEST((ended[0] && ended[2]));
  std::sort(all.begin(), all.end());
  BOOST_TEST(all == (Numbers{0, 1, 2, 3, 4}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
