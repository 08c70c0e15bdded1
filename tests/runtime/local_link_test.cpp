#include <boost/test/unit_test.hpp>

#include <leat/runtime/local_link.hpp>

#include "actor/link_conformance.hpp"

using namespace leat;

namespace {

testing::LinkEnds make(Amount window, Wake sender_wake, Wake receiver_wake) {
  LocalLink link = local_link(window, std::move(sender_wake), std::move(receiver_wake));
  return {std::move(link.sender), std::move(link.receiver)};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(local_link)

BOOST_AUTO_TEST_CASE(a_local_link_passes_the_conformance_suite) {
  testing::link_conforms(make);
}

BOOST_AUTO_TEST_CASE(a_local_link_hands_the_same_message_on) {
  testing::LinkBench link(make, 8);
  Frame frame = link.data(1);
  const void* before = frame.chunk.message().data();
  BOOST_REQUIRE(link.send(std::move(frame)));
  auto got = link.receive();
  BOOST_TEST(got[0].chunk.message().data() == before);
  BOOST_TEST(got[0].chunk.unique());
}

BOOST_AUTO_TEST_CASE(wakes_are_not_called_under_a_lock) {
  LocalLink link;
  Amount seen;
  link = leat::local_link(
      {1000, 2}, [] {}, [&] { seen = link.sender->outstanding(); });
  Frame done;
  done.kind = Frame::Kind::done;
  BOOST_TEST(link.sender->send(std::span(&done, 1)) == 1u);
  BOOST_TEST(seen.chunks == 1u);
}

BOOST_AUTO_TEST_CASE(a_sender_that_could_send_some_of_its_frames_is_woken_for_the_rest) {
  int woken = 0;
  LocalLink link = leat::local_link(
      {1000, 2}, [&] { ++woken; }, [] {});
  std::vector<Frame> frames(3);
  for (Frame& frame : frames)
    frame.kind = Frame::Kind::done;
  BOOST_TEST(link.sender->send(frames) == 2u);
  std::vector<Frame> got;
  BOOST_TEST(link.receiver->receive(got, 10) == 2u);
  BOOST_TEST(woken == 0);
  link.receiver->consumed({0, 1}, true);
  BOOST_TEST(woken == 1);
  BOOST_TEST(link.sender->send(std::span(frames).subspan(2)) == 1u);
  link.receiver->consumed({0, 1}, true);
  BOOST_TEST(woken == 1, "it has nothing left to send");
}

BOOST_AUTO_TEST_SUITE_END()
