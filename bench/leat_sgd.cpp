// Gradient descent over a table file, through a cache: seconds of a pass, memory, and how wrong the model is.

#include <algorithm>
#include <cmath>
#include <vector>

#include <leat/actors/models/evaluate.hpp>
#include <leat/actors/sgd/sgd.hpp>
#include <leat/actors/tables/cache.hpp>
#include <leat/actors/tables/read.hpp>
#include <leat/graph/stream.hpp>

#include "leat_bench.hpp"
#include "measure.hpp"

namespace bench {
namespace {

using namespace leat;

struct Options {
  Running running;
  std::string data;
  std::string store = "f32";
  std::uint64_t again = 20;
  std::uint64_t memory = std::uint64_t{2} << 30;
  double rate = 0.01;
};

tables::Floats floats_of(const std::string& name) {
  return name == "f16" ? tables::Floats::f16 : name == "f32" ? tables::Floats::f32 : tables::Floats::as_they_are;
}

struct Trained {
  double seconds = 0;
  std::vector<double> passes;  // seconds of each that is trained on
  double bound = 0;
  double loss = 0;
  double rows = 0;
};

Trained train(const Options& options, std::uint64_t again) {
  Graph g{"sgd"};
  Trained made;
  Stopwatch watch;
  std::vector<double> begins;
  g.source("read", tables::read(options.data))
      .map("cache", tables::cache({.again = again, .store = floats_of(options.store), .memory = options.memory}))
      .filter("look",
              [&](const Table& rows) {
                if (rows.row_number(0) == 0) begins.push_back(watch.seconds());
                return true;
              })
      .fold("train", sgd({.target = "y", .rate = options.rate}))
      .sink("keep", [&made](const Message<schema::LinearModel>& model) {
        made.loss = model.read().getLoss();
        made.rows = static_cast<double>(model.read().getRows());
      });
  auto report = run_or_exit(g, options.running.options());
  made.seconds = report.progress.seconds;
  // The first pass reads, stores and measures; the last one ends with the model.
  for (std::size_t pass = 2; pass < begins.size(); ++pass) made.passes.push_back(begins[pass] - begins[pass - 1]);
  made.bound = static_cast<double>(report.bound.total()) / 1e6;
  return made;
}

// Of a pass: the median, of all but the first, which stores.
void run(const Options& options) {
  Trained all = train(options, options.again);
  std::sort(all.passes.begin(), all.passes.end());
  double pass = all.passes.at(all.passes.size() / 2);
  double samples = all.rows * static_cast<double>(options.again);
  print_line("leat", pass, all.rows,
             {{"store", options.store},
              {"whole_seconds", all.seconds},
              {"passes", options.again},
              {"bound_mb", all.bound},
              {"rmse", std::sqrt(all.loss)},
              {"samples_per_second", samples / all.seconds}});
}

}  // namespace

void add_sgd(CLI::App& app) {
  auto options = std::make_shared<Options>();
  auto* sub = app.add_subcommand("sgd", "gradient descent over a table file");
  options->running.add_to(*sub);
  sub->add_option("--data", options->data, "table file")->required();
  sub->add_option("--store", options->store, "what floats are held as")->check(CLI::IsMember({"f64", "f32", "f16"}));
  sub->add_option("--again", options->again, "passes that are timed");
  sub->add_option("--memory", options->memory, "bytes of the cache");
  sub->add_option("--rate", options->rate, "of learning");
  sub->callback([options] { run(*options); });
}

}  // namespace bench
