// Streaming CSV to a trained model, and a trained model to predictions.
//
// `train` reads the file twice: once for the model, once for its error on the rows held out. Which
// rows those are depends on their numbers only, so both passes agree. The hour of the day, a circle,
// enters as its sine and cosine.
#include <leat/leat.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

using namespace leat;

namespace {

// Reads `numbers` as numbers whatever a look at the file's beginning suggests, so that what is none
// is a bad cell with a place; and reads nothing else, unless `whole`.
csv::ParseOptions parsing(const Args& args, std::vector<std::string> numbers, bool whole) {
  csv::ParseOptions options = csv::parse_options(args);
  options.real = args["numbers"] == "f32" ? ColumnType::F32 : ColumnType::F64;
  if (!args["hour"].empty()) numbers.push_back(args["hour"]);
  for (const std::string& name : numbers) {
    if (!std::count(options.numbers.begin(), options.numbers.end(), name)) options.numbers.push_back(name);
  }
  if (!whole) options.columns = options.numbers;
  return options;
}

double angle(double hour) { return hour / 24 * 2 * std::numbers::pi; }

Stream<Table> rows(Graph& g, const Args& args, const csv::ParseOptions& options, Replicas replicas,
                   const std::string& pass = "") {
  auto parsed = g.source("read" + pass, csv::blocks(args.list("data"), csv::block_options(args)))
                    .map("parse" + pass, csv::parse(options), replicas);
  if (args["hour"].empty()) return parsed;
  return parsed
      .map("sine" + pass, derive("hour_sin", [](double h) { return std::sin(angle(h)); }, args["hour"]))
      .map("cosine" + pass, derive("hour_cos", [](double h) { return std::cos(angle(h)); }, args["hour"]));
}

std::vector<std::string> features(const Args& args) {
  auto names = args.list("features");
  if (!names.empty() && !args["hour"].empty()) names.insert(names.end(), {"hour_sin", "hour_cos"});
  return names;
}

Graph train(const Args& args) {
  Graph g{"train"};
  double share = 1 - args.real("holdout");
  auto numbers = args.list("features");
  numbers.push_back(args["target"]);
  auto options = parsing(args, numbers, args["features"].empty());
  auto model = rows(g, args, options, replicas(1, 8))
                   .filter("fit", split::train(share))
                   .fold("train", linear_regression({.target = args["target"],
                                                     .features = features(args),
                                                     .l2 = args.real("l2"),
                                                     .intercept = args.flag("intercept")}));
  model.sink("model", model_file(args["out"]));
  if (share == 1) return g;

  rows(g, args, options, replicas(1, 8), " again")
      .filter("hold", split::holdout(share))
      .after(model)
      .join("score", model, evaluate())
      .sink("report", score_report());
  return g;
}

Graph predictions(const Args& args) {
  Graph g{"predict"};
  rows(g, args, parsing(args, {}, true), replicas(1, 8).ordered())
      .map("predict", predict(args["model"]))
      .sink("write", csv::write(args["out"]));
  return g;
}

std::vector<Option> input() {
  return {{"data", OptionType::paths, "CSV files to read", {}},
          {"hour", OptionType::text, "column with the hour of the day, to enter as sine and cosine; \"\" for none",
           "time"},
          {.name = "numbers", .type = OptionType::choice, .sentence = "type of the numbers in memory",
           .fallback = "f64", .choices = {"f64", "f32"}}};
}

std::vector<Option> with(std::vector<Option> params, std::vector<Option> more) {
  params.insert(params.end(), more.begin(), more.end());
  return csv::with_params(std::move(params));
}

}  // namespace

int main(int argc, char** argv) {
  Program training{
      .name = "train",
      .sentence = "Trains a linear regression and reports its error on held-out rows.",
      .params =
          with(input(), {output_path("out", "model file to write", "model.bin"),
                         {"target", OptionType::text, "column to predict", "delay"},
                         {"features", OptionType::text,
                          "columns to predict from, with commas; \"\" for all numbers", "distance"},
                         {"holdout", OptionType::real,
                          "share of the rows kept for the error; 0 for none and no error", "0.2",
                          "fraction", 0.0, 1.0},
                         {"l2", OptionType::real, "ridge penalty", "0", "", 0.0},
                         {"intercept", OptionType::flag,
                          "whether the model has an intercept; without, it goes through the origin", "true"}}),
      .build = train};
  Program predicting{
      .name = "predict",
      .sentence = "Predicts with a saved model and writes the rows with a column more.",
      .params = with(input(), {{"model", OptionType::path, "model file to read", "model.bin"},
                               output_path("out", "CSV file to write", "predictions.csv")}),
      .build = predictions};
  return leat::app(argc, argv, {training, predicting});
}
