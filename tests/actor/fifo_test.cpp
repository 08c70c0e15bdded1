#include <algorithm>
#include <cstdlib>
#include <deque>
#include <memory>

#include <boost/test/unit_test.hpp>
#include <rapidcheck.h>

#include <leat/actor/fifo.hpp>

using namespace leat;

BOOST_AUTO_TEST_SUITE(fifo)

BOOST_AUTO_TEST_CASE(what_comes_first_goes_first) {
  Fifo<int> fifo;
  BOOST_TEST(fifo.empty());
  for (int i = 0; i < 5; ++i) fifo.push(i);
  BOOST_TEST(fifo.size() == 5u);
  BOOST_TEST(fifo.front() == 0);
  BOOST_TEST(fifo.back() == 4);
  BOOST_TEST(fifo.take() == 0);
  fifo.pop();
  BOOST_TEST(fifo.take() == 2);
  fifo.pop(2);
  BOOST_TEST(fifo.empty());
}

BOOST_AUTO_TEST_CASE(what_is_left_is_in_one_piece) {
  Fifo<int> fifo;
  for (int i = 0; i < 100; ++i) fifo.push(i);
  fifo.pop(60);
  for (int i = 100; i < 200; ++i) fifo.push(i);
  auto rest = fifo.rest();
  BOOST_REQUIRE(rest.size() == 140u);
  for (int i = 0; i < 140; ++i) BOOST_TEST(rest[static_cast<std::size_t>(i)] == 60 + i);
}

BOOST_AUTO_TEST_CASE(what_is_popped_or_cleared_is_let_go_of_at_once) {
  std::weak_ptr<int> first;
  std::weak_ptr<int> second;
  Fifo<std::shared_ptr<int>> fifo;
  auto push = [&](std::weak_ptr<int>& seen) {
    auto item = std::make_shared<int>(1);
    seen = item;
    fifo.push(std::move(item));
  };
  push(first);
  push(second);
  fifo.pop();
  BOOST_TEST(first.expired());
  BOOST_TEST(!second.expired());
  fifo.clear();
  BOOST_TEST(second.expired());
  BOOST_TEST(fifo.empty());
}

BOOST_AUTO_TEST_CASE(calls_that_fill_a_vector_append_to_it) {
  Fifo<int> fifo;
  fifo.push(1);
  std::size_t appended = fifo.push_with([](std::vector<int>& into) {
    into.insert(into.end(), {2, 3});
    return std::size_t{2};
  });
  BOOST_TEST(appended == 2u);
  BOOST_TEST(fifo.take() == 1);
  BOOST_TEST(fifo.take() == 2);
  BOOST_TEST(fifo.take() == 3);
}

BOOST_AUTO_TEST_CASE(one_that_is_never_empty_does_not_grow_once_warm) {
  Fifo<int> fifo;
  for (int i = 0; i < 8; ++i) fifo.push(i);
  std::ptrdiff_t most = 0;
  const int* least = fifo.rest().data();
  for (int round = 0; round < 10'000; ++round) {
    BOOST_REQUIRE(fifo.take() == round);
    fifo.push(round + 8);
    // Warm after its first turns: from then on it stays within one piece of memory.
    if (round < 100) {
      least = fifo.rest().data();
      continue;
    }
    most = std::max(most, std::abs(fifo.rest().data() - least));
  }
  BOOST_TEST(most < 32);
}

BOOST_AUTO_TEST_CASE(it_does_what_a_deque_does) {
  BOOST_TEST(rc::check([](const std::vector<int>& steps) {
    Fifo<int> fifo;
    std::deque<int> model;
    for (int step : steps) {
      if (step % 3 == 0 && !model.empty()) {
        RC_ASSERT(fifo.take() == model.front());
        model.pop_front();
      } else if (step % 7 == 1) {
        std::size_t count = model.size() / 2;
        fifo.pop(count);
        model.erase(model.begin(), model.begin() + static_cast<std::ptrdiff_t>(count));
      } else {
        fifo.push(step);
        model.push_back(step);
      }
      auto rest = fifo.rest();
      RC_ASSERT(std::equal(rest.begin(), rest.end(), model.begin(), model.end()));
      RC_ASSERT(fifo.empty() == model.empty());
      RC_ASSERT(fifo.size() == model.size());
    }
  }));
}

BOOST_AUTO_TEST_SUITE_END()
