// Tables as people use them: words counted, a narrow file read, groups, the longest delays, a condition.

#include "leat_bench.hpp"
#include "measure.hpp"

#include <leat/actors/actors.hpp>
#include <leat/chunk/column.hpp>
#include <leat/graph/stream.hpp>

#include <atomic>

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

Stream<Table> parsed(Graph& g, const Options& options) {
  return g.source("read", csv::blocks(options.data)).map("parse", csv::parse(flights()), replicas(options.running.threads));
}

void run_words(const Options& options) {
  Graph g{"words"};
  g.source("read", text::lines({options.data}))
      .map("split", explode({.column = "line", .delimiter = " "}))
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
      .map("band", compute({"band = distance // 500"}))
      .fold("groups", group({.by = {"hour", "band"}, .columns = {"flights = count()", "mean = mean(delay)"}}))
      .sink("write", csv::write(options.out));
  print(options, run_or_exit(g, options.running.options()), {});
}

void run_top(const Options& options) {
  Graph g{"top"};
  parsed(g, options).fold("top", top({.by = {"delay"}, .count = 20})).sink("write", csv::write(options.out));
  print(options, run_or_exit(g, options.running.options()), {});
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
}

}  // namespace bench
