// Causes in snapshots that were made by hand: what is busy is found from wherever one begins.
#include <boost/test/unit_test.hpp>


#include "diagnosis/made.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

constexpr auto visit = Activity::visit;
constexpr auto read = Activity::read;
constexpr auto input = Activity::input;
constexpr auto credit = Activity::credit;

bool is(const Why& why, Cause cause, const std::string& stage) { return why.cause == cause && why.stage == stage; }

// a gives to b, which gives to c, whose credit is waited for.
Made chain(const Did& a, const Did& b, const Did& c, int waited_b = 0, int waited_c = 0) {
  Made made;
  made.cell(0, 0, {0}, a);
  made.cell(1, 0, {1}, b);
  made.cell(2, 0, {2}, c);
  made.channel({0, 0}, {1, 0}, 0, 1, waited_b);
  made.channel({1, 0}, {2, 0}, 1, 2, waited_c);
  return made;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(causes)

BOOST_AUTO_TEST_CASE(a_slow_stage_is_found_up_to_the_source_and_said_in_two_lines) {
  Made made = chain({{credit, 88}, {read, 12}}, {{credit, 91}, {visit, 9}}, {{visit, 97}, {input, 3}}, 88, 91);
  Why why = made.ask();
  BOOST_TEST(is(why, Cause::visit, "c"));
  BOOST_TEST(!why.stuck);
  BOOST_TEST(why_text(why) ==
             "c is the cause: busy 97% in visits, 1 of 1 replica\n"
             "  b waits 91% for credit of c; a waits 88% for credit of b\n");
}

BOOST_AUTO_TEST_CASE(of_a_chain_of_stages_in_one_cell_the_one_that_takes_longest_is_named) {
  Made made;
  CellSnapshot& cell = made.cell(0, 0, {0, 1, 2}, {{visit, 95}, {read, 5}});
  cell.stage_ns = {kSecond / 20, kSecond * 9 / 10, kSecond / 20};
  BOOST_TEST(is(made.ask(), Cause::visit, "b"));
}

BOOST_AUTO_TEST_CASE(a_slow_source_is_found_from_below) {
  Made made = chain({{read, 96}, {credit, 4}}, {{input, 93}, {visit, 7}}, {{input, 98}, {visit, 2}});
  Why why = made.ask();
  BOOST_TEST(is(why, Cause::read, "a"));
  BOOST_TEST(why_text(why).find("a is the cause: busy 96% reading, 1 of 1 replica\n") == 0u);
  BOOST_TEST(why_text(why).find("b waits 93% for input from a") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(replicas_that_wait_for_their_turn_wait_for_the_source) {
  Made made;
  for (std::uint32_t i = 0; i < 4; ++i) made.cell(0, i, {0, 1}, {{read, 24}, {Activity::turn, 70}, {visit, 6}});
  Why why = made.ask();
  BOOST_TEST(is(why, Cause::read, "a"));
  BOOST_TEST(why.share > 0.9);
}

BOOST_AUTO_TEST_CASE(a_source_that_has_nothing_now_is_the_cause) {
  Made made = chain({{Activity::later, 99}, {read, 1}}, {{input, 100}}, {{input, 100}});
  made.after.cells[0].at = 0;
  BOOST_TEST(is(made.ask(), Cause::read, "a"));
}

BOOST_AUTO_TEST_CASE(one_replica_that_has_the_keys_is_skew_and_one_that_has_the_work_is_not) {
  for (bool keyed : {true, false}) {
    Made made;
    made.cell(0, 0, {0}, {{credit, 90}, {read, 10}});
    for (std::uint32_t i = 0; i < 4; ++i) {
      made.cell(1, i, {1}, i == 2 ? Did{{visit, 96}, {input, 4}} : Did{{input, 97}, {visit, 3}});
      made.channel({0, 0}, {1, i}, 0, 1, i == 2 ? 90 : 0).keyed = keyed;
    }
    Why why = made.ask();
    BOOST_TEST(is(why, keyed ? Cause::skew : Cause::visit, "b"));
    BOOST_TEST(why.busy == 1u);
    BOOST_TEST(why.replicas == 4u);
  }
}

BOOST_AUTO_TEST_CASE(a_merge_that_holds_its_region_up_is_the_order_and_one_whose_region_works_is_not) {
  for (bool held : {true, false}) {
    Made made;
    for (std::uint32_t i = 0; i < 3; ++i) {
      made.cell(0, i, {0, 1}, held ? Did{{credit, 60}, {visit, 40}} : Did{{visit, 96}, {credit, 4}});
      made.channel({0, i}, {1, 0}, 1, 2, held ? 60 : 4);
    }
    made.cell(1, 0, {2}, {{Activity::order, 94}, {visit, 6}});
    BOOST_TEST(is(made.ask(), held ? Cause::order : Cause::visit, held ? "c" : "b"));
  }
}

BOOST_AUTO_TEST_CASE(what_others_wait_for_the_end_of_is_the_cause_as_a_gate) {
  Made made;
  made.cell(0, 0, {0, 1}, {{visit, 95}, {read, 5}});
  made.cell(1, 0, {2, 3}, {{Activity::gate, 100}}).at = 1;
  made.cell(2, 0, {4}, {{input, 100}});
  made.channel({1, 0}, {2, 0}, 3, 4);
  Why why = made.ask();
  BOOST_TEST(is(why, Cause::gate, "b"));
  BOOST_TEST(why_text(why).find("c waits 100% for the end of b") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_build_side_that_is_still_made_is_the_cause_as_a_gate) {
  Made made;
  made.cell(0, 0, {0}, {{read, 97}, {credit, 3}});
  made.cell(1, 0, {1}, {{credit, 99}, {read, 1}});
  made.cell(2, 0, {2}, {{Activity::build, 96}, {visit, 4}}).channel = 0;
  made.channel({0, 0}, {2, 0}, 0, 2);
  made.channel({1, 0}, {2, 0}, 1, 2, 99);
  BOOST_TEST(is(made.ask(), Cause::gate, "a"));
}

BOOST_AUTO_TEST_CASE(cells_that_are_ready_and_have_no_thread_are_the_cause) {
  Did a{{Activity::ready, 70}, {visit, 30}};
  Made made = chain(a, a, {{input, 70}, {visit, 30}});
  Why why = made.ask();
  BOOST_TEST((why.cause == Cause::threads));
  BOOST_TEST(why_text(why).find("too few threads are the cause") == 0u);
}

BOOST_AUTO_TEST_CASE(credit_that_is_waited_for_across_nodes_is_the_links_or_the_consumers) {
  for (bool link : {true, false}) {
    Made made = chain({{read, 50}, {credit, 50}}, {{credit, 92}, {visit, 8}}, link ? Did{{input, 95}, {visit, 5}} : Did{{visit, 95}, {input, 5}},
                      50, 92);
    ChannelSnapshot& channel = made.after.channels[1];
    channel.remote = true;
    channel.receiver->received = link ? Amount{4000, 40} : Amount{5000, 50};
    BOOST_TEST(is(made.ask(), link ? Cause::link : Cause::visit, link ? "b" : "c"));
  }
}

BOOST_AUTO_TEST_CASE(a_consumer_that_works_is_the_cause_whatever_is_under_way_at_the_moment) {
  Made made = chain({{read, 50}, {credit, 50}}, {{credit, 98}, {visit, 2}}, {{visit, 98}, {input, 2}}, 50, 98);
  ChannelSnapshot& channel = made.after.channels[1];
  channel.remote = true;
  channel.receiver->received = {4000, 40};
  BOOST_TEST(is(made.ask(), Cause::visit, "c"));
}

BOOST_AUTO_TEST_CASE(a_node_that_has_stopped_answering_is_the_cause_of_what_waits_for_it) {
  Made made;
  made.before.nodes = made.after.nodes = {{"x", 2, true}, {"y", 2, false}};
  made.cell(0, 0, {0}, {{credit, 99}, {read, 1}}, 0);
  made.cell(1, 0, {1}, {{input, 1}}, 1);
  made.cell(2, 0, {2}, {{input, 100}}, 0);
  made.channel({0, 0}, {1, 0}, 0, 1, 99).remote = true;
  made.channel({1, 0}, {2, 0}, 1, 2).remote = true;
  Why why = made.ask();
  BOOST_TEST(is(why, Cause::node, "b"));
  BOOST_TEST(why.node == "y");
}

// Two replicas feed a merge; that of node y has stopped answering, and the other one has no credit any more.
BOOST_AUTO_TEST_CASE(a_merge_that_waits_for_a_node_that_has_stopped_is_not_held_up_by_the_order) {
  for (bool works : {true, false}) {
    Made made;
    made.before.nodes = made.after.nodes = {{"x", 2, true}, {"y", 2, false}};
    made.cell(0, 0, {0}, {{credit, 99}, {read, 1}}, 0);
    made.cell(1, 0, {1}, works ? Did{{visit, 60}, {credit, 40}} : Did{{credit, 98}, {visit, 2}}, 0);
    made.cell(1, 1, {1}, {{input, 1}}, 1);
    made.cell(2, 0, {2}, {{Activity::order, 99}, {visit, 1}}, 0);
    made.channel({0, 0}, {1, 0}, 0, 1, 99);
    made.channel({0, 0}, {1, 1}, 0, 1, 99).remote = true;
    made.channel({1, 0}, {2, 0}, 1, 2, 98);
    made.channel({1, 1}, {2, 0}, 1, 2).remote = true;
    Why why = made.ask();
    BOOST_TEST(is(why, Cause::node, "b"), why_text(why));
    BOOST_TEST(why.node == "y");
  }
}

BOOST_AUTO_TEST_CASE(of_a_node_that_was_never_heard_the_other_ends_of_its_channels_are_enough) {
  Made made;
  made.cell(0, 0, {0}, {{credit, 99}, {read, 1}});
  made.cell(2, 0, {2}, {{input, 100}});
  made.channel({0, 0}, {1, 0}, 0, 1, 99).remote = true;
  made.channel({1, 0}, {2, 0}, 1, 2).remote = true;
  JobSnapshot silent;
  silent.nodes = {{"y", 0, false}};
  for (JobSnapshot* share : {&made.before, &made.after}) {
    share->channels[0].receiver.reset();
    share->channels[1].sender.reset();
    share->nodes[0].name = "x";
    *share = joined({*share, silent});
    BOOST_TEST(share->cells.size() == 3u);
  }
  Why why = made.ask();
  BOOST_TEST(is(why, Cause::node, "b"), why_text(why));
  BOOST_TEST(why.node == "y");
  // Where all are heard nobody is made up.
  silent.nodes[0].heard = true;
  made.after.cells.pop_back();
  made.after.nodes.pop_back();
  BOOST_TEST(joined({made.after, silent}).cells.size() == 2u);
}

BOOST_AUTO_TEST_CASE(waiting_that_comes_back_is_a_cycle_where_nothing_moves) {
  Made made;
  made.cell(0, 0, {0}, {{credit, 100}});
  made.cell(1, 0, {1}, {{credit, 100}});
  made.cell(2, 0, {2}, {{input, 100}});
  made.cell(3, 0, {3}, {{Activity::order, 100}});
  made.channel({0, 0}, {1, 0}, 0, 1, 100);
  made.channel({0, 0}, {2, 0}, 0, 2);
  made.channel({1, 0}, {3, 0}, 1, 3, 100);
  made.channel({2, 0}, {3, 0}, 2, 3);
  for (CellSnapshot& cell : made.after.cells) cell.moves = 7;
  for (std::size_t i = 0; i < made.after.channels.size(); ++i) {
    std::uint64_t waited = made.after.channels[i].sender->waited_ns;
    made.after.channels[i] = made.before.channels[i];
    made.after.channels[i].sender->waited_ns = waited;
  }
  // The merge waits for the side that has nothing: not for the one that holds its chunks.
  made.after.cells[1].times[static_cast<std::size_t>(credit)] = 0;
  made.after.cells[1].times[static_cast<std::size_t>(input)] = 2 * kSecond;
  Why why = made.ask();
  BOOST_TEST((why.cause == Cause::cycle));
  BOOST_TEST(why.stuck);
  BOOST_TEST(why_text(why).find("nothing moves: a circle is the cause") == 0u);
}

BOOST_AUTO_TEST_CASE(shares_that_do_not_add_up_are_unclear_and_said) {
  Did third{{visit, 34}, {input, 33}, {credit, 33}};
  Made made = chain(third, third, third, 33, 33);
  Why why = made.ask();
  BOOST_TEST((why.cause == Cause::unclear));
  BOOST_TEST(why.waits.size() == 3u);
  BOOST_TEST(why_text(why).find("the cause is unclear") == 0u);
}

BOOST_AUTO_TEST_CASE(one_long_visit_is_busy_and_not_stuck) {
  Made made = chain({{credit, 100}}, {{credit, 100}}, {{visit, 100}}, 100, 100);
  for (CellSnapshot& cell : made.after.cells) cell.moves = 7;
  for (ChannelSnapshot& channel : made.after.channels) {
    std::uint64_t waited = channel.sender->waited_ns;
    channel.sender = SenderSnapshot{};
    channel.receiver = ReceiverSnapshot{};
    channel.sender->waited_ns = waited;
  }
  made.after.cells[2].for_ns = 312 * kSecond;
  Why why = made.ask();
  BOOST_TEST(is(why, Cause::visit, "c"));
  BOOST_TEST(!why.stuck);
  BOOST_TEST(why_text(why).find("1 of 1 replica, one for 312 s\n") != std::string::npos);
  made.after.cells[2].now = input;
  BOOST_TEST(made.ask().stuck);
}

BOOST_AUTO_TEST_CASE(a_job_without_cells_has_no_cause) {
  Why why = leat::why(JobSnapshot(), JobSnapshot());
  BOOST_TEST((why.cause == Cause::unclear));
  BOOST_TEST(!why.stuck);
}

BOOST_AUTO_TEST_SUITE_END()
