// Pools of a running job that follow the load.
#include <algorithm>
#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>

#include "runtime/numbers.hpp"

using namespace leat;
using namespace leat::testing;
using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t kUntilTold = ~std::uint64_t{0};

// What a source gives, and whether that takes it long.
struct Load {
  std::atomic<std::uint64_t> given{0};
  std::atomic<std::uint64_t> last{kUntilTold};
  std::atomic<bool> light{true};
};

void work_for(std::chrono::microseconds time) {
  auto until = std::chrono::steady_clock::now() + time;
  while (std::chrono::steady_clock::now() < until) {
  }
}

auto under(std::shared_ptr<Load> load) {
  return [load = std::move(load)](Out<Number>& out) {
    std::uint64_t at = load->given;
    if (at >= load->last) return false;
    if (load->light) work_for(1ms);
    out.emit(number(out.pool(), at));
    ++load->given;
    return true;
  };
}

auto working(std::chrono::microseconds time) {
  return [time](Number n) {
    work_for(time);
    return n;
  };
}

// Counts those that have ended.
struct Ends final : Actor {
  Ends(std::shared_ptr<std::promise<void>> to, std::shared_ptr<std::atomic<int>> of) : first(std::move(to)), ended(std::move(of)) {}
  Result<Step> visit(Visit& visit, Outbox& out) override {
    out.emit(visit.take());
    return Step::done;
  }
  Result<Step> finish(Ending, Outbox&) override {
    if ((*ended)++ == 0) first->set_value();
    return Step::done;
  }
  std::shared_ptr<std::promise<void>> first;
  std::shared_ptr<std::atomic<int>> ended;
};

// A run whose pool is watched.
class Watched {
 public:
  explicit Watched(Graph graph) {
    RunOptions options;
    options.threads = 2;
    options.on_progress = [this](const Progress& progress) {
      std::lock_guard lock(mutex_);
      replicas_ = progress.stages.at(1).replicas;
      changed_.notify_all();
    };
    run_ = std::async(std::launch::async,
                      [graph = std::move(graph), options] { return leat::run(graph, options); });
  }
  bool await(std::size_t replicas) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 60s, [&] { return replicas_ == replicas; });
  }
  Result<Report> end() { return run_.get(); }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t replicas_ = 0;
  std::future<Result<Report>> run_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(job_scaling)

BOOST_AUTO_TEST_CASE(a_pool_follows_its_load_and_keeps_order) {
  auto load = std::make_shared<Load>();
  Collected<Number> out;
  Graph g{"g"};
  g.source("count", under(load))
      .isolated()
      .map("work", working(200us), replicas(1, 8).ordered())
      .sink("out", collect(out));
  Watched run(std::move(g));
  BOOST_TEST(run.await(2));
  BOOST_TEST(run.await(1));
  load->light = false;
  BOOST_TEST(run.await(2));
  load->last = load->given + 100;
  auto report = run.end();
  BOOST_REQUIRE(report);
  BOOST_TEST((values(out) == upto(load->given)));
}

BOOST_AUTO_TEST_CASE(a_pool_that_waits_for_what_is_below_shrinks) {
  auto load = std::make_shared<Load>();
  Collected<Number> out;
  Graph g{"g"};
  g.source("count", under(load))
      .map("work", working(1us), replicas(1, 8))
      .map("slow", working(500us))
      .isolated()
      .sink("out", collect(out));
  load->light = false;
  Watched run(std::move(g));
  BOOST_TEST(run.await(2));
  BOOST_TEST(run.await(1));
  load->last = load->given + 100;
  auto report = run.end();
  BOOST_REQUIRE(report);
  auto got = values(out);
  std::sort(got.begin(), got.end());
  BOOST_TEST((got == upto(load->given)));
}

BOOST_AUTO_TEST_CASE(a_pool_follows_its_load_though_nobody_wants_to_see_progress) {
  auto load = std::make_shared<Load>();
  auto first = std::make_shared<std::promise<void>>();
  auto ended = first->get_future();
  auto kind = kind_of<Ends, Number, Number>(Sharing::stateless, first, std::make_shared<std::atomic<int>>(0));
  Graph g{"g"};
  g.source("count", under(load)).isolated().map("work", kind, replicas(1, 8)).sink("out", [](const Number&) {});
  RunOptions options;
  options.threads = 2;
  options.progress_every = 60s;
  auto run = std::async(std::launch::async, [g = std::move(g), options] { return leat::run(g, options); });
  BOOST_TEST((ended.wait_for(30s) == std::future_status::ready), "one of two replicas has nothing to do and stays");
  load->last = load->given + 1;
  BOOST_TEST(run.get().ok());
}

BOOST_AUTO_TEST_CASE(a_pool_of_a_fixed_number_stays) {
  auto load = std::make_shared<Load>();
  Collected<Number> out;
  Graph g{"g"};
  g.source("count", under(load))
      .isolated()
      .map("work", same(), replicas(2))
      .sink("out", collect(out));
  std::size_t fewest = 2;
  std::size_t most = 2;
  RunOptions options;
  options.threads = 2;
  options.on_progress = [&](const Progress& progress) {
    fewest = std::min(fewest, progress.stages.at(1).replicas);
    most = std::max(most, progress.stages.at(1).replicas);
    // As long as another pool would take to shrink.
    if (progress.seconds > 3) load->last = load->given.load();
  };
  auto report = leat::run(g, options);
  BOOST_REQUIRE(report);
  BOOST_TEST(fewest == 2u);
  BOOST_TEST(most == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
