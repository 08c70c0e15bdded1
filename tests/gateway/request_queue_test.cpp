#include <boost/test/unit_test.hpp>

#include <leat/gateway/request_queue.hpp>

#include <string>
#include <vector>

using namespace leat;

BOOST_AUTO_TEST_SUITE(request_queue)

namespace {

using Time = RequestQueue::Time;
constexpr std::chrono::seconds kSecond{1};

struct Asked {
  std::vector<std::string> answers;  // "200 body", or the sentence

  PendingRequest request(std::string body = "", unsigned urgency = 3, Time deadline = Time() + 10 * kSecond, bool left = false) {
    PendingRequest made;
    made.body = std::move(body);
    made.urgency = urgency;
    made.deadline = deadline;
    made.left = [left] { return left; };
    made.answer = [this](Result<HttpAnswer> answer) {
      answers.push_back(answer ? std::to_string(answer->status) + " " + answer->body : answer.error().sentence);
    };
    return made;
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(each_is_answered_once) {
  RequestQueue queue({});
  Asked asked;
  queue.add(asked.request("one"));
  queue.add(asked.request("two"));
  auto one = queue.take(Time(), {}), two = queue.take(Time(), {});
  BOOST_REQUIRE(one && two);
  BOOST_TEST(one->body == "one");
  BOOST_TEST(!queue.take(Time(), {}));
  queue.answer(two->id, {200, "", "second"});
  queue.answer(two->id, {200, "", "again"});
  queue.answer(99, {200, "", "never asked"});
  queue.fail(failed("it broke"));
  queue.answer(one->id, {200, "", "too late"});
  BOOST_TEST(asked.answers == (std::vector<std::string>{"200 second", "it broke"}), boost::test_tools::per_element());
  BOOST_TEST(queue.counts().answered == 1u);
  BOOST_TEST(queue.counts().failed == 1u);
}

BOOST_AUTO_TEST_CASE(urgent_ones_go_first_but_for_every_tenth) {
  RequestQueue queue({});
  Asked asked;
  int woken = 0;
  BOOST_TEST(!queue.take(Time(), [&] { ++woken; }));
  for (int i = 0; i < 3; ++i) queue.add(asked.request("other", 3));
  for (int i = 0; i < 25; ++i) queue.add(asked.request("urgent", i % 3));
  BOOST_TEST(woken == 1);
  std::string order;
  while (auto taken = queue.take(Time(), {})) order += taken->body[0];
  BOOST_TEST(order == "uuuuuuuuu" "o" "uuuuuuuuu" "o" "uuuuuuu" "o");
  for (int i = 0; i < 12; ++i) queue.add(asked.request("urgent", 0));
  while (queue.take(Time(), {})) ++woken;
  BOOST_TEST(woken == 13);
}

BOOST_AUTO_TEST_CASE(who_has_left_is_not_worked_for) {
  RequestQueue queue({});
  Asked asked;
  queue.add(asked.request("left", 3, Time() + kSecond, true));
  queue.add(asked.request("there"));
  BOOST_TEST(queue.take(Time(), {})->body == "there");
  BOOST_TEST(asked.answers.empty());
  BOOST_TEST(queue.counts().left == 1u);
}

BOOST_AUTO_TEST_CASE(a_deadline_is_kept_wherever_the_request_is) {
  RequestQueue queue({});
  Asked asked;
  queue.add(asked.request("in work", 3, Time() + kSecond));
  queue.add(asked.request("waits", 3, Time() + kSecond));
  queue.add(asked.request("has time", 3, Time() + 3 * kSecond));
  auto taken = queue.take(Time(), {});
  queue.expire(Time() + kSecond - std::chrono::nanoseconds(1));
  BOOST_TEST(asked.answers.empty());
  queue.expire(Time() + kSecond);
  BOOST_TEST(asked.answers.size() == 2u);
  queue.answer(taken->id, {});
  BOOST_TEST(asked.answers.size() == 2u);
  BOOST_TEST(!queue.take(Time() + 3 * kSecond, {}));
  BOOST_TEST(asked.answers.size() == 3u);
  BOOST_TEST(queue.counts().late == 3u);
}

BOOST_AUTO_TEST_CASE(what_waits_is_bounded) {
  RequestQueue queue({.requests = 2, .bytes = 10});
  Asked asked;
  queue.add(asked.request(std::string(8, 'a')));
  queue.add(asked.request(std::string(3, 'b')));
  BOOST_TEST(asked.answers.size() == 1u);
  queue.add(asked.request("c"));
  queue.add(asked.request("d"));
  BOOST_TEST(asked.answers.size() == 2u);
  BOOST_TEST(queue.take(Time(), {})->body.size() == 8u);
  queue.add(asked.request(std::string(9, 'e')));
  BOOST_TEST(queue.counts().waiting == 2u);
}

BOOST_AUTO_TEST_CASE(an_end_answers_what_waits_and_wakes) {
  RequestQueue queue({});
  Asked asked;
  int woken = 0;
  BOOST_TEST(!queue.take(Time(), [&] { ++woken; }));
  queue.add(asked.request("waits"));
  queue.close();
  BOOST_TEST(woken == 1);
  queue.add(asked.request("after"));
  BOOST_TEST(asked.answers == (std::vector<std::string>(2, "the service ends: ask again")), boost::test_tools::per_element());
  BOOST_TEST(!queue.take(Time(), {}));
}

BOOST_AUTO_TEST_SUITE_END()
