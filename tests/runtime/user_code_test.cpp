// Whatever of the user's throws, wherever: the run says which stage it was, and the process goes on.
#include <leat/runtime/job.hpp>

#include "support/hostile.hpp"

#include "runtime/numbers.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

struct Gives final : Actor {
  Result<Step> visit(Visit& visit, Outbox& out) override {
    out.emit(visit.take());
    return Step::done;
  }
};

// Throws where the copy that was used is destroyed.
struct Bursts {
  Bursts() = default;
  Bursts(const Bursts&) {}
  ~Bursts() noexcept(false) {
    if (used) throw std::runtime_error("burst");
  }
  mutable bool used = false;
};

// A graph that captures one, and where it is used.
Graph bursting(const std::string& where) {
  Graph g{"g"};
  Bursts bursts;
  auto count = where == "source" ? g.source("count", [bursts, at = std::uint64_t{0}](Out<Number>& out) mutable -> bool {
    bursts.used = true;
    out.emit(number(out.pool(), at++));
    return at < 20;
  }) : g.source("count", counting(20));
  if (where == "key") {
    count = count.by_key("half", [bursts](const Number& n) {
      bursts.used = true;
      return n.read().getValue() / 2;
    });
  }
  auto kind = stage_kind<Number, Number>("test.kind", "");
  kind.sharing = Sharing::stateless;
  kind.holds = Holds::nothing;
  kind.describe = [bursts, fires = where == "describe"](const std::vector<Description>& inputs) -> Result<Described> {
    bursts.used = fires;
    return Described{inputs[0], {0, inputs[0].max_chunk}};
  };
  kind.actor = [bursts, fires = where == "actor"](const Making&) {
    bursts.used = fires;
    return std::make_unique<Gives>();
  };
  auto worked = count.map("work", kind, replicas(2)).map("map", [bursts, fires = where == "map"](Number n) {
    bursts.used = fires;
    return n;
  });
  worked.sink("out", [](const Number&) {});
  return g;
}

