#include <boost/test/unit_test.hpp>

#include <leat/net/pending_connections.hpp>

using namespace leat;
using std::chrono::milliseconds;

namespace {

using Clock = std::chrono::steady_clock;

Clock::time_point at(int ms) { return Clock::time_point(milliseconds(ms)); }
std::shared_ptr<int> someone(int number) { return std::make_shared<int>(number); }

}  // namespace

BOOST_AUTO_TEST_SUITE(pending_connections)

BOOST_AUTO_TEST_CASE(while_there_is_a_place_nobody_waits_and_nobody_goes) {
  PendingConnections<int> few(2, milliseconds(25));
  few.add(someone(1), at(0));
  BOOST_TEST((few.wait(at(0)) == milliseconds(0)));
  BOOST_TEST(!few.in_the_way());
}

BOOST_AUTO_TEST_CASE(the_oldest_goes_and_not_before_it_had_its_time) {
  PendingConnections<int> few(2, milliseconds(25));
  few.add(someone(1), at(0));
  few.add(someone(2), at(10));
  BOOST_TEST((few.wait(at(10)) == milliseconds(15)));
  BOOST_TEST((few.wait(at(24)) == milliseconds(1)));
  BOOST_TEST((few.wait(at(25)) == milliseconds(0)));
  BOOST_TEST((few.wait(at(400)) == milliseconds(0)));
  BOOST_REQUIRE(few.in_the_way());
  BOOST_TEST(*few.in_the_way() == 1);
}

BOOST_AUTO_TEST_CASE(who_leaves_makes_room_wherever_it_stood) {
  PendingConnections<int> few(3, milliseconds(25));
  auto middle = someone(2), last = someone(3);
  few.add(someone(1), at(0));
  few.add(middle, at(1));
  few.add(last, at(2));
  few.remove(middle);
  BOOST_TEST(!few.in_the_way());
  few.remove(middle);
  BOOST_TEST(few.all().size() == 2u);
  few.remove(few.all().front());
  few.add(someone(4), at(3));
  few.add(someone(5), at(4));
  BOOST_TEST(few.in_the_way() == last);
  BOOST_TEST((few.wait(at(5)) == milliseconds(22)));
}

BOOST_AUTO_TEST_SUITE_END()
