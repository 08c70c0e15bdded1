// Who is in, and who has not been heard of.
#include <leat/cluster/membership.hpp>

#include <boost/test/unit_test.hpp>

using namespace leat;
using namespace std::chrono_literals;

namespace {

control::Join called(const std::string& name, std::uint64_t incarnation, const std::string& host = "h") {
  control::Join join;
  join.node.name = name;
  join.incarnation = {incarnation, 0};
  join.host = host;
  join.data = {"127.0.0.1", 4711};
  return join;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(membership)

BOOST_AUTO_TEST_CASE(a_node_that_comes_back_is_another_member) {
  Membership membership(3000ms);
  BOOST_TEST(membership.join(1, called("a", 1), 0ms).ok());
  auto again = membership.join(2, called("a", 2), 10ms);
  BOOST_REQUIRE(!again);
  BOOST_TEST((again.error().kind == ErrorKind::overloaded));
  BOOST_TEST(again.error().sentence.find("node a (127.0.0.1:4711)") != std::string::npos);
  membership.leave(1);
  BOOST_TEST(membership.join(2, called("a", 2), 20ms).ok());
  BOOST_TEST(membership.find(1) == nullptr);
  BOOST_TEST((membership.find("a")->joined.incarnation == control::Incarnation{2, 0}));
}

BOOST_AUTO_TEST_CASE(one_incarnation_joins_once) {
  Membership membership(3000ms);
  BOOST_TEST(membership.join(1, called("a", 1), 0ms).ok());
  BOOST_TEST(!membership.join(2, called("b", 1), 0ms).ok());
}

BOOST_AUTO_TEST_CASE(only_who_is_silent_for_longer_than_agreed_is_silent) {
  Membership membership(3000ms);
  BOOST_TEST(membership.join(1, called("a", 1), 0ms).ok());
  BOOST_TEST(membership.join(2, called("b", 2), 0ms).ok());
  membership.heard(2, 1000ms);
  BOOST_TEST(membership.silent(3000ms).empty());
  auto silent = membership.silent(3001ms);
  BOOST_REQUIRE(silent.size() == 1u);
  BOOST_TEST(silent[0].joined.node.name == "a");
  membership.heard(1, 3500ms);
  BOOST_TEST(membership.silent(4000ms).empty());
  BOOST_TEST(membership.silent(9000ms).size() == 2u);
}

BOOST_AUTO_TEST_CASE(the_submitters_host_comes_first_then_the_order_of_joining) {
  Membership membership(3000ms);
  BOOST_TEST(membership.join(1, called("a", 1, "far"), 0ms).ok());
  BOOST_TEST(membership.join(2, called("b", 2, "near"), 0ms).ok());
  BOOST_TEST(membership.join(3, called("c", 3, "far"), 0ms).ok());
  BOOST_TEST(membership.join(4, called("d", 4, "near"), 0ms).ok());
  membership.drain(3);
  std::string order;
  for (const Member& member : membership.available("near")) order += member.joined.node.name;
  BOOST_TEST(order == "bda");
}

BOOST_AUTO_TEST_SUITE_END()
