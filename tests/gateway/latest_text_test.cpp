#include <boost/test/unit_test.hpp>

#include <leat/gateway/event_log.hpp>
#include <leat/gateway/live_picture.hpp>

#include <atomic>
#include <functional>
#include <future>
#include <utility>

using namespace leat;
using namespace std::chrono_literals;

namespace {

// What it was sent, and whether its peer takes it.
class Peer final : public WebSocket {
 public:
  void send(std::shared_ptr<const std::string> message, bool binary) override {
    sent.push_back(message);
    as_binary = binary;
    if (!takes) waiting += message->size();
    if (heard) std::exchange(heard, nullptr)(*message);
  }
  void close(const std::string& reason) override { closed = reason; }
  std::size_t unsent() const override { return waiting; }

  std::vector<std::shared_ptr<const std::string>> sent;
  std::function<void(const std::string&)> heard;
  std::size_t waiting = 0;
  bool as_binary = false;
  bool takes = true;
  std::string closed;
};

struct Shown {
  LatestText latest;
  LatestText::Clock::time_point now{1000s};
  int made = 0;

  // As the thread does: to be called again at next().
  void step(const std::string& text) {
    if (latest.due(now)) {
      latest.begin(now);
      ++made;
      latest.show(text);
    }
    latest.send(std::chrono::system_clock::time_point(now.time_since_epoch()));
  }
  std::shared_ptr<Peer> joined(bool wants = true, LatestText::Until until = LatestText::Until::max()) {
    auto peer = std::make_shared<Peer>();
    latest.join(peer, wants, until);
    return peer;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(latest_text, Shown)

BOOST_AUTO_TEST_CASE(who_wants_cbor_is_sent_it_binary_and_it_is_encoded_once_for_all) {
  auto of_text = joined();
  auto one = std::make_shared<Peer>(), other = std::make_shared<Peer>();
  latest.join(one, true, LatestText::Until::max(), LiveForm::cbor);
  latest.join(other, true, LatestText::Until::max(), LiveForm::cbor);
  step(R"({"number":1,"rows":0.5})");
  BOOST_REQUIRE((of_text->sent.size() == 1 && one->sent.size() == 1 && other->sent.size() == 1));
  BOOST_TEST((!of_text->as_binary && one->as_binary && other->as_binary));
  BOOST_TEST(one->sent[0] == other->sent[0]);
  BOOST_TEST(*one->sent[0] == std::string("\xa2\x66number\x01\x64rows\xfa\x3f\x00\x00\x00", 19));
  one->takes = false;
  for (const char* text : {"[1]", "[2]", "[3]"}) {
    now += LatestText::kAgain;
    step(text);
  }
  BOOST_TEST(one->sent.size() == 2u);
  BOOST_TEST(*one->sent[1] == "\x81\x01");
  one->waiting = 0;
  step("[3]");
  BOOST_TEST((one->sent.size() == 3 && *one->sent[2] == "\x81\x03"));
  BOOST_TEST(as_cbor("no json") == "\x67no json");
}

BOOST_AUTO_TEST_CASE(nothing_is_made_for_nobody_and_once_for_all) {
  step("a");
  BOOST_TEST(made == 0);
  auto one = joined(), other = joined(), silent = joined(false);
  step("a");
  BOOST_TEST(made == 1);
  BOOST_REQUIRE((one->sent.size() == 1 && other->sent.size() == 1 && silent->sent.empty()));
  BOOST_TEST((one->sent[0] == other->sent[0]));
  auto late = joined();
  step("b");
  BOOST_TEST(made == 1);
  BOOST_TEST((late->sent.size() == 1 && *late->sent[0] == "a" && one->sent.size() == 1));
}

BOOST_AUTO_TEST_CASE(ten_a_second_are_made_however_much_happens) {
  auto peer = joined();
  for (int i = 0; i < 1000; ++i, now += 1ms) {
    latest.changed();
    step(std::to_string(i));
  }
  BOOST_TEST(made == 10);
  BOOST_TEST(peer->sent.size() == 10u);
  BOOST_TEST((latest.next(now) <= now + LatestText::kLeast));
}

BOOST_AUTO_TEST_CASE(who_is_slow_gets_the_latest_and_no_queue) {
  auto slow = joined(), fast = joined();
  slow->takes = false;
  for (int i = 0; i < 10; ++i, now += LatestText::kLeast) {
    latest.changed();
    step(std::to_string(i));
  }
  BOOST_TEST((slow->sent.size() == 1 && fast->sent.size() == 10));
  BOOST_TEST((latest.next(now) <= now + LatestText::kLeast));
  slow->waiting = 0;
  step("9");
  BOOST_TEST((slow->sent.size() == 2 && *slow->sent[1] == "9" && fast->sent.size() == 10));
}

BOOST_AUTO_TEST_CASE(what_changes_while_it_is_made_is_in_the_next) {
  auto peer = joined();
  latest.begin(now);
  BOOST_TEST(latest.changed());
  BOOST_TEST(!latest.changed());
  latest.show("a");
  BOOST_TEST(!latest.due(now));
  BOOST_TEST((latest.next(now) == now + LatestText::kLeast));
  now += LatestText::kLeast;
  step("b");
  BOOST_TEST(*peer->sent.back() == "b");
}

BOOST_AUTO_TEST_CASE(what_nobody_tells_of_is_seen_within_a_second_and_what_is_the_same_not_sent) {
  auto peer = joined();
  step("a");
  now += LatestText::kLeast;
  step("b");
  BOOST_TEST(peer->sent.size() == 1u);
  now += LatestText::kAgain;
  step("a");
  BOOST_TEST((made == 2 && peer->sent.size() == 1));
  now += LatestText::kAgain;
  step("b");
  BOOST_TEST(peer->sent.size() == 2u);
}

BOOST_AUTO_TEST_CASE(who_is_not_known_any_more_is_closed) {
  auto guest = joined(true, LatestText::Until(1010s)), silent = joined(false, LatestText::Until(1010s)), peer = joined();
  step("a");
  now = LatestText::Clock::time_point(1010s);
  step("b");
  BOOST_TEST((!guest->closed.empty() && !silent->closed.empty() && peer->closed.empty()));
  BOOST_TEST((guest->sent.size() == 1 && peer->sent.size() == 2));
}

BOOST_AUTO_TEST_CASE(an_event_has_it_made_on_a_thread_of_its_own) {
  EventLog events;
  auto peer = std::make_shared<Peer>();
  std::promise<std::string> first, second;
  peer->heard = [&](const std::string& text) { first.set_value(text); };
  std::atomic<int> count = 0;
  LivePicture live(events, [&] { return LivePicture::Made{std::to_string(++count)}; });
  auto watcher = live.join(peer, true, LatestText::Until::max());
  BOOST_TEST(first.get_future().get() == "1");
  live.leave(watcher);
  peer->heard = [&](const std::string& text) { second.set_value(text); };
  events.add("job", 1);
  live.join(peer, true, LatestText::Until::max());
  std::string text = second.get_future().get();
  BOOST_TEST((text == "1" || text == "2"));
}

BOOST_AUTO_TEST_CASE(what_moves_is_made_again_without_an_event_and_another_jobs_event_is_none) {
  EventLog events;
  auto peer = std::make_shared<Peer>();
  std::promise<void> third;
  std::atomic<int> count = 0;
  peer->heard = [&](const std::string&) {};
  LivePicture live(
      events,
      [&] {
        int made = ++count;
        if (made == 3) third.set_value();
        return LivePicture::Made{std::to_string(made), made < 3};
      },
      7);
  auto began = LatestText::Clock::now();
  auto watcher = live.join(peer, true, LatestText::Until::max());
  third.get_future().get();
  BOOST_TEST((LatestText::Clock::now() - began >= 2 * LatestText::kLeast));
  for (int i = 0; i < 100; ++i) events.add("job", 8);
  BOOST_TEST(count == 3);
  live.leave(watcher);
  while (!live.rests()) std::this_thread::yield();
}

BOOST_AUTO_TEST_SUITE_END()
