// compute and where by expressions, against the same as functions over spans; explode against a plain loop.
// One thread, no runtime: what an actor does with a chunk, in turns with what a function does with it.

#include "leat_bench.hpp"
#include "measure.hpp"

#include <leat/actor/outbox.hpp>
#include <leat/actors/columns/compute.hpp>
#include <leat/actors/rows/where.hpp>
#include <leat/actors/text/explode.hpp>
#include <leat/chunk/gather.hpp>
#include <leat/chunk/table_builder.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <functional>
#include <memory>
#include <random>
#include <vector>

namespace bench {
namespace {

using namespace leat;

constexpr std::size_t kRows = 6000;

// Counts rows and drops chunks.
class Dropping final : public Outbox {
 public:
  explicit Dropping(Pool& pool) : pool_(pool) {}
  void emit(Chunk chunk) override { rows += Table(std::move(chunk)).rows(); }
  Pool& pool() override { return pool_; }
  StateBudget& budget() override { return budget_; }
  void count(std::string_view, std::uint64_t) override {}
  void report(std::string_view, std::string) override {}
  Wake waker() override { return [] {}; }
  void call_at(std::chrono::steady_clock::time_point) override {}

  std::uint64_t rows = 0;

 private:
  Pool& pool_;
  StateBudget budget_{std::uint64_t{1} << 30};
};

using Work = std::function<void(const Table&, Dropping&)>;

Work by(const StageKind& kind) {
  std::shared_ptr<Actor> actor = kind.actor({});
  return [actor](const Table& table, Dropping& out) {
    Chunk chunk = table.chunk();
    Visit visit{chunk};
    for (;;) {
      auto step = actor->visit(visit, out);
      if (!step) {
        std::fprintf(stderr, "leat_bench: %s\n", step.error().sentence.c_str());
        std::exit(1);
      }
      if (*step == Step::done) return;
    }
  };
}

Table flights(Pool& pool, std::mt19937_64& random) {
  TableBuilder builder(pool, {{"distance"}, {"minutes"}, {"delay"}, {"hour"}}, kRows);
  for (std::size_t row = 0; row < kRows; ++row) {
    builder.cells<double>(0)[row] = static_cast<double>(random() % 3000);
    builder.cells<double>(1)[row] = static_cast<double>(1 + random() % 400);
    builder.cells<double>(2)[row] = static_cast<double>(random() % 200) - 50;
    builder.cells<double>(3)[row] = static_cast<double>(random() % 24);
  }
  return std::move(builder).finish(kRows, 0);
}

// distance / minutes * 60 - delay
void computed_by_hand(const Table& table, Dropping& out) {
  Fields fields = table.fields();
  fields.push_back({"made"});
  std::size_t rows = table.rows();
  TableBuilder builder(out.pool(), fields, rows);
  for (std::size_t i = 0; i < 4; ++i) std::memcpy(builder.raw_cells(i), table.cells(i), rows * sizeof(double));
  const double* a = table.values<double>(0).data();
  const double* b = table.values<double>(1).data();
  const double* c = table.values<double>(2).data();
  double* to = builder.cells<double>(4);
  for (std::size_t row = 0; row < rows; ++row) to[row] = a[row] / b[row] * 60 - c[row];
  out.emit(std::move(builder).finish(rows, table.first_row()).chunk());
}

// delay > 15 and hour < 12 and distance + minutes > 500
void kept_by_hand(const Table& table, Dropping& out) {
  std::size_t rows = table.rows();
  const double* a = table.values<double>(0).data();
  const double* b = table.values<double>(1).data();
  const double* c = table.values<double>(2).data();
  const double* d = table.values<double>(3).data();
  std::vector<std::uint32_t> kept;
  for (std::uint32_t row = 0; row < rows; ++row) {
    if (c[row] > 15 && d[row] < 12 && a[row] + b[row] > 500) kept.push_back(row);
  }
  out.emit(select_rows(out.pool(), table, kept).chunk());
}

Table lines(Pool& pool, std::mt19937_64& random) {
  std::vector<std::string> texts(3000);
  std::size_t heap = 0;
  for (std::string& text : texts) {
    for (std::size_t word = 0; word < 8 + random() % 8; ++word)
      text += std::string(1 + random() % 9, static_cast<char>('a' + random() % 26)) + " ";
    heap += text.size();
  }
  TableBuilder builder(pool, {{"line", ColumnType::TEXT}}, {.rows = texts.size(), .heap = heap});
  for (std::size_t row = 0; row < texts.size(); ++row) builder.put(0, row, texts[row]);
  return std::move(builder).finish(texts.size(), 0);
}

// Finds the words and keeps where they are.
void split_by_hand(const Table& table, Dropping& out) {
  static std::vector<std::string_view> words;
  words.clear();
  for (std::size_t row = 0; row < table.rows(); ++row) {
    std::string_view text = table.text(0, row);
    std::size_t begin = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] != ' ') continue;
      if (i > begin) words.push_back(text.substr(begin, i - begin));
      begin = i + 1;
    }
    if (begin < text.size()) words.push_back(text.substr(begin));
  }
  out.rows += words.size();
}

