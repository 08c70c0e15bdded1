// A program of leat as users write them: a linear regression of a CSV file, in one process or on a
// cluster. The graph of examples/regression's training without its hold-out; the coefficients are
// written as hexadecimal floats, so that equal bytes are equal numbers.

#include <cstdio>
#include <memory>
#include <string>

#include <leat/leat.hpp>

namespace {

using namespace leat;
using Model = Message<schema::LinearModel>;

Result<void> write(const std::string& path, const Model& model) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "w"), std::fclose);
  if (!file) return failed("cannot write " + path + ": check the folder and its permissions.");
  std::fprintf(file.get(), "%a\n", model.read().getIntercept());
  for (const double value : model.read().getCoefficients()) std::fprintf(file.get(), "%a\n", value);
  return {};
}

Graph train(const Args& args) {
  Graph g{"train"};
  auto wide = args.flag("ordered") ? replicas(1, 8).ordered() : replicas(1, 8);
  g.source("read", csv::blocks(args.list("data")))
      .map("parse", csv::parse({}), wide)
      .fold("train", linear_regression({.target = args["target"]}))
      .sink("write", [out = args["out"]](const Model& model) { return write(out, model); });
  return g;
}

}  // namespace

int main(int argc, char** argv) {
  Program program;
  program.name = "train";
  program.sentence = "Trains a linear regression on all rows of a CSV file.";
  program.params = {{"data", OptionType::paths, "CSV files to read", {}},
                    {"out", OptionType::path, "file for intercept and coefficients", "coefficients.txt"},
                    {"target", OptionType::text, "column to predict", "y"},
                    {"ordered", OptionType::flag, "train on the rows in the file's order", "false"}};
  program.build = train;
  return app(argc, argv, {program});
}
