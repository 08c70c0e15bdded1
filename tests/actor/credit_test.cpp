#include <algorithm>
#include <deque>
#include <vector>

#include <boost/test/unit_test.hpp>
#include <rapidcheck/boost_test.h>

#include <leat/actor/credit.hpp>

using namespace leat;

namespace {

// One channel whose announcements travel over a network that may lose, repeat and reorder them.
struct Wire {
  explicit Wire(Amount size) : window(size), sender(size), receiver(size) {}

  Amount window;
  SenderCredit sender;
  ReceiverCredit receiver;
  std::deque<Amount> flying;      // sent, not received
  std::deque<Amount> visited;     // received, not consumed
  std::vector<Amount> announced;  // every announcement ever made

  Amount in_flight() const { return sender.sent() - receiver.consumed(); }

  bool send(Amount amount) {
    if (!sender.allows(amount)) return false;
    sender.charge(amount);
    flying.push_back(amount);
    return true;
  }
  void receive() {
    if (flying.empty()) return;
    RC_ASSERT(receiver.receive(flying.front()));
    visited.push_back(flying.front());
    flying.pop_front();
  }
  void consume() {
    if (visited.empty()) return;
    receiver.consume(visited.front());
    visited.pop_front();
  }
  void announce(bool idle) {
    if (auto limit = receiver.announce(idle)) announced.push_back(*limit);
  }
  void act(int action) {
    switch (action) {
      case 0:
      case 1:
        send({*rc::gen::inRange<std::uint64_t>(0, window.bytes + 2),
              *rc::gen::inRange<std::uint64_t>(0, 3)});
        break;
      case 2:
        receive();
        break;
      case 3:
        consume();
        break;
      case 4:
        announce(*rc::gen::arbitrary<bool>());
        break;
      // Any announcement, any number of times, in any order: and some never.
      default:
        if (!announced.empty()) sender.announced(*rc::gen::elementOf(announced));
    }
  }
};

Wire any_wire() {
  return Wire({*rc::gen::inRange<std::uint64_t>(1, 100), *rc::gen::inRange<std::uint64_t>(1, 20)});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(credit)

RC_BOOST_PROP(in_flight_never_exceeds_the_window, ()) {
  Wire wire = any_wire();
  auto actions = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 6));
  for (int action : actions) {
    wire.act(action);
    RC_ASSERT(wire.in_flight().within(wire.window));
    RC_ASSERT(wire.sender.sent().within(wire.sender.limit()));
    RC_ASSERT(wire.receiver.outstanding().within(wire.window));
  }
}

RC_BOOST_PROP(no_credit_is_lost, ()) {
  Wire wire = any_wire();
  auto actions = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 6));
  for (int action : actions)
    wire.act(action);
  while (!wire.flying.empty())
    wire.receive();
  while (!wire.visited.empty())
    wire.consume();
  wire.announce(true);
  for (const Amount& limit : wire.announced)
    wire.sender.announced(limit);
  RC_ASSERT(wire.sender.limit() - wire.sender.sent() == wire.window);
  RC_ASSERT(wire.sender.allows(wire.window));
}

RC_BOOST_PROP(the_last_announcement_makes_up_for_all_lost_ones, ()) {
  Wire wire = any_wire();
  for (int round = 0; round < 20; ++round) {
    while (wire.send({1, 1})) {
    }
    while (!wire.flying.empty())
      wire.receive();
    while (!wire.visited.empty())
      wire.consume();
    wire.announce(true);
    if (round % 3 == 2) wire.sender.announced(wire.announced.back());
  }
  wire.sender.announced(wire.announced.back());
  RC_ASSERT(wire.sender.limit() - wire.sender.sent() == wire.window);
}

RC_BOOST_PROP(a_sender_without_credit_is_refused_by_the_receiver, ()) {
  Wire wire = any_wire();
  auto within = Amount{*rc::gen::inRange<std::uint64_t>(0, wire.window.bytes + 1),
                       *rc::gen::inRange<std::uint64_t>(0, wire.window.chunks + 1)};
  RC_ASSERT(wire.receiver.receive(within));
  Amount left = wire.window - within;
  RC_ASSERT(!wire.receiver.receive({left.bytes + 1, 0}));
  RC_ASSERT(!wire.receiver.receive({0, left.chunks + 1}));
  RC_ASSERT(wire.receiver.outstanding() == within);
  RC_ASSERT(wire.receiver.receive(left));
}

BOOST_AUTO_TEST_CASE(bytes_and_chunks_are_each_a_limit) {
  SenderCredit sender({100, 2});
  BOOST_TEST(sender.allows({100, 2}));
  BOOST_TEST(!sender.allows({101, 1}));
  BOOST_TEST(!sender.allows({1, 3}));
}

BOOST_AUTO_TEST_CASE(credit_is_announced_at_a_quarter_of_the_window) {
  ReceiverCredit receiver({100, 1000});
  BOOST_REQUIRE(receiver.receive({60, 2}));
  receiver.consume({24, 1});
  BOOST_TEST(!receiver.announce(false));
  receiver.consume({1, 0});
  BOOST_TEST((receiver.announce(false) == Amount{125, 1001}));
  BOOST_TEST(!receiver.announce(false));
}

BOOST_AUTO_TEST_CASE(credit_is_announced_at_a_quarter_of_the_chunks) {
  ReceiverCredit receiver({1'000'000, 8});
  BOOST_REQUIRE(receiver.receive({5, 5}));
  receiver.consume({1, 1});
  BOOST_TEST(!receiver.announce(false));
  receiver.consume({1, 1});
  BOOST_TEST((receiver.announce(false) == Amount{1'000'002, 10}));
}

BOOST_AUTO_TEST_CASE(an_idle_receiver_announces_whatever_came_free_once) {
  ReceiverCredit receiver({1000, 1000});
  BOOST_REQUIRE(receiver.receive({5, 1}));
  BOOST_TEST(!receiver.announce(true));
  receiver.consume({5, 1});
  BOOST_TEST((receiver.announce(true) == Amount{1005, 1001}));
  BOOST_TEST(!receiver.announce(true));
}

BOOST_AUTO_TEST_SUITE_END()
