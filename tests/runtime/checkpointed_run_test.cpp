// Runs with checkpoints: what fails goes on from the latest, and what comes of it is what would have come.
#include "support/folder.hpp"

#include <leat/actors/csv/blocks.hpp>
#include <leat/actors/csv/parse.hpp>
#include <leat/actors/csv/write.hpp>
#include <leat/actors/group/group.hpp>
#include <leat/chunk/rows.hpp>
#include <leat/graph/memory.hpp>
#include <leat/graph/stream.hpp>
#include <leat/runtime/run.hpp>

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <thread>

using namespace leat;
using tests::Folder;
using tests::text_of;

namespace {

constexpr std::size_t kRows = 20'000;

std::string file_of(const Folder& folder) {
  std::string path = folder / "rows.csv";
  std::ofstream out(path);
  out << "key,value\n";
  for (std::size_t i = 0; i < kRows; ++i) out << i % 97 << "," << i << "\n";
  return path;
}

// Throws at the rows it is told of, once at each.
struct Fault {
  std::vector<std::size_t> at;
  std::atomic<std::size_t> thrown{0};
  std::atomic<std::uint64_t> seen{0};

  void look(const Table& table) {
    ++seen;
    std::size_t which = thrown.load();
    if (which >= at.size() || table.rows() == 0) return;
    if (table.row_number(table.rows() - 1) < at[which]) return;
    if (thrown.compare_exchange_strong(which, which + 1)) throw std::runtime_error("fault " + std::to_string(which));
  }
};

// Holds how many rows have passed, so that what it threw at cannot be repeated in place.
struct Watch {
  explicit Watch(std::shared_ptr<Fault> given) : fault(std::move(given)) {}
  std::shared_ptr<Fault> fault;
  std::uint64_t rows = 0;

