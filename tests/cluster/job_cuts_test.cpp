// The cuts of a job, as its coordinator sees them.
#include <leat/cluster/job_cuts.hpp>

#include <boost/test/unit_test.hpp>

using namespace leat;

namespace {

struct TwoNodes {
  TwoNodes() {
    for (const char* name : {"a", "b"}) {
      Member member;
      member.peer = parts.size() + 1;
      member.joined.node.name = name;
      parts.add(member);
    }
  }

  std::optional<control::CutTaken> taken(NodeId node, std::uint64_t n, std::string refused = "") {
    control::CutTaken said{7, n, false, {{node, 10 + node, 0}}, {{"out", {"", 0, n, node, false}}}, {}, std::move(refused)};
    return cuts.taken(parts[node], said);
  }

  JobParts parts;
  ClusterCuts cuts{7, parts};
  std::vector<Sent> out;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(job_cuts, TwoNodes)

BOOST_AUTO_TEST_CASE(what_all_nodes_have_kept_is_told_once_and_the_word_about_it_goes_to_all) {
  cuts.take(3, out);
  BOOST_TEST(out.size() == 2u);
  BOOST_TEST(!taken(0, 3));
  BOOST_TEST(!taken(0, 3));  // twice is once
  BOOST_TEST(!taken(1, 2));  // of another cut
  auto whole = taken(1, 3);
  BOOST_REQUIRE(whole);
  BOOST_TEST(whole->n == 3u);
  BOOST_TEST(whole->parts.size() == 2u);
  BOOST_TEST(whole->sealed.size() == 2u);
  BOOST_TEST(whole->refused == "");
  BOOST_TEST(cuts.under_way());
  out.clear();
  cuts.over({7, 3, ""}, out);
  BOOST_TEST(out.size() == 2u);
  BOOST_TEST(!cuts.under_way());
}

BOOST_AUTO_TEST_CASE(one_that_a_node_refuses_is_refused_with_its_name) {
  cuts.take(1, out);
  BOOST_TEST(!taken(1, 1, "the disk is full"));
  auto whole = taken(0, 1);
  BOOST_REQUIRE(whole);
  BOOST_TEST(whole->refused == "the disk is full (on node b)");
}

BOOST_AUTO_TEST_CASE(one_is_under_way_at_a_time_and_none_is_taken_twice) {
  cuts.take(2, out);
  cuts.take(3, out);
  BOOST_TEST(out.size() == 2u);
  cuts.over({7, 2, ""}, out);  // before all have said
  BOOST_TEST(cuts.under_way());
  BOOST_TEST(!taken(0, 2));
  BOOST_TEST(bool(taken(1, 2)));
  cuts.over({7, 2, "full"}, out);
  out.clear();
  cuts.take(2, out);
  BOOST_TEST(out.empty());
  cuts.take(3, out);
  BOOST_TEST(out.size() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
