// However a graph is laid out, it computes the same.
#include <algorithm>

#include <rapidcheck/boost_test.h>

#include "runtime/numbers.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

struct StageSpec {
  int what = 0;
  bool isolated = false;
  bool blocking = false;
  std::size_t replicas = 1;
  std::uint64_t credit = 1;
};

StageSpec any_stage() {
  return {*rc::gen::inRange(0, 4), *rc::gen::arbitrary<bool>(), *rc::gen::inRange(0, 8) == 0,
          *rc::gen::inRange<std::size_t>(1, 4), *rc::gen::inRange<std::uint64_t>(1, 20)};
}

Stream<Number> add_stage(const Stream<Number>& above, const std::string& name,
                         const StageSpec& spec, Replicas count) {
  switch (spec.what) {
    case 0:
      return above.map(
          name, [](Number n, Pool& pool) { return number(pool, n.read().getValue() * 3 + 1); },
          count);
    case 1:
      return above.filter(
          name, [](const Number& n) { return n.read().getValue() % 5 != 0; }, count);
    case 2:
      return above.flat_map(
          name,
          [](const Number& n, Out<Number>& out) {
            for (std::uint64_t i = 0; i < n.read().getValue() % 3; ++i)
              out.emit(number(out.pool(), n.read().getValue() + i));
          },
          count);
    default:
      return above.map(name, same(), count);
  }
}

enum class How { chained, isolated, mixed };

std::vector<std::uint64_t> run_as(How how, const std::vector<StageSpec>& specs,
                                  std::uint64_t inputs) {
  Graph g{"g"};
  Collected<Number> out;
  Stream<Number> at = g.source("count", counting(inputs));
  for (std::size_t i = 0; i < specs.size(); ++i) {
    const StageSpec& spec = specs[i];
    // An ordered stage takes one stream: a single replica between keeps every graph legal.
    bool many = how == How::mixed && i % 2 == 0;
    at = add_stage(at, "stage " + std::to_string(i), spec,
                   many ? replicas(spec.replicas).ordered() : replicas(1));
    if (how == How::isolated || (how == How::mixed && spec.isolated))
      at = at.isolated().credit(1 << 20, spec.credit);
    if (how == How::mixed && spec.blocking) at = at.blocking();
  }
  at.sink("out", collect(out));
  auto scheduling = inputs % 2 ? Scheduling::sharing : Scheduling::stealing;
  std::string said = failure(g, {.threads = 2, .scheduling = scheduling});
  RC_ASSERT(said == "");
  return values(out);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(agreement)

RC_BOOST_PROP(chained_isolated_and_replicated_runs_agree, ()) {
  std::vector<StageSpec> specs(*rc::gen::inRange<std::size_t>(0, 6));
  for (StageSpec& spec : specs)
    spec = any_stage();
  auto inputs = *rc::gen::inRange<std::uint64_t>(0, 600);
  auto chained = run_as(How::chained, specs, inputs);
  RC_ASSERT(run_as(How::isolated, specs, inputs) == chained);
  RC_ASSERT(run_as(How::mixed, specs, inputs) == chained);
}

BOOST_AUTO_TEST_SUITE_END()
