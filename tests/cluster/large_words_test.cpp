// A job that says more than fits into a message fails alone: its nodes and the other jobs go on.
#include <leat/cluster/control.hpp>

#include "cluster/small_cluster.hpp"

using namespace leat;
using namespace leat::testing;
using namespace std::chrono_literals;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }
std::string sentence(const Result<Report>& report) { return report ? "" : report.error().sentence; }

struct Outside {
  Collected<Number> collected;
  std::shared_ptr<Tally> tally = std::make_shared<Tally>();
  std::atomic<bool> flows{false};
  std::promise<void> flowing;
  std::atomic<bool> ends{false};
};
using Shared = std::shared_ptr<Outside>;

// Reads on a and writes on b until it is told to end.
Program steady(const Shared& outside) {
  return {"steady", "", {}, [outside](const Args&) {
            Graph g{"steady"};
            g.source("read",
                     [outside, at = std::uint64_t{0}](Out<Number>& out) mutable -> bool {
                       if (outside->ends) return false;
                       out.emit(number(out.pool(), at++));
                       return true;
                     })
                .map("pass", same())
                .on("far")
                .map("see",
                     [outside](Number n) {
                       if (!outside->flows.exchange(true)) outside->flowing.set_value();
                       return n;
                     })
                .on("far")
                .sink("write", noting(outside->collected, outside->tally));
            return g;
          }};
}

// Says `bytes` of words in its own way, on b.
struct Wordy final : Actor {
  Wordy(std::string way, std::size_t bytes) : how(std::move(way)), words(bytes, 'w') {}
  Result<Step> visit(Visit&, Outbox& out) override {
    if (how == "error") return corrupt(words + ": shorten it");
    if (how == "count") out.count(words, 1);
    return Step::done;
  }
  Result<Step> finish(Ending, Outbox& out) override {
    if (how == "report") out.report("words", words);
    if (how == "name") out.report(words, "1");
    if (how == "reports") for (int i = 0; i < 5; ++i) out.report("words", words);
    return Step::done;
  }
  Result<void> commit(const OutputName&) override {
    if (how == "commit") return failed(words + ": shorten it");
    return {};
  }
  std::string how;
  std::string words;
};

Program wordy(const Shared& outside) {
  std::vector<Option> params = {{"how", OptionType::text, "in which way", std::nullopt}, {"bytes", OptionType::integer, "how many", std::nullopt}};
  return {"wordy", "", params, [outside](const Args& args) {
            auto kind = stage_kind<void, Number>("test.wordy", "");
            kind.actor = [how = args["how"], bytes = static_cast<std::size_t>(args.integer("bytes"))](const Making&) {
              return std::make_unique<Wordy>(how, bytes);
            };
            Graph g{"wordy"};
            auto numbers = g.source("read", counting(10));
            numbers.map("pass", same()).on("far").sink("say", std::move(kind)).on("far");
            return g;
          }};
}

// As many bytes of an argument, in the graph's text too.
Program quoting() {
  std::vector<Option> params = {{"text", OptionType::text, "any", std::nullopt}};
  return {"quoting", "", params, [](const Args& args) {
            auto kind = stage_kind<void, Number>("test.quoting", args["text"]);
            kind.actor = [](const Making&) { return std::make_unique<Wordy>("", 0); };
            Graph g{"quoting"};
            g.source("read", counting(10)).sink("say", std::move(kind));
            return g;
          }};
}

// Knows of itself as much as a text may hold.
struct Talkative final : Source {
  Result<Description> probe() override {
    Description known;
    known.notes["words"] = std::string(leat::control::kMostText, 'w');
    return known;
  }
  Result<Step> pull(Outbox&) override { return Step::done; }
};

