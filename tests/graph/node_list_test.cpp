#include <leat/graph/node_list.hpp>

#include <boost/test/unit_test.hpp>
#include <rapidcheck.h>

using namespace leat;

namespace {

std::string sentence(const std::string& text) {
  auto nodes = parse_nodes(text, 2);
  return nodes ? "" : nodes.error().sentence;
}

std::string words(const std::string& text) {
  auto nodes = parse_nodes(text, 2);
  BOOST_REQUIRE_MESSAGE(nodes, sentence(text));
  std::string out;
  for (const NodeSpec& node : *nodes) out += (out.empty() ? "" : ";") + node_text(node);
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(node_list)

BOOST_AUTO_TEST_CASE(a_number_is_that_many_equal_nodes) {
  BOOST_TEST(words("3") == "node-1:cpus=2;node-2:cpus=2;node-3:cpus=2");
  BOOST_TEST(words(" 1 ") == "node-1:cpus=2");
}

BOOST_AUTO_TEST_CASE(nodes_are_named_with_their_parts_in_any_order) {
  BOOST_TEST(words("a:cpus=4,memory=8GiB,labels=gpu+disk;b:cpus=3;c") ==
             "a:cpus=4,memory=8589934592,labels=gpu+disk;b:cpus=3;c:cpus=2");
  BOOST_TEST(words(" a : labels = gpu , cpus = 1 ; b ") == "a:cpus=1,labels=gpu;b:cpus=2");
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_said_in_one_sentence) {
  const std::string forms =
      "write a number of nodes, or nodes such as a:cpus=4,memory=8GiB,labels=gpu;b:cpus=2";
  BOOST_TEST(sentence("") == "there are no nodes: " + forms);
  BOOST_TEST(sentence("0") == "0 nodes: there must be 1 to 1024");
  BOOST_TEST(sentence("99999999999999999999") == "99999999999999999999 nodes: there must be 1 to 1024");
  BOOST_TEST(sentence("-1") == "\"-1\" is no name of a node: " + forms);
  BOOST_TEST(sentence("a;;b") == "a node has no name: " + forms);
  BOOST_TEST(sentence("a;7") == "\"7\" is no name of a node: " + forms);
  BOOST_TEST(sentence("a b") == "\"a b\" is no name of a node: " + forms);
  BOOST_TEST(sentence("a;a") == "node a is there twice: give each a name of its own");
  BOOST_TEST(sentence("a:cpus=0") == "node a: cpus=0 must be a whole number from 1 to 4096");
  BOOST_TEST(sentence("a:cpus=two") == "node a: cpus=two must be a whole number from 1 to 4096");
  BOOST_TEST(sentence("a:memory=lots") == "node a: memory=lots must be a size such as 8GiB");
  BOOST_TEST(sentence("a:labels=") ==
             "node a: labels= must be labels with + between: letters, digits, '.', '-' and '_'");
  BOOST_TEST(sentence("a:cpu=2") ==
             "node a: cpu is not known: did you mean cpus? give cpus, memory or labels");
  BOOST_TEST(sentence("a:") == "node a: \"\" has no value: write cpus=, memory= or labels=");
  BOOST_TEST(sentence("a:cpus=1,cpus=2") == "node a: cpus is there twice: give it once");
}

BOOST_AUTO_TEST_CASE(a_node_written_is_the_node_read) {
  bool holds = rc::check("node_text and parse_nodes agree", [] {
    auto word = rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::elementOf(std::string("abcXYZ09.-_"))));
    NodeSpec node;
    node.name = "n" + *word;
    node.cpus = *rc::gen::inRange<std::size_t>(1, 4097);
    node.memory = *rc::gen::inRange<std::uint64_t>(0, std::uint64_t{1} << 50);
    node.labels = *rc::gen::container<std::vector<std::string>>(word);
    auto read = parse_nodes(node_text(node), 7);
    RC_ASSERT(read.ok());
    RC_ASSERT(read->size() == 1u);
    RC_ASSERT(read->front().name == node.name);
    RC_ASSERT(read->front().cpus == node.cpus);
    RC_ASSERT(read->front().memory == node.memory);
    RC_ASSERT(read->front().labels == node.labels);
  });
  BOOST_TEST(holds);
}

BOOST_AUTO_TEST_CASE(any_text_is_taken_or_refused_with_a_sentence) {
  bool holds = rc::check("no text breaks it", [] {
    auto text = *rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab12:;,=+ cpusmemorylabels\n\xff")));
    auto nodes = parse_nodes(text, 2);
    bool answered = nodes ? !nodes->empty() : !nodes.error().sentence.empty();
    RC_ASSERT(answered);
  });
  BOOST_TEST(holds);
}

BOOST_AUTO_TEST_SUITE_END()
