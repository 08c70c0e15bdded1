#pragma once
// leat's side of the benchmarks: each sub-command adds its options to the program's command line and
// prints one line of JSON, as the peers do.

#include <CLI/CLI.hpp>

#include <leat/graph/graph.hpp>
#include <leat/runtime/run.hpp>

namespace bench {

void add_stages(CLI::App& app);
void add_slow(CLI::App& app);
void add_small(CLI::App& app);
void add_csv(CLI::App& app);
void add_lines(CLI::App& app);
void add_model(CLI::App& app);
void add_groups(CLI::App& app);
void add_sgd(CLI::App& app);
void add_start(CLI::App& app);
void add_tables(CLI::App& app);
void add_expressions(CLI::App& app);

/// How `leat_bench` lets a user choose how cells share threads.
struct Running {
  std::size_t threads = 2;
  std::string scheduling = "stealing";
  void add_to(CLI::App& app);
  leat::RunOptions options() const;
};

/// Runs a graph; on failure prints the sentence and exits.
leat::Report run_or_exit(const leat::Graph& graph, const leat::RunOptions& options);

}  // namespace bench