  Table operator()(const Table& table, Pool&) {
    fault->look(table);
    rows += table.rows();
    return table;
  }
  Result<Chunk> snapshot(Pool& pool) const {
    TableBuilder builder(pool, {{"rows", ColumnType::I64}}, 1);
    builder.cells<std::int64_t>(0)[0] = static_cast<std::int64_t>(rows);
    return std::move(builder).finish(1, 0).chunk();
  }
  Result<void> restore(const Chunk& chunk) {
    rows = static_cast<std::uint64_t>(Table(chunk).column<std::int64_t>("rows")[0]);
    return {};
  }
};

csv::BlockOptions small() {
  csv::BlockOptions options;
  options.block_bytes = 2048;
  return options;
}

RunOptions kept(const Folder& folder, std::chrono::milliseconds every = std::chrono::milliseconds(1)) {
  RunOptions options;
  options.threads = 3;
  options.checkpoints.folder = folder / "store";
  options.checkpoints.every = every;
  options.checkpoints.restarts = {100, std::chrono::seconds(60)};
  return options;
}

using Shape = std::function<void(Graph&, Stream<Table>, const std::string& out)>;

Graph graph_of(const Shape& shape, const std::string& rows, const std::string& out, const std::shared_ptr<Fault>& fault) {
  Graph g{"kept"};
  auto parsed = g.source("read", csv::blocks({rows}, small())).map("parse", csv::parse(), replicas(2).ordered());
  shape(g, parsed.map("watch", Watch(fault)), out);
  return g;
}

// The same, whatever fails where.
void goes_on(const Shape& shape) {
  Folder folder;
  std::string rows = file_of(folder), whole = folder / "whole.csv", other = folder / "other.csv";
  auto none = std::make_shared<Fault>();
  RunOptions plain;
  plain.threads = 3;
  auto expected = run(graph_of(shape, rows, whole, none), plain);
  BOOST_REQUIRE_MESSAGE(expected, (expected ? std::string() : expected.error().sentence));
  auto fault = std::make_shared<Fault>();
  fault->at = {kRows / 3, kRows / 2, kRows - 1};
  std::uint64_t restored = 0;
  auto options = kept(folder);
  options.checkpoints.on_restart = [&](const Error&, std::uint64_t n) { restored += n > 0; };
  std::uint64_t latest = 0;
  bool in_order = true, sized = true;
  options.checkpoints.on_checkpoint = [&](const CheckpointTaken& one) {
    in_order = in_order && one.n > latest;
    sized = sized && (one.bytes > 0) == one.refused.empty();
    latest = one.n;
    if (one.n == 1) throw std::runtime_error("who is told throws");
  };
  auto report = run(graph_of(shape, rows, other, fault), options);
  BOOST_REQUIRE_MESSAGE(report, (report ? std::string() : report.error().sentence));
  BOOST_TEST(fault->thrown.load() == 3u);
  BOOST_TEST(in_order);
  BOOST_TEST(sized);
  BOOST_TEST((restored == 0 || latest > 0));
  BOOST_TEST(text_of(other) == text_of(whole));
  for (std::size_t i = 0; i < report->progress.stages.size(); ++i) {
    BOOST_TEST((report->progress.stages[i].counts == expected->progress.stages[i].counts));
  }
  BOOST_TEST(report->results.size() == expected->results.size());
  BOOST_TEST(std::filesystem::is_empty(folder / "store/cuts"));
  // No hidden file is left of it.
  for (const auto& each : std::filesystem::directory_iterator(folder.path())) {
    BOOST_TEST(each.path().filename().string().front() != '.', "this is left: " << each.path().filename());
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(checkpointed_run)

BOOST_AUTO_TEST_CASE(a_chain_into_a_file) {
  goes_on([](Graph&, Stream<Table> rows, const std::string& out) { rows.sink("write", csv::write(out)); });
}

BOOST_AUTO_TEST_CASE(sums_by_key_in_replicas) {
  goes_on([](Graph&, Stream<Table> rows, const std::string& out) {
    rows.fold("sum", group({{"key"}, {"n = count()", "sum = sum(value)"}})).sink("write", csv::write(out));
  });
}

BOOST_AUTO_TEST_CASE(an_ordered_pool_behind_what_holds_something) {
  goes_on([](Graph&, Stream<Table> rows, const std::string& out) {
    rows.map("again", [](const Table& table, Pool&) { return table; }, replicas(3).ordered()).sink("write", csv::write(out));
  });
}

BOOST_AUTO_TEST_CASE(a_tee_whose_branches_end_apart) {
  goes_on([](Graph&, Stream<Table> rows, const std::string& out) {
    rows.fold("all", group({{}, {"n = count()"}})).sink("count", csv::write(out + ".n"));
    rows.sink("write", csv::write(out));
  });
}

BOOST_AUTO_TEST_CASE(without_faults_nothing_is_begun_anew) {
  Folder folder;
  auto none = std::make_shared<Fault>();
  auto options = kept(folder);
  std::size_t restarts = 0;
  options.checkpoints.on_restart = [&](const Error&, std::uint64_t) { ++restarts; };
  auto shape = [](Graph&, Stream<Table> rows, const std::string& out) { rows.sink("write", csv::write(out)); };
  auto report = run(graph_of(shape, file_of(folder), folder / "out.csv", none), options);
  BOOST_REQUIRE_MESSAGE(report, (report ? std::string() : report.error().sentence));
  BOOST_TEST(restarts == 0u);
}

BOOST_AUTO_TEST_CASE(what_always_fails_fails_and_can_be_restored_once_it_is_mended) {
  Folder folder;
  std::string rows = file_of(folder), out = folder / "out.csv";
  struct Always {
    Result<Table> operator()(const Table& table, Pool&) {
      if (broken && table.rows() > 0 && table.row_number(table.rows() - 1) > kRows / 2) throw std::runtime_error("broken");
      return table;
    }
    Result<Chunk> snapshot(Pool& pool) const { return TableBuilder(pool, {{"x", ColumnType::I64}}, 1).finish(0, 0).chunk(); }
    Result<void> restore(const Chunk&) { return {}; }
    bool broken;
  };
  auto graph = [&](bool broken) {
    Graph g{"kept"};
    g.source("read", csv::blocks({rows}, small())).map("parse", csv::parse()).map("step", Always{broken}).sink("write", csv::write(out));
    return g;
  };
  auto failed = run(graph(true), kept(folder));
  BOOST_REQUIRE(!failed);
  BOOST_TEST(failed.error().sentence.find("broken") != std::string::npos);
  BOOST_TEST(!std::filesystem::exists(out));
  auto refused = run(graph(false), kept(folder));
  BOOST_REQUIRE(!refused);
  BOOST_TEST(refused.error().sentence.find("has not ended") != std::string::npos);
  auto options = kept(folder);
  options.checkpoints.restore = true;
  auto report = run(graph(false), options);
  BOOST_REQUIRE_MESSAGE(report, (report ? std::string() : report.error().sentence));
  BOOST_TEST(text_of(out) == text_of(rows));
}

BOOST_AUTO_TEST_CASE(what_does_not_say_what_it_holds_is_refused) {
  Folder folder;
  Graph g{"kept"};
  g.source("read", csv::blocks({file_of(folder)}, small()))
      .map("parse", csv::parse())
      .map("counts", [seen = 0](const Table& table, Pool&) mutable {
        ++seen;
        return table;
      })
      .sink("write", csv::write(folder / "out.csv"));
  auto refused = run(g, kept(folder));
  BOOST_REQUIRE(!refused);
  BOOST_TEST(refused.error().sentence.find("does not say what it holds") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