// Three of these on each of two nodes: what a node says of its own fits, and all of it does not.
Program talkative() {
  return {"talkative", "", {}, [](const Args&) {
            auto kind = stage_kind<Number>("test.talkative", "");
            kind.source = [] { return std::make_unique<Talkative>(); };
            Graph g{"talkative"};
            for (int i = 0; i < 6; ++i) {
              auto numbers = g.source("read " + std::to_string(i), kind);
              if (i % 2) numbers = numbers.on("far");
              numbers.sink("drop " + std::to_string(i), [](const Number&) {});
            }
            return g;
          }};
}

struct Fixture {
  Shared outside = std::make_shared<Outside>();
  SmallCluster cluster{{steady(outside), wordy(outside), quoting(), talkative()}};
  std::future<Result<Report>> aside;

  Fixture() {
    cluster.open_coordinator();
    cluster.add_node("a");
    cluster.add_node("b", {"far"});
    aside = std::async(std::launch::async, [this] { return cluster.run(0, {}, 2); });
    BOOST_REQUIRE((outside->flowing.get_future().wait_for(20s) == std::future_status::ready));
  }
  // The other job has felt nothing.
  ~Fixture() {
    outside->ends = true;
    if (aside.wait_for(20s) != std::future_status::ready) std::abort();
    BOOST_TEST(sentence(aside.get()) == "");
    BOOST_TEST(outside->tally->committed == 1);
    for (auto& node : cluster.nodes) BOOST_TEST(node->times_ready == 1);
  }

  std::string said(const std::string& how, std::size_t bytes) {
    return sentence(cluster.run(1, {{"how", how}, {"bytes", std::to_string(bytes)}}, 2));
  }
};

constexpr std::size_t kLong = leat::control::kMostText + 1;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(large_words, Fixture)

BOOST_AUTO_TEST_CASE(an_error_of_any_length_fails_its_job_alone) {
  for (std::size_t bytes : {leat::control::kMostSentence - 40, leat::control::kMostSentence, 10 * kLong}) {
    std::string told = said("error", bytes);
    BOOST_TEST(told.starts_with("stage say"));
    BOOST_TEST(told.ends_with("www: shorten it (on node b)"));
  }
}

BOOST_AUTO_TEST_CASE(a_commit_that_fails_at_any_length_is_told) {
  BOOST_TEST(has(said("commit", kLong), "the job is complete but not wholly committed: node b"));
}

BOOST_AUTO_TEST_CASE(a_report_that_is_too_long_fails_its_job_alone) {
  for (const char* how : {"report", "name", "count"}) {
    std::string told = said(how, kLong);
    BOOST_TEST(has(told, "what the job's stages report cannot be told to others ("));
    BOOST_TEST(has(told, std::to_string(kLong) + " bytes, where " + std::to_string(kLong - 1) + " are the most"));
    BOOST_TEST(told.ends_with("): report and count less, under shorter names (on node b)"));
  }
}

BOOST_AUTO_TEST_CASE(reports_that_are_too_long_together_fail_their_job_alone) {
  BOOST_TEST(has(said("reports", kLong - 1), "bytes, where 16777216 are the most"));
}

BOOST_AUTO_TEST_CASE(a_plan_that_is_too_large_fails_its_job_alone) {
  auto told = sentence(cluster.run(3, {}, 2));
  BOOST_TEST(has(told, "the job and what its sources hold cannot be told to others (it takes "));
}

BOOST_AUTO_TEST_CASE(a_report_of_a_mebibyte_arrives) {
  auto report = cluster.run(1, {{"how", "report"}, {"bytes", "1048576"}}, 2);
  BOOST_TEST_REQUIRE(sentence(report) == "");
  BOOST_TEST(report->results.at(0).second.size() == 1048576u);
}

BOOST_AUTO_TEST_CASE(an_argument_of_a_mebibyte_can_be_submitted) {
  for (char letter : {'x', '\n', '\1'}) {
    BOOST_TEST(sentence(cluster.run(2, {{"text", std::string(kMostValue, letter)}}, 2)) == "");
  }
}

BOOST_AUTO_TEST_SUITE_END()
