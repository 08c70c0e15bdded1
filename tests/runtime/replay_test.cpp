// Dead letters go through the rest of their graph again.
#include <memory>
#include <vector>

#include <leat/graph/replay.hpp>

#include "runtime/numbers.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

struct Kept final : DeadLetters {
  Result<void> add(const DeadLetter& letter) override {
    letters.push_back(letter);
    letters.back().chunk = letter.chunk.copy(*pool);
    return {};
  }
  Result<void> seal(const OutputName&) override { return {}; }
  Result<void> commit(const OutputName&) override { return {}; }
  Result<void> abort(const OutputName&) override { return {}; }
  std::shared_ptr<Pool> pool = Pool::make();
  std::vector<DeadLetter> letters;
};

// Adds to each number what the build side's numbers sum up to.
struct Plus final : Actor {
  Result<Step> visit(Visit& visit, Outbox& out) override {
    if (visit.port == 1) {
      sum += value(visit.chunk);
    } else {
      out.emit(number(out.pool(), value(visit.chunk) + sum).chunk());
    }
    return Step::done;
  }
  std::uint64_t sum = 0;
};

Kind<Number, Number, Number> plus() {
  auto kind = kind_of<Plus, Number, Number, Number>(Sharing::single);
  kind.inputs[1].whole_first = true;
  return kind;
}

struct Sum {
  std::uint64_t sum = 0;
  void add(const Number& n) { sum += n.read().getValue(); }
  Number finish(Pool& pool) { return number(pool, sum); }
};

Graph graph(bool broken, const Collected<Number>& out, const Collected<Number>& beside) {
  Graph g{"g"};
  auto tenth = [broken](const Number& n) -> Number {
    if (broken && n.read().getValue() % 10 == 3) throw std::runtime_error("a three");
    return n;
  };
  auto ones = g.source("ones", counting(5)).fold("sum", Sum{});
  auto numbers = g.source("count", counting(100)).map("same", same());
  numbers.sink("beside", collect(beside));
  numbers.map("tenth", tenth).dead_letters(20).join("plus", ones, plus()).sink("out", collect(out));
  return g;
}

Result<Graph> replayed(const Graph& g, const std::vector<DeadLetter>& letters) {
  auto checked = g.check();
  if (!checked) return std::move(checked).error();
  return replay_graph(*checked, letters);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(replay)

BOOST_AUTO_TEST_CASE(what_was_put_aside_goes_through_the_mended_stage_and_all_below_it_and_nothing_else_does) {
  auto kept = std::make_shared<Kept>();
  Collected<Number> out, beside;
  auto report = leat::run(graph(true, out, beside),
                          {.threads = 2, .dead_letters = [kept](const std::string&) { return kept; }});
  BOOST_REQUIRE_MESSAGE(report, (report ? "" : report.error().sentence));
  auto first = values(out);
  BOOST_TEST(first.size() == 90u);
  BOOST_TEST(values(beside).size() == 100u);
  BOOST_TEST(kept->letters.size() == 10u);
  auto again = replayed(graph(false, out, beside), kept->letters);
  BOOST_REQUIRE_MESSAGE(again, (again ? "" : again.error().sentence));
  BOOST_TEST(failure(*again, {.threads = 2, .dead_letters = [kept](const std::string&) { return kept; }}) == "");
  auto rest = values(out);
  BOOST_TEST(values(beside).empty());
  first.insert(first.end(), rest.begin(), rest.end());
  std::sort(first.begin(), first.end());
  std::vector<std::uint64_t> expected;
  for (std::uint64_t n = 0; n < 100; ++n) expected.push_back(n + 10);
  BOOST_TEST(first == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(letters_that_do_not_belong_to_the_graph_are_refused) {
  Collected<Number> out, beside;
  Kept kept;
  DeadLetter letter{"tenth", 0, 0, 0, "count", 3, "boom", Number::payload_type(), number(*kept.pool, 3).chunk()};
  auto said = [&](DeadLetter one) {
    auto made = replayed(graph(false, out, beside), {std::move(one)});
    return made ? "" : made.error().sentence;
  };
  BOOST_TEST(said(letter) == "");
  auto other = letter;
  other.stage = "nobody";
  BOOST_TEST(said(other).find("graph g has no stage nobody with an input 0") == 0u);
  other = letter;
  other.port = 1;
  BOOST_TEST(said(other).find("graph g has no stage tenth with an input 1") == 0u);
  other = letter;
  other.type = Table::payload_type();
  BOOST_TEST(said(other).find("stage tenth takes Number and the letter is a Table") == 0u);
  other.type = {7, "Number"};
  BOOST_TEST(said(other).find("stage tenth takes Number and the letter is another Number, of another schema") == 0u);
  BOOST_TEST(replayed(graph(false, out, beside), {}).error().sentence == "there are no letters to replay");
}

BOOST_AUTO_TEST_SUITE_END()
