#include "leat_bench.hpp"

#include <cstdio>
#include <cstdlib>

namespace bench {

void Running::add_to(CLI::App& app) {
  app.add_option("--threads", threads, "threads");
  app.add_option("--scheduling", scheduling, "sharing or stealing")
      ->check(CLI::IsMember({"sharing", "stealing"}));
}

leat::RunOptions Running::options() const {
  leat::RunOptions options;
  options.threads = threads;
  options.scheduling =
      scheduling == "sharing" ? leat::Scheduling::sharing : leat::Scheduling::stealing;
  return options;
}

leat::Report run_or_exit(const leat::Graph& graph, const leat::RunOptions& options) {
  auto report = leat::run(graph, options);
  if (report) return std::move(report).value();
  std::fprintf(stderr, "leat_bench: %s\n", report.error().sentence.c_str());
  std::exit(1);
}

}  // namespace bench

int main(int argc, char** argv) {
  CLI::App app{"leat's side of the benchmarks"};
  app.require_subcommand(1);
  bench::add_stages(app);
  bench::add_slow(app);
  bench::add_small(app);
  bench::add_csv(app);
  bench::add_lines(app);
  bench::add_model(app);
  bench::add_groups(app);
  bench::add_sgd(app);
  bench::add_start(app);
  bench::add_tables(app);
  bench::add_expressions(app);
  CLI11_PARSE(app, argc, argv);
}
