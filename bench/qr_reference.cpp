// The reference for the linear model: reads the whole file, solves least squares in f64 by
// Householder QR and prints the intercept and the coefficients with 17 digits.
//
// The rows come in blocks: each block is stacked under the triangle R of all rows before it and
// reduced again (TSQR), which is as exact as one QR of all rows. --f32 parses the cells to
// float first, the values that f32 Tables hold.

#include <algorithm>
#include <exception>
#include <iostream>

#include <CLI/CLI.hpp>
#include <Eigen/Dense>

#include "csv_text.hpp"
#include "measure.hpp"

namespace {

constexpr Eigen::Index rows_per_step = 4096;

/// The triangle of [1, cells...] for all rows added so far.
class Triangle {
 public:
  explicit Triangle(Eigen::Index columns)
      : width_(columns + 1), stack_(Eigen::MatrixXd::Zero(width_ + rows_per_step, width_)) {}

  void add(const double* cells) {
    stack_(width_ + used_, 0) = 1;
    stack_.row(width_ + used_).tail(width_ - 1) =
        Eigen::Map<const Eigen::RowVectorXd>(cells, width_ - 1);
    if (++used_ == rows_per_step) reduce();
  }

  /// Coefficients of the column `target` on all others, intercept first, in file order.
  Eigen::VectorXd solve(Eigen::Index target) {
    reduce();
    const Eigen::Index at = target + 1;
    Eigen::MatrixXd others(width_, width_ - 1);
    others << stack_.topLeftCorner(width_, at), stack_.block(0, at + 1, width_, width_ - at - 1);
    return others.householderQr().solve(stack_.col(at).head(width_).eval());
  }

 private:
  void reduce() {
    if (used_ == 0) return;
    const Eigen::HouseholderQR<Eigen::MatrixXd> qr(stack_.topRows(width_ + used_));
    stack_.topRows(width_) = qr.matrixQR().topRows(width_).triangularView<Eigen::Upper>();
    used_ = 0;
  }

  Eigen::Index width_;
  Eigen::Index used_ = 0;  // rows below the triangle
  Eigen::MatrixXd stack_;
};

template <class Number> std::size_t add_rows(const bench::CsvFile& file, Triangle& triangle) {
  const std::size_t columns = file.names().size();
  std::vector<char> buffer;
  std::vector<Number> cells(columns);
  std::vector<double> exact(columns);
  std::size_t rows = 0;
  for (std::size_t index = 0; index < file.blocks(); ++index) {
    const std::string_view text = file.records(index, buffer);
    const char* end = text.data() + text.size();
    for (const char* at = text.data(); at < end; ++rows) {
      at = bench::parse_record(at, end, cells.data(), columns, 1);
      std::copy(cells.begin(), cells.end(), exact.begin());
      triangle.add(exact.data());
    }
  }
  return rows;
}

void solve_file(const std::string& path, const std::string& target, bool f32) {
  const bench::Stopwatch watch;
  const bench::CsvFile file(path);
  const auto& names = file.names();
  const auto found = std::find(names.begin(), names.end(), target);
  if (found == names.end()) throw std::runtime_error(path + " has no column '" + target + "'");
  Triangle triangle(static_cast<Eigen::Index>(names.size()));
  const std::size_t rows = f32 ? add_rows<float>(file, triangle) : add_rows<double>(file, triangle);
  const Eigen::VectorXd solution = triangle.solve(found - names.begin());
  bench::print_line("qr_reference", watch.seconds(), static_cast<double>(rows),
                    {{"values", f32 ? "f32" : "f64"},
                     {"target", target},
                     {"coefficients", std::vector<double>(solution.begin(), solution.end())}});
}

}  // namespace

int main(int argc, char** argv) {
  std::string data, target = "y";
  bool f32 = false;
  CLI::App app{"reference: least squares by Householder QR in f64"};
  app.add_option("--data", data, "CSV file")->required();
  app.add_option("--target", target, "name of the target column");
  app.add_flag("--f32", f32, "round every value to float before use");
  CLI11_PARSE(app, argc, argv);
  try {
    solve_file(data, target, f32);
  } catch (const std::exception& error) {
    std::cerr << "qr_reference: " << error.what() << '\n';
    return 1;
  }
}
