#include <atomic>
#include <chrono>
#include <filesystem>
#include <set>
#include <thread>

#include "runtime/numbers.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

std::size_t threads_alive() {
  std::filesystem::directory_iterator tasks("/proc/self/task");
  return static_cast<std::size_t>(std::distance(begin(tasks), end(tasks)));
}

// A detached thread has said goodbye to the run a moment before the system forgets it.
std::size_t threads_left(std::size_t before) {
  auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (threads_alive() > before && std::chrono::steady_clock::now() < deadline)
    std::this_thread::yield();
  return threads_alive();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(many_runs)

BOOST_AUTO_TEST_CASE(five_hundred_runs_in_a_row_leave_no_thread_behind) {
  std::size_t before = threads_alive();
  for (std::uint64_t i = 0; i < 500; ++i) {
    Graph g{"tiny"};
    Collected<Number> out;
    Stream<Number> numbers = g.source("count", counting(i % 7));
    if (i % 2) numbers = numbers.isolated();
    Stream<Number> mapped = numbers.map("same", same(), replicas(1 + i % 3).ordered());
    if (i % 5 == 0) mapped = mapped.blocking();
    mapped.sink("out", collect(out));
    BOOST_REQUIRE(failure(g) == "");
    BOOST_REQUIRE(values(out) == upto(i % 7));
  }
  BOOST_TEST(threads_left(before) == before);
}

BOOST_AUTO_TEST_CASE(failed_and_stopped_runs_leave_no_thread_behind) {
  std::size_t before = threads_alive();
  for (int i = 0; i < 100; ++i) {
    std::stop_source stop;
    Graph g{"broken"};
    g.source("count",
             [n = 0, i, &stop](Out<Number>& out) mutable -> bool {
               if (++n == i && i % 2) stop.request_stop();
               out.emit(number(out.pool(), static_cast<std::uint64_t>(n)));
               return true;
             })
        .isolated()
        .map(
            "bad",
            [](Number n) -> Result<Number> {
              if (n.read().getValue() == 200) return failed("200");
              return n;
            },
            replicas(3))
        .sink("out", [](const Number&) {})
        .blocking();
    auto report = leat::run(g, {.threads = 2, .stop = stop.get_token()});
    BOOST_TEST((report ? report->ending == Ending::interrupted
                       : report.error().sentence == "stage bad: 200"));
  }
  BOOST_TEST(threads_left(before) == before);
}

BOOST_AUTO_TEST_CASE(runs_at_the_same_time_do_not_know_of_each_other) {
  std::vector<std::thread> runs;
  std::atomic<int> right{0};
  for (std::uint64_t i = 0; i < 6; ++i) {
    runs.emplace_back([&right, i] {
      Graph g{"one of many"};
      Collected<Number> out;
      g.source("count", counting(1000 * i))
          .map("same", same(), replicas(2).ordered())
          .sink("out", collect(out));
      right += failure(g) == "" && values(out) == upto(1000 * i);
    });
  }
  for (auto& run : runs)
    run.join();
  BOOST_TEST(right == 6);
}

BOOST_AUTO_TEST_CASE(a_blocking_stage_has_a_thread_of_its_own_and_holds_up_no_other) {
  // Waits, on its own thread, for what the other branch does on the only pooled one.
  auto told = std::make_shared<std::atomic<bool>>(false);
  auto who = std::make_shared<std::atomic<std::thread::id>>();
  auto others = std::make_shared<std::atomic<std::thread::id>>();
  Graph g{"g"};
  Stream<Number> numbers = g.source("count", counting(100));
  numbers
      .sink("waits",
            [told, who](const Number&) {
              *who = std::this_thread::get_id();
              told->wait(false);
            })
      .blocking();
  numbers.map("pass", same())
      .isolated()
      .sink("tells", [told, others, n = 0](const Number&) mutable {
        *others = std::this_thread::get_id();
        if (++n < 100) return;
        *told = true;
        told->notify_all();
      });
  BOOST_TEST(failure(g, {.threads = 1}) == "");
  BOOST_TEST((who->load() != others->load()));
}

BOOST_AUTO_TEST_CASE(counts_reports_and_progress_are_those_of_the_stages) {
  struct Counts final : Actor {
    Result<Step> visit(Visit&, Outbox& out) override {
      out.count("rows", 2);
      return Step::done;
    }
    Result<Step> finish(Ending, Outbox& out) override {
      out.report("rmse", "0.5");
      return Step::done;
    }
  };
  Graph g{"g"};
  g.source("count", counting(500))
      .map("same", same(), replicas(3))
      .sink("sum", kind_of<Counts, void, Number>(Sharing::single));
  int seen = 0;
  auto report = leat::run(
      g, {.threads = 2, .on_progress = [&](const Progress& p) { seen += p.stages.size() == 3; }});
  BOOST_REQUIRE(report);
  BOOST_TEST(seen >= 1);
  const auto& stages = report->progress.stages;
  BOOST_TEST(stages[0].chunks_out == 500u);
  BOOST_TEST(stages[1].visits == 500u);
  BOOST_TEST(stages[1].replicas == 3u);
  BOOST_TEST(stages[2].counts.at("rows") == 1000u);
  BOOST_REQUIRE(report->results.size() == 1u);
  BOOST_TEST(report->results[0].second == "0.5");
}

BOOST_AUTO_TEST_SUITE_END()
