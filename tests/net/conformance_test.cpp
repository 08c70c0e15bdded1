#include "actor/link_conformance.hpp"

#include "two_nodes.hpp"

using namespace leat;

namespace {

// A new job a link, on the same two nodes.
testing::LinkFactory over(testing::TwoNodes& nodes, bool compress = false) {
  auto job = std::make_shared<std::uint64_t>(0);
  return [&nodes, job, compress](Amount window, Wake sender_wake, Wake receiver_wake) {
    auto links = std::make_shared<testing::BothLinks>(nodes, ++*job);
    ChannelSpec spec;
    spec.id = 7;
    spec.peer = 1;
    spec.type = capnp::typeId<schema::Number>();
    spec.window = window;
    spec.max_chunk = 1 << 20;
    spec.compress = compress;
    spec.name = "numbers";
    testing::LinkEnds ends;
    ends.prompt = false;
    ends.sender = links->links[0]->sender(spec, std::move(sender_wake));
    spec.peer = 0;
    ends.receiver = links->links[1]->receiver(spec, Pool::make(), std::move(receiver_wake));
    links->start();
    ends.between = std::move(links);
    return ends;
  };
}

}  // namespace

BOOST_AUTO_TEST_SUITE(conformance)

BOOST_AUTO_TEST_CASE(a_link_to_another_node_passes_the_suite) {
  testing::TwoNodes nodes;
  testing::link_conforms(over(nodes));
  BOOST_TEST(nodes.logs[0].count("connection closed") == 0u, nodes.logs[0].all());
  BOOST_TEST(nodes.logs[1].count("connection closed") == 0u, nodes.logs[1].all());
}

BOOST_AUTO_TEST_CASE(a_link_over_tls_passes_the_suite) {
  testing::Certificates certificates;
  testing::TwoNodes nodes(certificates.credentials());
  testing::link_conforms(over(nodes));
  BOOST_TEST(nodes.logs[0].count("connection closed") == 0u, nodes.logs[0].all());
  BOOST_TEST(nodes.logs[1].count("connection closed") == 0u, nodes.logs[1].all());
}

BOOST_AUTO_TEST_CASE(a_compressed_link_passes_the_suite) {
  testing::TwoNodes nodes;
  testing::link_conforms(over(nodes, true));
}

BOOST_AUTO_TEST_SUITE_END()
