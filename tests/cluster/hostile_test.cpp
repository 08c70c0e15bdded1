// Graphs whose functions throw, or never return, on a cluster that has other things to do.
#include <leat/cluster/detached_call.hpp>

#include <future>
#include <new>
#include <stdexcept>

#include "cluster/small_cluster.hpp"

using namespace leat;
using namespace leat::testing;
using namespace std::chrono_literals;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// What a function does where `where` says so: the same in all of a graph.
class Trap {
 public:
  Trap(std::string where, std::string what) : where_(std::move(where)), what_(std::move(what)) {}
  void at(const std::string& here) const {
    if (here != where_) return;
    if (what_ == "exception") throw std::runtime_error("sprung");
    if (what_ == "int") throw 7;
    if (what_ == "memory") throw std::bad_alloc();
  }

 private:
  std::string where_;
  std::string what_;
};

struct TrapSource final : Source {
  explicit TrapSource(Trap t) : trap(std::move(t)) {}
  Result<Description> probe() override {
    trap.at("probe");
    Description known;
    known.max_chunk = 1024;
    return known;
  }
  Result<Step> pull(Outbox& out) override {
    trap.at("pull");
    out.emit(number(out.pool(), at).chunk());
    return ++at < 10 ? Step::more : Step::done;
  }
  Extent extent() const override {
    trap.at("extent");
    return {};
  }
  Trap trap;
  std::uint64_t at = 0;
};

struct TrapActor final : Actor {
  explicit TrapActor(Trap t) : trap(std::move(t)) {}
  Result<void> start(Outbox&) override {
    trap.at("start");
    return {};
  }
  Result<Step> visit(Visit&, Outbox&) override {
    trap.at("visit");
    return Step::done;
  }
  Result<Step> finish(Ending, Outbox&) override {
    trap.at("finish");
    return Step::done;
  }
  Result<void> commit(const OutputName&) override {
    trap.at("commit");
    return {};
  }
  Trap trap;
};

// Only what is not built on the submitter's side may be sprung there.
Program trapped() {
  std::vector<Option> params = {{"where", OptionType::text, "which function", ""},
                               {"what", OptionType::text, "what it throws", ""}};
  return {"trapped", "", params, [](const Args& args) {
            Trap trap(args["where"], args["what"]);
            auto read = stage_kind<Number>("test.trap", args["where"]);
            read.source = [trap] {
              trap.at("make source");
              return std::make_unique<TrapSource>(trap);
            };
            auto write = stage_kind<void, Number>("test.trap_sink", args["what"]);
            write.describe = [trap](const std::vector<Description>&) -> Result<Described> {
              trap.at("describe");
              return Described{};
            };
            write.actor = [trap](const Making&) {
              trap.at("make actor");
              return std::make_unique<TrapActor>(trap);
            };
            Graph g{"trapped"};
            g.source("read", read).sink("trap", write).on("far");
            return g;
          }};
}

// Runs until its gate opens.
struct Steady {
  std::promise<void> reached;
  std::promise<void> opened;
  std::shared_future<void> may_pass = opened.get_future().share();
  std::atomic<bool> told{false};
  Collected<Number> collected;
  std::shared_ptr<Tally> tally = std::make_shared<Tally>();
};

Program steady(const std::shared_ptr<Steady>& outside) {
  return {"steady", "", {}, [outside](const Args&) {
            Graph g{"steady"};
            g.source("read", counting(1000))
                .map("wait",
                     [outside](Number n) {
                       if (!outside->told.exchange(true)) outside->reached.set_value();
                       outside->may_pass.wait();
                       return n;
                     })
                .isolated()
                .sink("write", noting(outside->collected, outside->tally))
                .on("far");
            return g;
          }};
}

// What throws is not fed by the source itself, and is not where that is.
Program throws_below() {
  return {"throws_below", "", {}, [](const Args&) {
            Graph g{"throws_below"};
            g.source("read", counting(1000))
                .map("pass", same())
                .isolated()
                .sink("write",
                      [](const Number& n) {
                        if (n.read().getValue() == 700) throw std::runtime_error("sprung");
                      })
                .on("far");
            return g;
          }};
}

std::string sentence(const Result<Report>& report) { return report ? "" : report.error().sentence; }

// What has no end would hang, not fail.
template <class T>
T end_of(std::future<T>& run) {
  if (run.wait_for(30s) != std::future_status::ready) {
    BOOST_TEST_MESSAGE("it has no end");
    std::abort();
  }
  return run.get();
}

struct Fixture {
  std::shared_ptr<Steady> outside = std::make_shared<Steady>();
  SmallCluster cluster{{trapped(), steady(outside), throws_below()}};

