#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>

#include <leat/chunk/table_builder.hpp>

#include "runtime/numbers.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

// Large tables of narrow rows, nearly all of one key.
auto skewed(int tables) {
  return [left = tables](Out<Table>& out) mutable -> bool {
    if (left-- == 0) return false;
    constexpr std::size_t kRows = 200'000;
    TableBuilder builder(out.pool(), {{"key", ColumnType::I32}}, kRows);
    for (std::size_t row = 0; row < kRows; ++row)
      builder.cells<std::int32_t>(0)[row] = row % 1000 ? 7 : static_cast<int>(row);
    out.emit(std::move(builder).finish(kRows, 0));
    return true;
  };
}

// Replica 0 waits, its first chunk in hand, until replica 1 has got a 1: a deadlock where that one waits
// for replica 0's credit.
struct Meeting {
  std::mutex mutex;
  std::condition_variable changed;
  bool come = false;
  bool met = true;
};

struct Meet final : Actor {
  Meet(std::shared_ptr<Meeting> at, bool waits) : at_(std::move(at)), waits_(waits) {}
  Result<Step> visit(Visit& visit, Outbox& out) override {
    std::unique_lock lock(at_->mutex);
    if (!waits_ && value(visit.chunk) == 1) {
      at_->come = true;
      at_->changed.notify_all();
    } else if (std::exchange(waits_, false)) {
      at_->met = at_->changed.wait_for(lock, std::chrono::seconds(10), [&] { return at_->come; });
    }
    out.emit(visit.take());
    return Step::done;
  }
  std::shared_ptr<Meeting> at_;
  bool waits_;
};

// Splits by number, and says how long it took.
auto slow_key(std::shared_ptr<std::atomic<std::int64_t>> spent) {
  return [spent](const Number& number) {
    auto since = std::chrono::steady_clock::now();
    auto now = since;
    while (now - since < std::chrono::microseconds(50)) now = std::chrono::steady_clock::now();
    *spent += (now - since).count();
    return number.read().getValue();
  };
}

}  // namespace

BOOST_AUTO_TEST_SUITE(keyed)

BOOST_AUTO_TEST_CASE(a_replica_that_waits_without_credit_keeps_no_other_from_its_chunks) {
  for (bool broadcast : {false, true}) {
    auto meeting = std::make_shared<Meeting>();
    Collected<Number> out;
    Graph g{"g"};
    Stream<Number> six = g.source("count", counting(1)).flat_map("six", [](Number, Out<Number>& to) {
      for (std::uint64_t value : {0, 0, 0, 0, 0, 1}) to.emit(number(to.pool(), value));
    });
    six = six.emits_at_most(1 << 16).credit(1 << 20, 1);
    auto keyed = six.by_key("value", [](const Number& n) { return n.read().getValue(); });
    if (broadcast) keyed = six.broadcast();
    auto kind = stage_kind<Number, Number>("meet", "");
    kind.sharing = Sharing::stateless;
    kind.actor = [meeting](const Making& making) {
      return std::make_unique<Meet>(meeting, making.replica == 0);
    };
    keyed.map("meet", kind, replicas(2)).blocking().sink("out", collect(out));
    BOOST_TEST(failure(g) == "");
    BOOST_TEST(meeting->met, "1 never came while 0 waited");
    BOOST_TEST(values(out).size() == (broadcast ? 12u : 6u));
  }
}

BOOST_AUTO_TEST_CASE(splitting_by_key_is_time_in_which_the_stage_that_emits_is_busy) {
  for (bool chained : {false, true}) {
    auto spent = std::make_shared<std::atomic<std::int64_t>>(0);
    Graph g{"g"};
    Stream<Number> count = g.source("count", counting(200));
    if (!chained) count = count.isolated();
    if (chained) count = count.map("same", same());
    count.by_key("value", slow_key(spent))
        .map("keyed", same(), replicas(2))
        .sink("out", [](const Number&) {});
    auto report = leat::run(g, {.threads = 2});
    BOOST_REQUIRE_MESSAGE(report, (report ? "" : report.error().sentence));
    const StageProgress& emits = report->progress.stages[chained ? 1 : 0];
    BOOST_TEST(emits.name == (chained ? "same" : "count"));
    BOOST_TEST(emits.busy >= static_cast<double>(*spent) * 1e-9);
    // Nor is it booked twice: one cell is not busy for longer than the run lasts, most of which this is.
    BOOST_TEST(emits.busy <= report->progress.seconds);
  }
}

BOOST_AUTO_TEST_CASE(large_tables_of_nearly_one_key_pass) {
  Graph g{"g"};
  auto rows = std::make_shared<std::atomic<std::uint64_t>>(0);
  g.source("read", skewed(5))
      .emits_at_most(1 << 20)
      .by_column("key")
      .map(
          "same", [](Table t) { return t; }, replicas(3))
      .emits_at_most(1 << 20)
      .sink("out", [rows](const Table& t) { *rows += t.rows(); });
  BOOST_TEST(failure(g) == "");
  BOOST_TEST(*rows == 1'000'000u);
}

BOOST_AUTO_TEST_CASE(a_piece_larger_than_the_credit_fails_and_does_not_hang) {
  Graph g{"g"};
  Stream<Number> count = g.source("count", counting(10));
  Stage stage;
  stage.name = "same";
  stage.kind = callables::kind_of<callables::MapActor<Number, decltype(same())>, Number, Number>(
      "same", same(), Sharing::stateless);
  stage.replicas = replicas(2);
  StageId id = g.add(std::move(stage));
  Dispatch swells;
  swells.rule = Dispatch::Rule::key;
  swells.by = "size";
  swells.splitter = [](Pool& pool, const Chunk&, std::size_t, auto& to) -> Result<void> {
    Building<schema::Number> large(pool, 3 << 20);
    to.emplace_back(1, std::move(large).finish());
    return {};
  };
  g.connect({count.stages()[0], id, 0, swells});
  Stream<Number>(g, {id}).sink("out", [](const Number&) {});
  BOOST_TEST(failure(g) ==
             "stage count: a piece of a keyed chunk takes 3.50 MiB and the credit is 512 KiB: "
             "raise its credit");
}

BOOST_AUTO_TEST_SUITE_END()
