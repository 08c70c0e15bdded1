// Lines of text, and of JSON, to Tables that are dropped.

#include "leat_bench.hpp"
#include "measure.hpp"

#include <leat/actors/json/lines.hpp>
#include <leat/actors/output/discard.hpp>
#include <leat/actors/text/lines.hpp>
#include <leat/graph/stream.hpp>

namespace bench {
namespace {

using namespace leat;

struct Options {
  Running running;
  std::string data;
  bool stages = false;
};

void run(const char* name, const Options& options, const std::function<Stream<Table>(Graph&)>& read) {
  Graph g{name};
  read(g).sink("drop", discard<Table>());
  auto report = run_or_exit(g, options.running.options());
  print_line("leat", report.progress.seconds, static_cast<double>(report.progress.rows),
             {{"threads", options.running.threads}, {"bound_mb", static_cast<double>(report.bound.total()) / 1e6}});
}

void run_lines(const Options& options) {
  run("lines", options, [&](Graph& g) { return g.source("read", text::lines(options.data)); });
}

void run_json(const Options& options) {
  run("json", options, [&](Graph& g) {
    if (!options.stages) return g.source("read", json::lines(options.data));
    return g.source("read", json::blocks(options.data)).map("parse", json::parse(), replicas(options.running.threads));
  });
}

CLI::App* add(CLI::App& app, const char* name, const char* about, std::shared_ptr<Options> options,
              void (*run)(const Options&)) {
  auto* sub = app.add_subcommand(name, about);
  options->running.add_to(*sub);
  sub->add_option("--data", options->data, "the file")->required();
  sub->callback([options, run] { run(*options); });
  return sub;
}

}  // namespace

void add_lines(CLI::App& app) {
  add(app, "lines", "lines of text to Tables, dropped", std::make_shared<Options>(), run_lines);
  auto options = std::make_shared<Options>();
  add(app, "json", "JSON lines to Tables, dropped", options, run_json)
      ->add_flag("--stages", options->stages, "json::blocks and json::parse, not json::lines");
}

}  // namespace bench
