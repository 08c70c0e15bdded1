// Tables as people use them: words counted, a narrow file read, groups and the longest delays from CSV and from table
// files, JSON lines into SQLite, a column of texts.

#include "leat_bench.hpp"
#include "measure.hpp"

#include <leat/actors/actors.hpp>
#include <leat/chunk/column.hpp>
#include <leat/chunk/table_builder.hpp>
#include <leat/graph/stream.hpp>

#include <algorithm>
#include <vector>

namespace bench {
namespace {

using namespace leat;

struct Options {
  Running running;
  std::string data;
  std::string out = "build/bench/tables-out";
};

void print(const Options& options, const Report& report, Json more) {
  more["threads"] = options.running.threads;
  more["bound_mb"] = static_cast<double>(report.bound.total()) / 1e6;
  print_line("leat", report.progress.seconds, static_cast<double>(report.progress.rows), more);
}

csv::ParseOptions flights() {
  csv::ParseOptions options;
  options.types = {{"hour", ColumnType::I64},
                   {"delay", ColumnType::I64},
                   {"distance", ColumnType::I64},
                   {"fare", ColumnType::F64},
                   {"state", ColumnType::TEXT}};
  return options;
}

// From a CSV file, or a table file that `store` wrote.
Stream<Table> parsed(Graph& g, const Options& options) {
  if (options.data.ends_with(".tables")) return g.source("read", tables::read(options.data));
  return g.source("read", csv::blocks(options.data)).map("parse", csv::parse(flights()), replicas(options.running.threads));
}

void run_words(const Options& options) {
  Graph g{"words"};
  g.source("read", text::lines({options.data}))
      .map("split", explode({.column = "line"}))
      .fold("count", group({.by = {"line"}, .columns = {"words = count()"}}))
      .sink("write", csv::write(options.out));
  print(options, run_or_exit(g, options.running.options()), {});
}

void run_narrow(const Options& options) {
  Graph g{"narrow"};
  parsed(g, options).sink("drop", discard<Table>());
  print(options, run_or_exit(g, options.running.options()), {});
}

void run_groups(const Options& options) {
  Graph g{"groups"};
  parsed(g, options)
      .map("band", compute({"band = distance // 500"}), replicas(options.running.threads))
      .fold("groups", group({.by = {"hour", "band"}, .columns = {"flights = count()", "mean = mean(delay)"}}))
      .sink("write", csv::write(options.out));
  print(options, run_or_exit(g, options.running.options()), {});
}

void run_top(const Options& options) {
  Graph g{"top"};
  parsed(g, options)
      .fold("top", top({.by = {"delay"}, .count = 20}), replicas(options.running.threads))
      .sink("write", csv::write(options.out));
  print(options, run_or_exit(g, options.running.options()), {});
}

void run_store(const Options& options) {
  Graph g{"store"};
  parsed(g, options).sink("write", tables::write(options.out));
  print(options, run_or_exit(g, options.running.options()), {});
}

void run_json(const Options& options) {
  Graph g{"json"};
  g.source("read", json::blocks(options.data))
      .map("parse", json::parse(), replicas(options.running.threads))
      .sink("write", sqlite::write({.path = options.out, .table = "events"}));
  print(options, run_or_exit(g, options.running.options()), {});
}

// Texts of 0 to 11 letters, in a heap.
Table texts(Pool& pool, std::size_t rows) {
  TableBuilder builder(pool, {{"text", ColumnType::TEXT}}, {.rows = rows, .heap = 12 * rows});
  for (std::size_t row = 0; row < rows; ++row) builder.put(0, row, std::string(row * 7919 % 12, 'x'));
  return std::move(builder).finish(rows, 0);
}

// Adds up the lengths and first letters of texts: through a view of the column, and of string_views that are there.
void run_texts() {
  constexpr std::size_t kRows = 8192, kRounds = 4000;
  auto pool = Pool::make();
  Table table = texts(*pool, kRows);
  auto made = table.column<std::string_view>("text");
  std::vector<std::string_view> plain(made.begin(), made.end());
  auto sum = [](const auto& cells) {
    std::uint64_t all = 0;
    for (std::string_view text : cells) all += text.size() + (text.empty() ? 0 : static_cast<unsigned char>(text[0]));
    return all;
  };
  double view = 1e9, loop = 1e9;
  std::uint64_t odd = 0;
  for (std::size_t round = 0; round < kRounds; ++round) {
    Stopwatch first;
    odd += sum(table.column<std::string_view>("text"));
    view = std::min(view, first.seconds());
    Stopwatch second;
    odd -= sum(plain);
    loop = std::min(loop, second.seconds());
  }
  if (odd != 0) std::exit(1);
  print_line("leat", view, kRows, {{"view_ns", view / kRows * 1e9}, {"loop_ns", loop / kRows * 1e9}, {"beyond_ns", (view - loop) / kRows * 1e9}});
}

void add(CLI::App& app, const char* name, const char* about, void (*run)(const Options&)) {
  auto options = std::make_shared<Options>();
  auto* sub = app.add_subcommand(name, about);
  options->running.add_to(*sub);
  sub->add_option("--data", options->data, "file")->required();
  sub->add_option("--out", options->out, "file to write");
  sub->callback([options, run] { run(*options); });
}

}  // namespace

void add_tables(CLI::App& app) {
  add(app, "words", "words of a text, counted", run_words);
  add(app, "narrow", "a narrow CSV file to Tables", run_narrow);
  add(app, "hours", "its rows by hour and band", run_groups);
  add(app, "top", "its longest delays", run_top);
  add(app, "store", "it as a table file", run_store);
  add(app, "json-sqlite", "JSON lines into a SQLite table", run_json);
  app.add_subcommand("texts", "a column of texts through its view")->callback(run_texts);
}

}  // namespace bench
