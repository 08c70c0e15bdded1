// What is over a limit is refused before it is sent, in words of who fails by it; what is not comes through.
#include <functional>
#include <random>

#include <boost/test/unit_test.hpp>

#include "cluster/control_messages.hpp"

using namespace leat;
using namespace leat::testing;
using namespace leat::control;

namespace {

using Said = leat::control::Message;

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// One part of one message that has a limit: a message in which that part has a size.
struct Limited {
  std::string what;  // of encode()'s sentence
  std::size_t most;
  std::function<Said(std::size_t size)> sized;
};

// Any bytes, zeros among them.
std::string any_text(std::size_t size) {
  static std::mt19937 random(7);
  std::string text(size, '\0');
  for (char& byte : text) byte = static_cast<char>(random());
  return text;
}

std::string any_name(std::size_t size) {
  static std::mt19937 random(7);
  std::string name(size, 'a');
  for (char& letter : name) letter = static_cast<char>('a' + random() % 26);
  return name;
}

// A message of each type that has T's parts, changed.
template <class T>
Limited limited(const std::string& what, std::size_t most, std::function<void(T&, std::size_t)> change) {
  return {what, most, [change](std::size_t size) {
            for (Said& message : sample_messages()) {
              auto* said = std::get_if<T>(&message);
              if (!said) continue;
              change(*said, size);
              return message;
            }
            throw std::logic_error("no such message");
          }};
}

template <class T>
void of_identity(std::vector<Limited>& all, const std::string& who) {
  all.push_back(limited<T>(who, kMostText, [](T& said, std::size_t n) { said.identity.build = any_text(n); }));
  all.push_back(limited<T>(who, kMostText, [](T& said, std::size_t n) { said.identity.lines[1] = any_text(n); }));
  all.push_back(limited<T>(who, kMostEntries, [](T& said, std::size_t n) { said.identity.lines.assign(n, "line"); }));
}

template <class T>
void of_work(std::vector<Limited>& all, const std::string& who) {
  all.push_back(limited<T>(who, kMostName, [](T& said, std::size_t n) { said.work.program = any_name(n); }));
  all.push_back(limited<T>(who, kMostText, [](T& said, std::size_t n) { said.work.args["graph"] = any_text(n); }));
  all.push_back(limited<T>(who, kMostText, [](T& said, std::size_t n) { said.work.args[any_text(n)] = "x"; }));
  all.push_back(limited<T>(who, kMostText, [](T& said, std::size_t n) { said.work.lines[0] = any_text(n); }));
  all.push_back(limited<T>(who, kMostEntries, [](T& said, std::size_t n) { said.work.lines.assign(n, ""); }));
  all.push_back(limited<T>(who, kMostEntries, [](T& said, std::size_t n) {
    said.work.args.clear();
    for (std::size_t i = 0; i < n; ++i) said.work.args[std::to_string(i)];
  }));
}

template <class T>
void of_node(std::vector<Limited>& all, const std::string& who, std::function<NodeSpec&(T&)> node) {
  all.push_back(limited<T>(who, kMostName, [=](T& said, std::size_t n) { node(said).name = any_name(n); }));
  all.push_back(limited<T>(who, kMostName, [=](T& said, std::size_t n) { node(said).labels[0] = any_name(n); }));
  all.push_back(limited<T>(who, 256, [=](T& said, std::size_t n) { node(said).labels.assign(n, "l"); }));
  all.push_back(limited<T>(who, 4096, [=](T& said, std::size_t n) { node(said).cpus = n; }));
}

template <class T>
void of_sources(std::vector<Limited>& all, const std::string& who) {
  all.push_back(limited<T>(who, kMostText, [](T& said, std::size_t n) { said.sources[0].fields[0].name = any_text(n); }));
  all.push_back(limited<T>(who, kMostEntries, [](T& said, std::size_t n) {
    said.sources[0].fields.assign(n, {"x", ColumnType::F64, false, false});
  }));
  all.push_back(limited<T>(who, kMostText, [](T& said, std::size_t n) { said.sources[0].notes["n"] = any_text(n); }));
  all.push_back(limited<T>(who, kMostEntries, [](T& said, std::size_t n) {
    said.sources.clear();
    for (std::size_t i = 0; i < n; ++i) said.sources[i];
  }));
}

template <class T>
void of_progress(std::vector<Limited>& all, const std::string& who, std::function<Progress&(T&)> progress) {
  all.push_back(limited<T>(who, kMostText, [=](T& said, std::size_t n) { progress(said).stages[0].name = any_text(n); }));
  all.push_back(
      limited<T>(who, kMostText, [=](T& said, std::size_t n) { progress(said).stages[0].counts[any_text(n)] = 1; }));
  all.push_back(limited<T>(who, kMostEntries, [=](T& said, std::size_t n) {
    auto& counts = progress(said).stages[0].counts;
    counts.clear();
    for (std::size_t i = 0; i < n; ++i) counts[std::to_string(i)] = i;
  }));
  all.push_back(limited<T>(who, kMostEntries, [=](T& said, std::size_t n) { progress(said).stages.assign(n, {}); }));
}

template <class T>
void of_results(std::vector<Limited>& all, std::function<std::vector<std::pair<std::string, std::string>>&(T&)> results) {
  std::string who = "what the job's stages report";
  all.push_back(limited<T>(who, kMostText, [=](T& said, std::size_t n) { results(said)[0].first = any_text(n); }));
  all.push_back(limited<T>(who, kMostText, [=](T& said, std::size_t n) { results(said)[0].second = any_text(n); }));
  all.push_back(limited<T>(who, kMostEntries, [=](T& said, std::size_t n) { results(said).assign(n, {"r", "1"}); }));
}

Report& report_of(Outcome& outcome) { return std::get<Report>(outcome.content); }

std::vector<Limited> all_limits() {
  std::vector<Limited> all;
  std::string node = "this node's name or labels";
  std::string job = "the job";
  std::string deploy = "the job and what its sources hold";
  std::string reports = "what the job's stages report";
  std::string status = "what the cluster does";
  of_identity<Join>(all, node);
  of_identity<Submit>(all, job);
  of_identity<Drain>(all, "the node's name");
  of_work<Submit>(all, job);
  of_work<Probe>(all, job);
  of_work<Deploy>(all, deploy);
  of_node<Join>(all, node, [](Join& said) -> NodeSpec& { return said.node; });
  of_node<Deploy>(all, deploy, [](Deploy& said) -> NodeSpec& { return said.nodes[1]; });
  of_node<ClusterStatus>(all, status, [](ClusterStatus& said) -> NodeSpec& { return said.members[0].node; });
  of_sources<Probed>(all, "what its sources hold");
  of_sources<Deploy>(all, deploy);
  of_progress<Underway>(all, reports, [](Underway& said) -> Progress& { return said.progress; });
  of_progress<Finished>(all, reports, [](Finished& said) -> Progress& { return said.progress; });
  of_progress<Outcome>(all, reports, [](Outcome& said) -> Progress& { return report_of(said).progress; });
  of_progress<Outcome>(all, reports, [](Outcome& said) -> Progress& { return report_of(said).nodes[0].progress; });
  of_results<Finished>(all, [](Finished& said) -> auto& { return said.results; });
  of_results<Outcome>(all, [](Outcome& said) -> auto& { return report_of(said).results; });
  all.push_back(limited<Join>(node, kMostName, [](Join& said, std::size_t n) { said.host = any_name(n); }));
  all.push_back(limited<Join>(node, kMostName, [](Join& said, std::size_t n) { said.data.host = any_name(n); }));
  all.push_back(limited<Submit>(job, kMostName, [](Submit& said, std::size_t n) { said.host = any_name(n); }));
  all.push_back(limited<Probe>(job, kMostEntries, [](Probe& said, std::size_t n) { said.sources.assign(n, 1); }));
  all.push_back(limited<Deploy>(deploy, kMostEntries, [](Deploy& said, std::size_t n) {
    said.nodes.assign(n, {"n", {}, 1, 0});
    said.data.assign(n, said.data[0]);
  }));
  all.push_back(limited<Deploy>(deploy, kMostEntries, [](Deploy& said, std::size_t n) { said.changes.assign(n, {}); }));
  all.push_back(limited<Deploy>(deploy, 64, [](Deploy& said, std::size_t n) { said.token = any_text(n); }));
  all.push_back(limited<Deploy>(deploy, 1, [](Deploy& said, std::size_t n) { said.me = static_cast<NodeId>(n); }));
  all.push_back(limited<Deploy>(deploy, 2, [](Deploy& said, std::size_t n) { said.placed = static_cast<NodeId>(n); }));
  all.push_back(limited<Outcome>(reports, kMostEntries,
                                 [](Outcome& said, std::size_t n) { report_of(said).nodes.assign(n, {"n", {}, 1, 2}); }));
  all.push_back(limited<Outcome>(reports, kMostEntries,
                                 [](Outcome& said, std::size_t n) { report_of(said).bound.terms.assign(n, {}); }));
  all.push_back(limited<Outcome>(reports, kMostText,
                                 [](Outcome& said, std::size_t n) { report_of(said).bound.terms[0].where = any_text(n); }));
  all.push_back(limited<ClusterStatus>(status, kMostName,
                                       [](ClusterStatus& said, std::size_t n) { said.jobs[0].graph = any_name(n); }));
  all.push_back(limited<ClusterStatus>(status, kMostEntries,
                                       [](ClusterStatus& said, std::size_t n) { said.jobs.resize(n); }));
  all.push_back(limited<Drain>("the node's name", kMostName, [](Drain& said, std::size_t n) { said.node = any_name(n); }));
  return all;
}

// Told as it is, or refused in words of who says it.
void told_or_refused(const Limited& each, std::size_t size, bool fits) {
  BOOST_TEST_CONTEXT("message " << each.sized(1).index() << ", " << each.what << " of " << size) {
    Said said = each.sized(size);
    auto bytes = encode(said);
    BOOST_TEST_REQUIRE(bytes.ok() == fits);
    if (!fits) {
      BOOST_TEST((bytes.error().kind == ErrorKind::invalid));
      BOOST_TEST(bytes.error().sentence.starts_with(each.what + " cannot be told to others ("));
      BOOST_TEST(bytes.error().sentence.size() < 500u);
      return;
    }
    auto heard = decode(*bytes);
    BOOST_TEST_REQUIRE(heard.ok());
    BOOST_TEST((*encode(*heard) == *bytes));
  }
}

std::string repeated(const std::string& text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

bool sound_utf8(const std::string& text) {
  std::size_t expected = 0;
  for (unsigned char c : text) {
    bool continues = (c & 0xc0) == 0x80;
    if (continues != (expected > 0)) return false;
    if (continues) --expected;
    else expected = c < 0x80 ? 0 : c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;
  }
  return expected == 0;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(control_limits)

BOOST_AUTO_TEST_CASE(what_is_at_a_limit_is_told_and_what_is_over_one_is_refused) {
  for (const Limited& each : all_limits()) {
    told_or_refused(each, each.most, true);
    told_or_refused(each, each.most + 1, false);
  }
}

BOOST_AUTO_TEST_CASE(a_message_is_at_most_16_mib) {
  auto with = [](std::size_t last) {
    Finished said{1, Ending::complete, {}, {}, 0};
    for (int i = 0; i < 3; ++i) said.results.emplace_back("r", std::string(kMostText, 'x'));
    said.results.emplace_back("r", std::string(last, 'x'));
    return encode(said);
  };
  std::size_t fits = 0;
  std::size_t over = kMostText;
  while (over - fits > 1) {
    std::size_t middle = (fits + over) / 2;
    (with(middle) ? fits : over) = middle;
  }
  auto largest = with(fits);
  BOOST_TEST_REQUIRE(largest.ok());
  BOOST_TEST(largest->size() == kMostBytes);
  BOOST_TEST(decode(*largest).ok());
  auto refused = with(over);
  BOOST_TEST_REQUIRE(!refused.ok());
  BOOST_TEST(has(refused.error().sentence, "it takes 16777224 bytes, where 16777216 are the most"));
}

BOOST_AUTO_TEST_CASE(numbers_that_do_not_fit_are_refused_not_changed) {
  Submit submit = std::get<Submit>(sample_messages()[4]);
  submit.nodes_within = std::chrono::milliseconds(std::int64_t{1} << 32);
  BOOST_TEST(!encode(submit).ok());
  submit.nodes_within = std::chrono::milliseconds(-1);
  BOOST_TEST(!encode(submit).ok());
  submit.nodes_within = std::chrono::milliseconds(0);
  submit.nodes = 0;
  BOOST_TEST(!encode(submit).ok());
  Probe probe{1, sample_work(), {std::size_t{1} << 32}};
  BOOST_TEST(!encode(probe).ok());
}

BOOST_AUTO_TEST_CASE(any_sentence_can_be_told_of_any_failure) {
  for (std::size_t size : {kMostSentence - 1, kMostSentence, kMostSentence + 1, 3 * kMostSentence, std::size_t{9} << 20}) {
    for (const char* letter : {"x", "\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x8c\x8d", "\x80", "\xff"}) {
      std::string sentence = "stage a: " + repeated(letter, size / std::string(letter).size()) + ": shorten it (on node b)";
      for (const Said& said : {Said(control::Refused{{ErrorKind::failed, sentence}}), Said(Failed{1, corrupt(sentence)}),
                                  Said(Cancel{1, sentence}), Said(Outcome{invalid(sentence)})}) {
        auto bytes = encode(said);
        BOOST_TEST_REQUIRE(bytes.ok());
        auto heard = decode(*bytes);
        BOOST_TEST_REQUIRE(heard.ok());
        std::string told;
        if (auto* one = std::get_if<control::Refused>(&*heard)) told = one->why.sentence;
        if (auto* one = std::get_if<Failed>(&*heard)) told = one->why.sentence;
        if (auto* one = std::get_if<Cancel>(&*heard)) told = one->why;
        if (auto* one = std::get_if<Outcome>(&*heard)) told = std::get<Error>(one->content).sentence;
        BOOST_TEST(told.size() <= kMostSentence);
        BOOST_TEST(told.size() > kMostSentence - 64);
        BOOST_TEST(told.starts_with("stage a: "));
        BOOST_TEST(told.ends_with(": shorten it (on node b)"));
        BOOST_TEST((told == sentence || has(told, " ... ")));
        BOOST_TEST(sound_utf8(told) == sound_utf8(sentence));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(what_is_added_to_a_sentence_that_was_cut_stays) {
  Error error = failed(repeated("\xe2\x82\xac", 50'000));
  for (int hop = 0; hop < 5; ++hop) {
    auto heard = decode(*encode(Failed{1, error}));
    BOOST_TEST_REQUIRE(heard.ok());
    error = std::get<Failed>(*heard).why.and_then(" (on node " + std::to_string(hop) + ")");
  }
  BOOST_TEST(error.sentence.ends_with(" (on node 0) (on node 1) (on node 2) (on node 3) (on node 4)"));
}

BOOST_AUTO_TEST_CASE(a_failures_subject_is_told_but_for_names_that_do_not_fit) {
  Subject subject{.graph = "g", .stage = "parse", .option = "bad", .file = "a.csv", .line = 7, .column = 2};
  auto told = [](Subject of) {
    auto heard = decode(encode(Failed{1, corrupt("no").about(of)}).value());
    return std::get<Failed>(heard.value()).why.subject();
  };
  BOOST_TEST((told(subject) == subject));
  BOOST_TEST((told({}) == Subject()));
  Subject long_one = subject;
  long_one.stage = std::string(kMostSentence + 1, 'x');
  subject.stage = "";
  BOOST_TEST((told(long_one) == subject));
}

BOOST_AUTO_TEST_SUITE_END()
