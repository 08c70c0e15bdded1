// A CSV file to Tables that are dropped, and to a linear model.

#include "leat_bench.hpp"
#include "measure.hpp"

#include <leat/actors/csv/csv.hpp>
#include <leat/actors/output/discard.hpp>
#include <leat/actors/regression/linear_regression.hpp>
#include <leat/graph/stream.hpp>

namespace bench {
namespace {

using namespace leat;
using Model = Message<schema::LinearModel>;

struct Options {
  Running running;
  std::string data;
  std::string numbers = "f32";
};

Stream<Table> tables(Graph& g, const Options& options) {
  return g.source("read", csv::blocks(options.data))
      .map("parse", csv::parse({.real = type_named(options.numbers).value()}), replicas(options.running.threads));
}

void print(const Options& options, const Report& report, Json more) {
  more["threads"] = options.running.threads;
  more["numbers"] = options.numbers;
  more["bound_mb"] = static_cast<double>(report.bound.total()) / 1e6;
  print_line("leat", report.progress.seconds, static_cast<double>(report.progress.rows), more);
}

void run_csv(const Options& options) {
  Graph g{"csv"};
  tables(g, options).sink("drop", discard<Table>());
  print(options, run_or_exit(g, options.running.options()), {});
}

void run_model(const Options& options) {
  Graph g{"model"};
  Json coefficients = Json::array();
  tables(g, options)
      .fold("train", linear_regression({.target = "y"}))
      .sink("keep", [&coefficients](const Model& model) {
        coefficients.push_back(model.read().getIntercept());
        for (double value : model.read().getCoefficients()) coefficients.push_back(value);
      });
  auto report = run_or_exit(g, options.running.options());
  print(options, report, {{"coefficients", coefficients}});
}

void add(CLI::App& app, const char* name, const char* about, void (*run)(const Options&)) {
  auto options = std::make_shared<Options>();
  auto* sub = app.add_subcommand(name, about);
  options->running.add_to(*sub);
  sub->add_option("--data", options->data, "CSV file")->required();
  sub->add_option("--numbers", options->numbers, "type of the cells")->check(CLI::IsMember({"f32", "f64"}));
  sub->callback([options, run] { run(*options); });
}

}  // namespace

void add_csv(CLI::App& app) { add(app, "csv", "CSV to Tables, dropped", run_csv); }
void add_model(CLI::App& app) { add(app, "model", "CSV to a linear model", run_model); }

}  // namespace bench