void ends_well() {
  hostile::Orders calm;
  BOOST_TEST(failure(hostile::graph(calm)) == "");
  BOOST_TEST(calm.seen->visits == static_cast<int>(hostile::kNumbers));
  BOOST_TEST(calm.seen->committed == 3);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(user_code)

BOOST_AUTO_TEST_CASE(whatever_throws_from_wherever_is_an_error_that_names_the_stage) {
  for (hostile::Place place : hostile::kPlaces) {
    for (hostile::What what : hostile::kWhats) {
      BOOST_TEST_CONTEXT(hostile::name(place) << ", " << hostile::said(what)) {
        hostile::Orders orders{place, what};
        auto report = leat::run(hostile::graph(orders), {.threads = 2});
        BOOST_REQUIRE(!report);
        BOOST_TEST(has(report.error().sentence, "stage " + hostile::stage(place)),
                   report.error().sentence);
        BOOST_TEST(has(report.error().sentence, hostile::said(what)), report.error().sentence);
        BOOST_TEST(report.error().thrown);
        bool memory = what == hostile::What::memory;
        BOOST_TEST((report.error().kind == (memory ? ErrorKind::overloaded : ErrorKind::failed)));
        bool late = place >= hostile::Place::commit;
        BOOST_TEST(late == (orders.seen->committed > 0));
      }
    }
  }
  ends_well();
}

BOOST_AUTO_TEST_CASE(what_one_of_several_replicas_throws_names_the_replica) {
  std::string said = failure(hostile::graph({hostile::Place::visit, hostile::What::integer}));
  BOOST_TEST(has(said, "stage work, replica "), said);
  BOOST_TEST(has(said, " of 2: threw something"), said);
}

BOOST_AUTO_TEST_CASE(a_destructor_that_throws_after_the_commit_says_that_all_is_committed) {
  for (auto place : {hostile::Place::end_actor, hostile::Place::end_source}) {
    hostile::Orders orders{place};
    std::string said = failure(hostile::graph(orders));
    BOOST_TEST(has(said, ": its destructor: threw an exception: hostile; all stages had committed"),
               said);
    BOOST_TEST(orders.seen->committed == 3);
  }
}

BOOST_AUTO_TEST_CASE(a_run_whose_progress_cannot_be_taken_fails_and_commits_nothing) {
  for (hostile::What what : hostile::kWhats) {
    hostile::Orders calm;
    RunOptions options{.threads = 2};
    options.on_progress = [what](const Progress&) {
      hostile::Orders{hostile::Place::visit, what}.at(hostile::Place::visit);
    };
    std::string said = failure(hostile::graph(calm), options);
    BOOST_TEST(has(said, "on_progress: " + hostile::said(what)), said);
    BOOST_TEST(calm.seen->committed == 0);
  }
  ends_well();
}

BOOST_AUTO_TEST_CASE(stages_that_give_no_actor_no_source_or_an_empty_chunk_fail_and_are_named) {
  Graph none{"g"};
  auto source = stage_kind<Number>("none", "");
  source.source = [] { return std::unique_ptr<Source>(); };
  none.source("read", source).sink("out", [](const Number&) {});
  BOOST_TEST(failure(none) == "graph g: stage read makes no source: return one");

  Graph idle{"g"};
  auto sink = stage_kind<void, Number>("none", "");
  sink.actor = [](const Making&) { return std::unique_ptr<Actor>(); };
  idle.source("read", counting(3)).sink("out", sink);
  BOOST_TEST(failure(idle) == "stage out: makes no actor: return one");

  struct Lose final : Actor {
    Result<Step> visit(Visit&, Outbox& out) override {
      out.emit(Chunk());
      return Step::done;
    }
  };
  Graph empty{"g"};
  empty.source("read", counting(3))
      .map("lose", kind_of<Lose, Number, Number>(Sharing::stateless))
      .sink("out", [](const Number&) {});
  BOOST_TEST(failure(empty) ==
             "stage lose: emitted a chunk that is empty: emit only what was built or received");
}

BOOST_AUTO_TEST_CASE(a_key_that_names_no_replica_fails_and_is_named) {
  for (bool empty : {false, true}) {
    Graph g{"g"};
    Stream<Number> count = g.source("count", counting(10));
    Stream<Number> kept = count.map("same", same(), replicas(2));
    kept.sink("out", [](const Number&) {});
    Graph keyed{"g"};
    for (const Stage& each : g.stages()) keyed.add(each);
    for (Edge edge : g.edges()) {
      if (edge.from == 0) {
        edge.dispatch.rule = Dispatch::Rule::key;
        edge.dispatch.by = "whim";
        edge.dispatch.splitter = [empty](Pool&, const Chunk& chunk, std::size_t replicas,
                                         auto& to) -> Result<void> {
          to.emplace_back(empty ? 0 : replicas, empty ? Chunk() : chunk);
          return {};
        };
      }
      keyed.connect(std::move(edge));
    }
    BOOST_TEST(failure(keyed) ==
               (empty ? "stage count: its key whim gives a piece that is empty"
                      : "stage count: its key whim sends a chunk to replica 2 of 2: count from 0"));
  }
}

BOOST_AUTO_TEST_CASE(lambdas_that_throw_anything_are_named) {
  struct Fold {
    bool adds = false;
    void add(const Number&) {
      if (adds) throw 7;
    }
    Number finish() {
      if (!adds) throw 7;
      return Number();
    }
  };
  std::vector<std::pair<std::string, std::function<void(Stream<Number>)>>> ends = {
      {"map", [](auto in) {
         in.map("bad", [](Number n) -> Number { if (n.chunk()) throw 7; return n; }).sink("out", [](Number) {});
       }},
      {"filter", [](auto in) {
         in.filter("bad", [](const Number&) -> bool { throw 7; }).sink("out", [](Number) {});
       }},
      {"flat map", [](auto in) {
         in.flat_map("bad", [](Number, Out<Number>&) { throw 7; }).sink("out", [](Number) {});
       }},
      {"fold", [](auto in) { in.fold("bad", Fold{true}).sink("out", [](Number) {}); }},
      {"finish", [](auto in) { in.fold("bad", Fold{false}).sink("out", [](Number) {}); }},
      {"sink", [](auto in) { in.sink("bad", [](Number) { throw 7; }); }},
  };
  for (bool isolated : {false, true}) {
    for (auto& [what, end] : ends) {
      Graph g{"g"};
      Stream<Number> in = g.source("count", counting(10));
      end(isolated ? in.isolated() : in);
      std::string why = failure(g);
      BOOST_TEST(why.rfind("stage bad: threw something that is not a std::exception", 0) == 0u, what + ": " + why);
    }
  }
}

BOOST_AUTO_TEST_CASE(an_actor_that_cannot_be_made_when_its_pool_grows_fails_the_job) {
  auto kind = stage_kind<Number, Number>("test", "");
  kind.sharing = Sharing::stateless;
  kind.actor = [](const Making& making) -> std::unique_ptr<Actor> {
    if (making.replica > 0) throw std::runtime_error("no second");
    return std::make_unique<hostile::Work>(hostile::Orders{});
  };
  // The source has more until the pool has been told to grow.
  auto told = std::make_shared<std::atomic<bool>>(false);
  Graph g{"g"};
  g.source("count",
           [told](Out<Number>& out) {
             out.emit(number(out.pool(), 1));
             return !*told;
           })
      .map("work", kind, replicas(1, 3))
      .sink("out", [](const Number&) {})
      .isolated();
  auto planned = leat::plan(g, 1);
  BOOST_REQUIRE(planned);
  Job job(std::move(*planned));
  auto crew = caf_crew(1, Scheduling::stealing);
  std::unique_ptr<void, std::function<void(void*)>> telling(told.get(), [&](void*) { *told = true; });
  BOOST_REQUIRE(job.build(*crew));
  job.start();
  const Plan& plan = job.plan();
  auto cells = elastic_cells(plan.checked, plan.layout);
  BOOST_REQUIRE(cells.size() == 1u);
  auto growth = grow(plan.checked, plan.layout, plan.placement, cells[0].cell, 0);
  BOOST_REQUIRE(growth);
  BOOST_TEST(!job.grow(*growth));
  BOOST_TEST(job.state().finished_within(10'000));
  auto failure = job.state().failure();
  telling.reset();
  crew.reset();
  BOOST_REQUIRE(failure);
  BOOST_TEST(failure->thrown);
  BOOST_TEST(failure->sentence == "stage work, replica 1 of 2: threw an exception: no second");
}

BOOST_AUTO_TEST_CASE(destructors_of_captures_that_throw_fail_their_job_or_nothing) {
  for (const char* where : {"source", "map"}) {
    std::string said = failure(bursting(where));
    BOOST_TEST(has(said, ": its destructor: threw an exception: burst; all stages had committed"), said);
  }
  // What holds these may live longer than the job.
  for (const char* where : {"key", "describe", "actor"}) BOOST_TEST(failure(bursting(where)) == "", where);
  ends_well();
}

BOOST_AUTO_TEST_SUITE_END()
