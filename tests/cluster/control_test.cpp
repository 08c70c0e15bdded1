// Control messages survive their bytes; other bytes are refused.
#include <algorithm>
#include <random>
#include <variant>

#include <boost/test/unit_test.hpp>

#include <leat/schemas/control.capnp.h>

#include <capnp/message.h>
#include <capnp/serialize.h>

#include "cluster/control_messages.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

// Bytes a sound encoder would not make.
template <class Fill>
ControlBytes built(Fill fill, std::uint32_t protocol = control::kProtocol) {
  capnp::MallocMessageBuilder builder;
  auto root = builder.initRoot<schema::Control>();
  root.setProtocol(protocol);
  fill(root.initMessage());
  auto words = capnp::messageToFlatArray(builder);
  auto bytes = words.asBytes();
  auto* first = reinterpret_cast<const std::byte*>(bytes.begin());
  return {first, first + bytes.size()};
}

template <class Fill>
std::string complaint(Fill fill) {
  auto decoded = control::decode(built(fill));
  return decoded ? "" : decoded.error().sentence;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

BOOST_AUTO_TEST_SUITE(control)

BOOST_AUTO_TEST_CASE(every_message_has_the_same_bytes_after_a_round_trip) {
  auto messages = sample_messages();
  std::vector<bool> seen(std::variant_size_v<leat::control::Message>);
  for (const auto& message : messages) {
    seen[message.index()] = true;
    auto bytes = *leat::control::encode(message);
    auto decoded = leat::control::decode(bytes);
    BOOST_REQUIRE_MESSAGE(decoded, "message " << message.index());
    BOOST_TEST(decoded->index() == message.index());
    BOOST_TEST((*leat::control::encode(*decoded) == bytes), "message " << message.index());
  }
  BOOST_TEST(std::all_of(seen.begin(), seen.end(), [](bool one) { return one; }));
}

BOOST_AUTO_TEST_CASE(what_a_job_is_built_from_arrives_field_by_field) {
  auto bytes = *leat::control::encode(sample_messages()[7]);
  auto decoded = leat::control::decode(bytes);
  BOOST_REQUIRE(decoded);
  auto& deploy = std::get<leat::control::Deploy>(*decoded);
  BOOST_TEST((deploy.work.args == sample_work().args));
  BOOST_TEST((deploy.work.lines == sample_work().lines));
  BOOST_TEST(deploy.token == std::string(32, '\0'));
  BOOST_TEST(deploy.me == 1u);
  BOOST_TEST((deploy.data[1] == Endpoint{"::1", 4712}));
  BOOST_TEST((deploy.nodes[1].labels == std::vector<std::string>{"gpu", "disk"}));
  auto probes = sample_probes();
  BOOST_TEST((deploy.sources.at(0).fields == probes.at(0).fields));
  BOOST_TEST((deploy.sources.at(0).notes == probes.at(0).notes));
  BOOST_TEST(deploy.sources.at(0).max_chunk == 4096u);
  BOOST_TEST(deploy.sources.at(4).max_chunk == Description{}.max_chunk);
}

BOOST_AUTO_TEST_CASE(another_protocol_is_named) {
  auto decoded = leat::control::decode(built([](auto message) { message.initHeartbeat(); }, 7));
  BOOST_REQUIRE(!decoded);
  BOOST_TEST((decoded.error().kind == ErrorKind::invalid));
  BOOST_TEST(has(decoded.error().sentence, "protocol 7"));
}

BOOST_AUTO_TEST_CASE(what_is_over_a_limit_is_refused) {
  using Root = schema::Message::Builder;
  BOOST_TEST(has(complaint([](Root root) {
                   root.initAskStatus().initIdentity().initLines(70000);
                 }), "70000 entries"));
  BOOST_TEST(has(complaint([](Root root) {
                   root.initRefused().initWhy().setSentence(std::string(70000, 'x').c_str());
                 }), "70000 bytes"));
  BOOST_TEST(has(complaint([](Root root) { root.initDrain().setNode("a\nb"); }), "control characters"));
  BOOST_TEST(has(complaint([](Root root) { root.initJoin(); }), "a node's name of 0 bytes, where 1 is the least"));
  BOOST_TEST(has(complaint([](Root root) {
                   auto node = root.initJoin().initNode();
                   node.setName("a");
                   node.setCpus(5000);
                 }), "5000 cpus"));
  BOOST_TEST(has(complaint([](Root root) { root.initDeploy(); }), "token"));
  BOOST_TEST(has(complaint([](Root root) {
                   auto deploy = root.initDeploy();
                   deploy.initToken(32);
                   deploy.setMe(3);
                 }), "do not match"));
  BOOST_TEST(has(complaint([](Root root) { root.initProbed().initSources(2); }), "twice"));
  BOOST_TEST(has(complaint([](Root root) {
                   root.initOutcome().initContent().initReport().initBound().initTerms(1)[0].setWhat(kBoundTerms);
                 }), "a term of an unknown kind"));
  BOOST_TEST(has(complaint([](Root root) {
                   root.initRefused().initWhy().setKind(static_cast<schema::FailureKind>(9));
                 }), "unknown kind"));
}

BOOST_AUTO_TEST_CASE(truncated_and_empty_bytes_are_refused) {
  BOOST_TEST(!leat::control::decode({}));
  for (const auto& message : sample_messages()) {
    auto bytes = *leat::control::encode(message);
    for (std::size_t length = 0; length < bytes.size(); ++length) {
      // Cap'n Proto reads a message whose last words are not pointed at; no shorter one.
      auto decoded = leat::control::decode({bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length)});
      BOOST_TEST(!decoded, "message " << message.index() << " cut to " << length);
    }
  }
}

BOOST_AUTO_TEST_CASE(changed_bytes_are_read_or_refused_but_never_worse) {
  std::mt19937 random(1);
  std::size_t refused = 0;
  for (const auto& message : sample_messages()) {
    auto bytes = *leat::control::encode(message);
    for (int round = 0; round < 300; ++round) {
      auto hostile = bytes;
      for (int change = 0; change <= round % 4; ++change) {
        hostile[random() % hostile.size()] = static_cast<std::byte>(random());
      }
      auto decoded = leat::control::decode(hostile);
      refused += !decoded;
      if (decoded) BOOST_TEST(leat::control::encode(*decoded).ok());
    }
  }
  BOOST_TEST(refused > 1000u);
}

BOOST_AUTO_TEST_CASE(a_message_over_16_mib_is_not_looked_at) {
  BOOST_TEST(!leat::control::decode(ControlBytes(leat::control::kMostBytes + 8)));
}

BOOST_AUTO_TEST_SUITE_END()