struct Times {
  double ours = 1e9;
  double hand = 1e9;
  std::uint64_t rows = 0;
};

double once(const std::vector<Table>& tables, const Work& work, Dropping& out) {
  Stopwatch watch;
  for (const Table& table : tables) work(table, out);
  return watch.seconds();
}

// The best of each, in turns.
Times in_turns(const std::vector<Table>& tables, const Work& ours, const Work& hand, std::size_t rounds, Pool& pool) {
  Times times;
  for (std::size_t round = 0; round < rounds; ++round) {
    Dropping mine(pool), theirs(pool);
    times.ours = std::min(times.ours, once(tables, ours, mine));
    times.hand = std::min(times.hand, once(tables, hand, theirs));
    if (mine.rows != theirs.rows) {
      std::fprintf(stderr, "leat_bench: the results differ\n");
      std::exit(1);
    }
    times.rows = mine.rows;
  }
  return times;
}

void run_all(std::size_t rounds) {
  auto pool = Pool::make();
  std::mt19937_64 random(1);
  std::vector<Table> tables, texts;
  for (int i = 0; i < 200; ++i) tables.push_back(flights(*pool, random));
  for (int i = 0; i < 20; ++i) texts.push_back(lines(*pool, random));
  double bytes = 0;
  for (const Table& text : texts) bytes += static_cast<double>(text.chunk().root<schema::Table>().getHeapSize());
  Stopwatch watch;
  Times compute_times =
      in_turns(tables, by(compute({"made = distance / minutes * 60 - delay"})), computed_by_hand, rounds, *pool);
  Times where_times =
      in_turns(tables, by(where("delay > 15 and hour < 12 and distance + minutes > 500")), kept_by_hand, rounds, *pool);
  Times words = in_turns(texts, by(explode({.column = "line"})), split_by_hand, rounds, *pool);
  auto cells = static_cast<double>(tables.size() * kRows);
  print_line("leat", watch.seconds(), cells,
             {{"compute_ns_a_row", compute_times.ours / cells * 1e9},
              {"compute_by_hand_ns_a_row", compute_times.hand / cells * 1e9},
              {"compute_ratio", compute_times.hand / compute_times.ours},
              {"where_ns_a_row", where_times.ours / cells * 1e9},
              {"where_by_hand_ns_a_row", where_times.hand / cells * 1e9},
              {"where_ratio", where_times.hand / where_times.ours},
              {"explode_mb_per_s", bytes / words.ours / 1e6},
              {"explode_ns_a_word", words.ours / static_cast<double>(words.rows) * 1e9},
              {"words_by_hand_mb_per_s", bytes / words.hand / 1e6}});
}

}  // namespace

void add_expressions(CLI::App& app) {
  auto rounds = std::make_shared<std::size_t>(20);
  auto* sub = app.add_subcommand("expressions", "compute, where and explode against functions over spans, in turns");
  sub->add_option("--rounds", *rounds, "rounds");
  sub->callback([rounds] { run_all(*rounds); });
}

}  // namespace bench