  Fixture() {
    cluster.open_coordinator();
    cluster.add_node("a");
    cluster.add_node("b", {"far"});
  }
  std::future<Result<Report>> run_aside(std::size_t program, std::map<std::string, std::string> given = {}) {
    return std::async(std::launch::async, [this, program, given] { return cluster.run(program, given, 2); });
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(hostile, Fixture)

BOOST_AUTO_TEST_CASE(whatever_throws_fails_its_own_job_and_takes_nothing_else_down) {
  auto other = run_aside(1);
  BOOST_REQUIRE((outside->reached.get_future().wait_for(30s) == std::future_status::ready));
  const std::vector<std::string> places = {"make source", "probe",  "describe", "make actor", "start",
                                           "pull",        "extent", "visit",    "finish",     "commit"};
  for (const std::string& where : places) {
    for (const char* what : {"exception", "int", "memory"}) {
      BOOST_TEST_CONTEXT(what << " from " << where) {
        auto run = run_aside(0, {{"where", where}, {"what", what}});
        auto report = end_of(run);
        BOOST_TEST_REQUIRE(!report);
        BOOST_TEST(report.error().sentence != "");
        bool told = where == "commit" || report.error().thrown;
        BOOST_TEST(told, "not known to be thrown: " << report.error().sentence);
        if (std::string(what) == "exception") BOOST_TEST(has(report.error().sentence, "sprung"), report.error().sentence);
        bool source = where == "make source" || where == "probe" || where == "pull" || where == "extent";
        BOOST_TEST(has(report.error().sentence, source ? "read" : "trap"), report.error().sentence);
      }
    }
  }
  outside->opened.set_value();
  BOOST_TEST(sentence(end_of(other)) == "");
  BOOST_TEST(values(outside->collected).size() == 1000u);
  BOOST_TEST(outside->tally->committed == 1);
  for (const auto& node : cluster.nodes) BOOST_TEST(node->times_ready == 1);
}

BOOST_AUTO_TEST_CASE(an_error_says_which_chunk_of_the_source_though_it_came_from_another_node) {
  auto run = run_aside(2);
  auto report = end_of(run);
  BOOST_TEST_REQUIRE(!report);
  BOOST_TEST(has(report.error().sentence, "stage write: threw an exception: sprung (chunk 700 of read)"),
             report.error().sentence);
}

BOOST_AUTO_TEST_CASE(a_graph_function_that_throws_on_the_coordinator_fails_its_own_job) {
  auto told = std::make_shared<std::string>();
  auto spring = [told](const std::string& here) {
    if (*told == here) throw 7;
  };
  SmallCluster other{{steady(outside)}};
  Program good = other.identity.programs[0];
  Program bad = good;
  bad.build = [good, spring](const Args& args) {
    spring("build");
    return good.build(args);
  };
  bad.more = [spring](const std::map<std::string, std::string>&) {
    spring("more");
    return std::vector<Option>();
  };
  other.identity.programs[0] = bad;
  other.open_coordinator();
  other.identity.programs[0] = good;
  other.add_node("a", {"far"});
  for (const char* where : {"build", "more"}) {
    *told = where;
    auto report = other.run(0);
    BOOST_TEST(has(sentence(report), "graph steady cannot be built: threw something"), sentence(report));
    BOOST_TEST((!report && report.error().thrown));
  }
  *told = "";
  outside->opened.set_value();
  BOOST_TEST(sentence(other.run(0)) == "");
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

// Where functions stand until they may go on: on the coordinator or on a node, one place at a time.
struct Standing {
  std::promise<void> reached;
  std::promise<void> opened;
  std::shared_future<void> may_pass = opened.get_future().share();
  std::atomic<bool> told{false};
  std::string where;

  void at(const std::string& here) {
    if (here != where) return;
    if (!told.exchange(true)) reached.set_value();
    may_pass.wait();
  }
};

struct StandingSource final : Source {
  explicit StandingSource(std::shared_ptr<Standing> s) : standing(std::move(s)) {}
  Result<Description> probe() override {
    standing->at("probe");
    Description known;
    known.max_chunk = 1024;
    return known;
  }
  Result<Step> pull(Outbox& out) override {
    out.emit(number(out.pool(), 1).chunk());
    return Step::done;
  }
  std::shared_ptr<Standing> standing;
};

struct StandingActor final : Actor {
  explicit StandingActor(std::shared_ptr<Standing> s) : standing(std::move(s)) {}
  Result<void> start(Outbox&) override {
    standing->at("start");
    return {};
  }
  Result<Step> visit(Visit&, Outbox&) override {
    standing->at("visit");
    return Step::done;
  }
  std::shared_ptr<Standing> standing;
};

Program standing_still(const std::shared_ptr<Standing>& standing) {
  return {"standing", "", {}, [standing](const Args&) {
            auto read = stage_kind<Number>("test.standing", "");
            read.source = [standing] { return std::make_unique<StandingSource>(standing); };
            auto write = stage_kind<void, Number>("test.standing_sink", "");
            write.describe = [standing](const std::vector<Description>&) -> Result<Described> {
              standing->at("describe");
              return Described{};
            };
            write.actor = [standing](const Making&) { return std::make_unique<StandingActor>(standing); };
            Graph g{"standing"};
            g.source("read", read).sink("write", write);
            return g;
          }};
}

Program counted(const std::shared_ptr<Steady>& outside) {
  return {"counted", "", {}, [outside](const Args&) {
            Graph g{"counted"};
            g.source("read", counting(100)).sink("write", noting(outside->collected, outside->tally));
            return g;
          }};
}

struct StandingFixture {
  std::shared_ptr<Standing> standing = std::make_shared<Standing>();
  std::shared_ptr<Steady> outside = std::make_shared<Steady>();
  SmallCluster cluster{{standing_still(standing), counted(outside)}};

  void open() {
    cluster.open_coordinator();
    cluster.add_node("a");
  }
  std::future<Result<Report>> stand(const std::string& where) {
    standing->where = where;
    auto run = std::async(std::launch::async, [this] { return cluster.run(0); });
    BOOST_REQUIRE((standing->reached.get_future().wait_for(30s) == std::future_status::ready));
    return run;
  }
  Result<Report> quick() {
    auto run = std::async(std::launch::async, [this] { return cluster.run(1); });
    return end_of(run);
  }
  // Threads that were left behind use what is here.
  void let_go() {
    standing->opened.set_value();
    auto until = std::chrono::steady_clock::now() + 30s;
    while (left_behind() > 0 && std::chrono::steady_clock::now() < until) std::this_thread::yield();
    BOOST_TEST(left_behind() == 0u);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(hostile_waits, StandingFixture)

BOOST_AUTO_TEST_CASE(a_describe_that_takes_its_time_keeps_neither_jobs_nor_members_waiting) {
  open();
  auto slow = stand("describe");
  BOOST_TEST(sentence(quick()) == "");
  cluster.add_node("b");
  auto status = cluster_status(cluster.submit_options(), cluster.transport);
  BOOST_REQUIRE(status);
  BOOST_TEST_REQUIRE(status->jobs.size() == 1u);
  BOOST_TEST(status->jobs[0].phase == "placing");
  standing->opened.set_value();
  BOOST_TEST(sentence(end_of(slow)) == "");
  for (const auto& node : cluster.nodes) BOOST_TEST(node->times_ready == 1);
}

BOOST_AUTO_TEST_CASE(a_describe_that_never_returns_fails_its_job_and_holds_up_no_shutdown) {
  cluster.timeouts.step_within = 3000ms;
  open();
  auto stuck = stand("describe");
  BOOST_TEST(has(sentence(end_of(stuck)), "has not placed graph standing within 3.0 s"));
  BOOST_TEST(sentence(quick()) == "");
  auto closed = std::async(std::launch::async, [this] { cluster.coordinator.reset(); });
  end_of(closed);
  BOOST_TEST(left_behind() == 1u);
  BOOST_TEST(cluster.lines.have("left behind: a function of the graph's has not returned of=job 1"));
  let_go();
}

BOOST_AUTO_TEST_CASE(a_function_that_never_returns_on_a_node_fails_its_job_and_holds_up_no_leaving) {
  for (const char* where : {"probe", "start"}) {
    BOOST_TEST_CONTEXT(where) {
      standing = std::make_shared<Standing>();
      SmallCluster other{{standing_still(standing), counted(outside)}};
      other.timeouts.step_within = 3000ms;
      other.open_coordinator();
      SmallNode& node = other.add_node("a");
      standing->where = where;
      auto run = std::async(std::launch::async, [&] { return other.run(0); });
      BOOST_TEST(has(sentence(end_of(run)), "did not end"));
      auto next = std::async(std::launch::async, [&] { return other.run(1); });
      BOOST_TEST(sentence(end_of(next)) == "");
      node.drain.request_stop();
      auto left = std::async(std::launch::async, [&] { return node.node->wait(); });
      BOOST_TEST(bool(end_of(left)));
      BOOST_TEST(left_behind() == 1u);
      let_go();
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
