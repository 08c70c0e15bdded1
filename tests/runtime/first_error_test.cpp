#include <chrono>
#include <condition_variable>
#include <mutex>

#include <leat/chunk/table_builder.hpp>
#include <leat/runtime/pulled_source.hpp>

#include "runtime/numbers.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

// The first chunk goes wrong only once the second has.
struct Order {
  std::mutex mutex;
  std::condition_variable changed;
  bool second = false;
};

// Two tables too large to be pulled together, of which the rows begin at 0 and at 1.
auto two_tables() {
  return [next = std::uint64_t{0}](Out<Table>& out) mutable -> bool {
    if (next == 2) return false;
    constexpr std::size_t kRows = 50'000;
    TableBuilder builder(out.pool(), {{"x", ColumnType::I64}}, kRows);
    std::fill_n(builder.cells<std::int64_t>(0).data(), kRows, 1);
    out.emit(std::move(builder).finish(kRows, next++));
    return true;
  };
}

// Says something else each time it is asked, as one does that has lost its place.
class Lost final : public Source {
 public:
  Result<Description> probe() override { return Description{}; }
  Result<Step> pull(Outbox&) override { return invalid("complaint " + std::to_string(++asked_)); }

 private:
  int asked_ = 0;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(first_error)

BOOST_AUTO_TEST_CASE(a_source_that_failed_is_not_asked_again) {
  JobState state({{"lost"}}, 1);
  StageRun::Setup setup;
  setup.name = "lost";
  setup.pool = Pool::make();
  setup.job = &state;
  PulledSource source(std::make_shared<Lost>(), std::move(setup));
  for (int replica = 0; replica < 3; ++replica) {
    std::vector<StageRun::Emitted> into;
    auto now = std::chrono::steady_clock::now();
    CellActivity activity({0});
    auto pulled = source.pull(into, state, [] {}, now, activity);
    BOOST_REQUIRE(!pulled);
    BOOST_TEST(pulled.error().sentence.find("complaint 1") != std::string::npos, pulled.error().sentence);
  }
}

BOOST_AUTO_TEST_CASE(of_two_errors_that_of_the_earlier_chunk_is_told) {
  for (int round = 0; round < 20; ++round) {
    auto order = std::make_shared<Order>();
    Graph g{"g"};
    g.source("read", two_tables())
        .map("fail",
             [order](const Table& table) -> Result<Table> {
               std::unique_lock lock(order->mutex);
               if (table.first_row() == 0) {
                 order->changed.wait_for(lock, std::chrono::seconds(10), [&] { return order->second; });
                 return invalid("the first");
               }
               order->second = true;
               order->changed.notify_all();
               return invalid("the second");
             },
             replicas(2))
        .sink("out", [](const Table&) {});
    std::string said = failure(g);
    BOOST_TEST(said.find("the first") != std::string::npos, said);
  }
}

BOOST_AUTO_TEST_SUITE_END()
