// Limit of gradient descent: mini-batches over floats in memory that are standardised already, as somebody writes it by
// hand who needs nothing else. One thread, compiled for this processor.
//
//   loops     rows one after another, a sum and an addition each
//   rows      Eigen's products of a batch of rows, row after row
//   columns   the same, column after column
//
// An epoch is timed after one that is not.

#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include <CLI/CLI.hpp>
#include <Eigen/Core>

#include "measure.hpp"

namespace {

struct Options {
  std::string layout = "loops";
  std::size_t rows = 1'000'000;
  std::size_t columns = 50;
  std::size_t batch = 64;
  std::size_t epochs = 10;
  float rate = 0.01f;
};

struct Data {
  std::vector<float> cells;
  std::vector<float> target;
};

float bell(std::uint64_t& state) {
  float sum = -2;
  for (int i = 0; i < 4; ++i) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    sum += static_cast<float>(state >> 40) * 0x1p-24f;
  }
  return sum * 1.7320508f;
}

Data make(const Options& options) {
  Data data{std::vector<float>(options.rows * options.columns), std::vector<float>(options.rows)};
  std::uint64_t state = 1;
  bool by_columns = options.layout == "columns";
  for (std::size_t r = 0; r < options.rows; ++r) {
    float y = 0.1f * bell(state);
    for (std::size_t c = 0; c < options.columns; ++c) {
      float x = bell(state);
      data.cells[by_columns ? c * options.rows + r : r * options.columns + c] = x;
      y += x * static_cast<float>(c % 7) * 0.1f;
    }
    data.target[r] = y;
  }
  return data;
}

struct Model {
  Eigen::VectorXf weights;
  float intercept = 0;
};

template <int Order> void epoch_of_products(const Options& options, const Data& data, Model& model) {
  using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Order>;
  using Stride = Eigen::OuterStride<>;
  const auto columns = static_cast<Eigen::Index>(options.columns);
  const auto stride = static_cast<Eigen::Index>(Order == Eigen::RowMajor ? options.columns : options.rows);
  Eigen::VectorXf errors(static_cast<Eigen::Index>(options.batch)), gradient(columns);
  for (std::size_t first = 0; first < options.rows; first += options.batch) {
    const auto rows = static_cast<Eigen::Index>(std::min(options.batch, options.rows - first));
    const float* cells = data.cells.data() + (Order == Eigen::RowMajor ? first * options.columns : first);
    Eigen::Map<const Matrix, 0, Stride> x(cells, rows, columns, Stride(stride));
    Eigen::Map<const Eigen::VectorXf> y(data.target.data() + first, rows);
    errors.head(rows).noalias() = x * model.weights;
    errors.head(rows).array() += model.intercept - y.array();
    gradient.noalias() = x.transpose() * errors.head(rows);
    const float by = options.rate / static_cast<float>(rows);
    model.weights -= by * gradient;
    model.intercept -= by * errors.head(rows).sum();
  }
}

void epoch_of_loops(const Options& options, const Data& data, Model& model) {
  const std::size_t columns = options.columns;
  std::vector<float> gradient(columns);
  float* weights = model.weights.data();
  for (std::size_t first = 0; first < options.rows; first += options.batch) {
    const std::size_t end = std::min(first + options.batch, options.rows);
    std::fill(gradient.begin(), gradient.end(), 0.f);
    float all = 0;
    for (std::size_t r = first; r < end; ++r) {
      const float* x = data.cells.data() + r * columns;
      float sum = 0;
#pragma omp simd reduction(+ : sum)
      for (std::size_t c = 0; c < columns; ++c) sum += x[c] * weights[c];
      const float error = sum + model.intercept - data.target[r];
      float* to = gradient.data();
#pragma omp simd
      for (std::size_t c = 0; c < columns; ++c) to[c] += error * x[c];
      all += error;
    }
    const float by = options.rate / static_cast<float>(end - first);
    for (std::size_t c = 0; c < columns; ++c) weights[c] -= by * gradient[c];
    model.intercept -= by * all;
  }
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"mini-batch gradient descent by hand"};
  Options options;
  app.add_option("--layout", options.layout, "loops, rows or columns")
      ->check(CLI::IsMember({"loops", "rows", "columns"}));
  app.add_option("--rows", options.rows, "rows");
  app.add_option("--columns", options.columns, "features");
  app.add_option("--batch", options.batch, "rows of a step");
  app.add_option("--epochs", options.epochs, "epochs that are timed");
  CLI11_PARSE(app, argc, argv);
  const Data data = make(options);
  Model model{Eigen::VectorXf::Zero(static_cast<Eigen::Index>(options.columns))};
  auto epoch = options.layout == "loops"  ? epoch_of_loops
               : options.layout == "rows" ? epoch_of_products<Eigen::RowMajor>
                                          : epoch_of_products<Eigen::ColMajor>;
  epoch(options, data, model);
  const bench::Stopwatch watch;
  for (std::size_t i = 0; i < options.epochs; ++i) epoch(options, data, model);
  const double seconds = watch.seconds() / static_cast<double>(options.epochs);
  double wrong = 0;
  for (std::size_t c = 0; c < options.columns; ++c) {
    wrong = std::max(wrong, std::abs(static_cast<double>(model.weights[static_cast<Eigen::Index>(c)]) -
                                     static_cast<double>(c % 7) * 0.1));
  }
  bench::print_line("sgd_hand " + options.layout, seconds, static_cast<double>(options.rows),
                    {{"largest_error", wrong}});
}
