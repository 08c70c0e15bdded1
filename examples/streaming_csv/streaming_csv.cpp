// Streaming CSV to a trained model, in steps that can be looked at: ingest, train, evaluate, predict; on the command
// line, or as jobs of a service that also shows the first rows of a file and says what training on it will take.
//
//   streaming_csv run ingest --data flights.csv --out rows.tables
//   streaming_csv run train --data rows.tables --target delay --out model.bin
//   streaming_csv serve --listen 127.0.0.1:8080 --data-root .
#include <algorithm>

#include <leat/gateway/job_service.hpp>
#include <leat/leat.hpp>

#include "estimate.hpp"
#include "preview.hpp"

using namespace leat;

namespace {

tables::Floats stored(const Args& args) {
  if (args["store"] == "f16") return tables::Floats::f16;
  return args["store"] == "f32" ? tables::Floats::f32 : tables::Floats::as_they_are;
}

Graph ingest(const Args& args) {
  Graph g{"ingest"};
  auto rows = g.source("read", csv::blocks(args.list("data"), csv::block_options(args)))
                  .map("parse", csv::parse(csv::parse_options(args)), replicas(1, 8).ordered());
  rows.sink("store", tables::write(args["out"], {.floats = stored(args)}));
  rows.fold("look", summary()).sink("statistics", tables::write(args["statistics"]));
  return g;
}

using Model = Message<schema::LinearModel>;

Stream<Model> trained(Stream<Table> rows, const Args& args) {
  if (args["method"] == "least_squares") {
    return rows.fold(
        "train",
        linear_regression({.target = args["target"], .features = args.list("features"), .l2 = args.real("l2")}));
  }
  return rows
      .map("cache", tables::cache({.again = static_cast<std::uint64_t>(args.integer("passes")),
                                   .store = stored(args),
                                   .memory = args.bytes("cache")}))
      .fold("train", sgd({.target = args["target"],
                          .features = args.list("features"),
                          .loss = args["loss"] == "logistic" ? Loss::logistic : Loss::squared,
                          .rate = args.real("rate"),
                          .batch = static_cast<std::uint64_t>(args.integer("batch")),
                          .l2 = args.real("l2"),
                          .standardise = args.flag("standardise"),
                          .seed = static_cast<std::uint64_t>(args.integer("seed"))}));
}

void scored(Stream<Message<schema::Score>> score, const Args& args) {
  score.sink("report", score_report());
  score.map("score rows", score_table()).sink("score", tables::write(args["score"]));
}

Graph train(const Args& args) {
  Graph g{"train"};
  double share = 1 - args.real("holdout");
  auto model = trained(g.source("read", tables::read(args["data"])).filter("fit", split::train(share)), args);
  model.sink("model", model_file(args["out"]));
  if (share == 1) return g;
  auto held = g.source("read again", tables::read(args["data"])).filter("hold", split::holdout(share)).after(model);
  scored(held.join("evaluate", model, evaluate()), args);
  return g;
}

Graph evaluation(const Args& args) {
  Graph g{"evaluate"};
  auto model = g.source("model", model_source(args["model"]));
  scored(g.source("read", tables::read(args["data"])).join("evaluate", model, evaluate()), args);
  return g;
}

Graph predictions(const Args& args) {
  Graph g{"predict"};
  auto rows = g.source("read", tables::read(args["data"])).map("predict", predict(args["model"]));
  rows.sink("write", csv::write(args["out"]));
  rows.sink("store", tables::write(args["rows"]));
  return g;
}

Option data() {
  return {"data", OptionType::path, "table file that ingest wrote", {}};
}
Option store() {
  return {.name = "store",
          .type = OptionType::choice,
          .sentence = "what numbers with a fraction are held as",
          .fallback = "f64",
          .choices = {"f64", "f32", "f16"}};
}
Option score() {
  return output_path("score", "table file for the score", "score.tables");
}

std::vector<Option> training() {
  return {data(),
          output_path("out", "model file to write", "model.bin"),
          score(),
          {"target", OptionType::text, "column to predict", {}},
          {"features", OptionType::text, "columns to predict from, with commas; \"\" for all numbers", ""},
          {.name = "method",
           .type = OptionType::choice,
           .sentence = "gradient descent in passes, or a solution in one",
           .fallback = "sgd",
           .choices = {"sgd", "least_squares"}},
          {.name = "loss",
           .type = OptionType::choice,
           .sentence = "of sgd: squared, or logistic for a target of 0 and 1",
           .fallback = "squared",
           .choices = {"squared", "logistic"}},
          {"rate", OptionType::real, "of sgd: how far a step goes", "0.01", "", 1e-12, 1e6},
          {"passes", OptionType::integer, "of sgd: times it goes over the rows", "20", "", 1, 100000},
          {"batch", OptionType::integer, "of sgd: rows of a step", "64", "rows", 1, 1e9},
          {"l2", OptionType::real, "penalty on large coefficients", "0", "", 0.0},
          {"standardise", OptionType::flag, "of sgd: whether columns are centred and scaled first", "true"},
          {"seed", OptionType::integer, "of sgd: says in which order batches come", "1", "", 0, 1e15},
          {"holdout", OptionType::real, "share of the rows kept for the error; 0 for none and no error", "0.2",
           "fraction", 0.0, 0.99},
          store(),
          {"cache", OptionType::bytes, "of sgd: memory for the rows; more go to disk", "256MiB"}};
}

std::vector<Program> programs() {
  return {{.name = "ingest",
           .sentence = "Reads CSV files into a table file, and says what is in its columns.",
           .params = csv::with_params(
               {{"data", OptionType::paths, "CSV files to read", {}},
                output_path("out", "table file to write", "rows.tables"),
                output_path("statistics", "table file for what is in the columns", "statistics.tables"),
                store()}),
           .build = ingest},
          {.name = "train",
           .sentence = "Trains a linear or logistic model on a table file, and scores it on rows held out.",
           .params = training(),
           .build = train},
          {.name = "evaluate",
           .sentence = "Scores a saved model on a table file.",
           .params = {data(), {"model", OptionType::path, "model file to read", "model.bin"}, score()},
           .build = evaluation},
          {.name = "predict",
           .sentence = "Predicts with a saved model, and writes the rows with a column more.",
           .params = {data(),
                      {"model", OptionType::path, "model file to read", "model.bin"},
                      output_path("out", "CSV file to write", "predictions.csv"),
                      output_path("rows", "the same as a table file", "predictions.tables")},
           .build = predictions}};
}

Result<HttpAnswer> shown(const RouteCall& call) {
  auto text = preview(call.params["data"].text, static_cast<std::size_t>(call.params["rows"].integer));
  if (!text) return text.error();
  return json_answer(*text);
}

Result<HttpAnswer> estimated(const RouteCall& call) {
  const OptionValues& given = call.params;
  Training training{.rows = static_cast<double>(given["rows"].integer),
                    .columns = static_cast<double>(given["columns"].integer),
                    .passes = static_cast<double>(given["passes"].integer),
                    .bound = static_cast<double>(given["bound"].bytes),
                    .warn_seconds = given["warn-seconds"].real,
                    .warn_share = given["warn-share"].real};
  if (given.has("data")) {
    auto size = size_of(given["data"].text);
    if (!size) return size.error();
    training.rows = size->rows;
    training.columns = size->columns;
  }
  if (training.rows == 0 || training.columns == 0)
    return invalid("say data, or rows and columns: without them nothing is estimated");
  return json_answer(estimate_json(training, given["store"].text));
}

// What the page sends are the parameters of the graph that it shows, whichever that is.
std::vector<Option> estimating() {
  std::vector<Option> params = {
      {"data", OptionType::path, "a CSV file, an upload that still grows, or a table file"},
      {"rows", OptionType::integer, "without data: rows to train on", "0", "", 0, 1e12},
      {"columns", OptionType::integer, "without data: columns with the target", "0", "", 0, 1e6},
      {"passes", OptionType::integer, "times over the rows", "20", "", 1, 100000},
      store(),
      {"bound", OptionType::bytes, "memory that there is", std::to_string(memory_here())},
      {"warn-seconds", OptionType::real, "from how many seconds on to warn", "10", "s", 0.0},
      {"warn-share", OptionType::real, "from which share of the memory on to warn", "0.5", "fraction", 0.0, 1.0}};
  for (const Program& program : programs()) {
    for (const Option& param : program.params) {
      auto same = [&](const Option& other) { return other.name == param.name; };
      if (std::any_of(params.begin(), params.end(), same)) continue;
      params.push_back({param.name, OptionType::text, "of a graph: does not count", ""});
    }
  }
  return params;
}

}  // namespace

int main(int argc, char** argv) {
  JobService service;
  service.get("/preview/{data}",
              {.sentence = "The first rows of a CSV file, and the types of its columns, by what is there of it.",
               .params = {{"data", OptionType::path, "a CSV file, or an upload that still grows"},
                          {"rows", OptionType::integer, "how many rows", "20", "", 1, 1000}}},
              shown);
  service.get("/estimate",
              {.sentence = "What training takes with numbers of each size, and whether there is so much.",
               .params = estimating(),
               .optional = {"data"}},
              estimated);
  return app(argc, argv, programs(), service);
}
