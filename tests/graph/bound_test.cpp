#include <leat/graph/bound.hpp>

#include <set>

#include "graph/sample_kinds.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

using What = BoundTerm::What;

Bound bound_of(const Graph& graph, std::size_t threads = 2, std::uint64_t base = 1000) {
  auto checked = graph.check();
  BOOST_REQUIRE_MESSAGE(checked, sentence(graph));
  auto layout = layout_of(*checked, threads);
  BOOST_REQUIRE(layout);
  return memory_bound(*checked, *layout, base);
}

std::uint64_t term(const Bound& bound, What what, const std::string& where) {
  std::uint64_t sum = 0;
  for (const BoundTerm& t : bound.terms)
    sum += t.what == what && t.where == where ? t.bytes : 0;
  return sum;
}

Graph two_cells(std::uint64_t credit, std::uint64_t state = 0, std::size_t count = 1) {
  Graph g{"g"};
  g.source("s", numbers())
      .isolated()
      .credit(credit, 100)
      .map("a", same(), replicas(count))
      .state(state)
      .sink("out", drop());
  return g;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(bound)

BOOST_AUTO_TEST_CASE(the_terms_add_up_to_the_total) {
  Bound bound = bound_of(two_cells(1 << 20));
  std::uint64_t sum = 0;
  for (const BoundTerm& t : bound.terms) {
    BOOST_TEST(t.bytes > 0u);
    sum += t.bytes;
  }
  BOOST_TEST(bound.total() == sum);
  BOOST_TEST(term(bound, What::process_base, "program and libraries, measured") == 1000u);
}

BOOST_AUTO_TEST_CASE(twice_the_credit_is_twice_the_term_and_nothing_else) {
  Bound once = bound_of(two_cells(1 << 20));
  Bound twice = bound_of(two_cells(2 << 20));
  BOOST_TEST(term(once, What::credit, "s to a") == 1u << 20);
  BOOST_TEST(term(twice, What::credit, "s to a") == 2u << 20);
  BOOST_TEST(twice.total() - once.total() == 1u << 20);
}

BOOST_AUTO_TEST_CASE(credit_and_state_are_counted_for_every_replica) {
  Bound three = bound_of(two_cells(1 << 20, 500, 3));
  BOOST_TEST(term(three, What::credit, "s to a") == 3u << 20);
  BOOST_TEST(term(three, What::state, "a") == 1500u);
  BOOST_TEST(term(three, What::output, "a") == 3 * term(bound_of(two_cells(1 << 20)), What::output, "a"));
}

BOOST_AUTO_TEST_CASE(what_a_source_holds_is_counted_once_however_many_replicas_pull_it) {
  auto kind = stage_kind<Number>("test.source", "");
  Description description;
  description.state = 500;
  kind.source = [description] { return std::make_unique<Silent>(description); };
  Graph g{"g"};
  g.source("s", kind).map("a", same(), replicas(3)).sink("out", drop());
  BOOST_TEST(term(bound_of(g, 4), What::state, "s") == 500u);
}

BOOST_AUTO_TEST_CASE(each_branch_of_a_tee_has_credit_of_its_own) {
  Graph g{"g"};
  Stream<Number> a = g.source("s", numbers());
  a.sink("left", drop());
  a.sink("right", drop());
  Bound bound = bound_of(g);
  BOOST_TEST(term(bound, What::credit, "s to left") == kDefaultWindow.bytes);
  BOOST_TEST(term(bound, What::credit, "s to right") == kDefaultWindow.bytes);
}

BOOST_AUTO_TEST_CASE(a_chain_needs_no_credit) {
  Graph g{"g"};
  g.source("s", numbers()).map("a", same()).sink("out", drop());
  for (const BoundTerm& t : bound_of(g).terms)
    BOOST_TEST((t.what != What::credit));
}

BOOST_AUTO_TEST_CASE(more_threads_and_blocking_cells_need_more_stacks) {
  Graph g{"g"};
  g.source("s", numbers()).map("a", same()).blocking().sink("out", drop());
  Graph plain{"g"};
  plain.source("s", numbers()).map("a", same()).isolated().sink("out", drop());
  BOOST_TEST(bound_of(g).total() > bound_of(plain).total());
  BOOST_TEST(bound_of(plain, 8).total() > bound_of(plain, 2).total());
}

BOOST_AUTO_TEST_CASE(what_the_pool_may_hold_is_all_but_process_runtime_and_stacks) {
  Bound bound = bound_of(two_cells(1 << 20, 500));
  std::uint64_t others = 0;
  for (const BoundTerm& t : bound.terms) {
    if (t.what == What::process_base || t.what == What::runtime || t.what == What::stacks) others += t.bytes;
  }
  BOOST_TEST(bound.chunks() == bound.total() - others);
}

BOOST_AUTO_TEST_CASE(a_bound_at_the_limit_fits) {
  Bound bound{{{What::credit, "a to b", 500}, {What::state, "b", 500}}};
  BOOST_TEST(fits(bound, 1000).ok());
  BOOST_TEST(!fits(bound, 999).ok());
}

BOOST_AUTO_TEST_CASE(a_bound_over_the_limit_names_the_largest_terms) {
  Bound bound{{{What::stacks, "2 threads", 1 << 10},
               {What::credit, "a to b", 3 << 20},
               {What::output, "a", 1 << 20},
               {What::state, "b", 2 << 20}}};
  auto fit = fits(bound, 1 << 20);
  BOOST_REQUIRE(!fit);
  BOOST_TEST((fit.error().kind == ErrorKind::overloaded));
  BOOST_TEST(
      fit.error().sentence ==
      "the graph needs up to 6.00 MiB of memory and the limit is 1.00 MiB: the largest terms are "
      "credit of a to b 3.00 MiB, state of b 2.00 MiB, output of a 1.00 MiB; allow more memory, or "
      "lower threads, replicas or credit");
}

BOOST_AUTO_TEST_CASE(bytes_are_written_with_three_digits) {
  BOOST_TEST(byte_text(0) == "0 B");
  BOOST_TEST(byte_text(999) == "999 B");
  BOOST_TEST(byte_text(1024) == "1.00 KiB");
  BOOST_TEST(byte_text(15 << 10) == "15.0 KiB");
  BOOST_TEST(byte_text(150 << 10) == "150 KiB");
  BOOST_TEST(byte_text(std::uint64_t{3} << 30) == "3.00 GiB");
  BOOST_TEST(byte_text(std::uint64_t{5000} << 40) == "5000 TiB");
}

BOOST_AUTO_TEST_CASE(every_term_has_a_name_of_its_own) {
  std::set<std::string> names;
  for (std::size_t what = 0; what < kBoundTerms; ++what) names.insert(term_name(static_cast<What>(what)));
  BOOST_TEST(names.size() == kBoundTerms);
  BOOST_TEST(names.count("") == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
