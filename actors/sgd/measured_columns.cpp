#include <cmath>

#include <leat/actors/sgd/measured_columns.hpp>

namespace leat {
namespace {

std::string text_of(double number) {
  return shortest_text(number);
}

}  // namespace

MeasuredColumns::MeasuredColumns(std::string kind, std::vector<std::string> names)
    : kind_(std::move(kind)), names_(std::move(names)), moments_(names_.size()), nulls_(names_.size()) {}

Result<void> MeasuredColumns::add(const Table& table, std::span<const std::size_t> positions,
                                  const std::vector<std::uint32_t>* whole, Loss loss, const std::string& file) {
  std::size_t rows = whole ? whole->size() : table.rows();
  numbers_.resize(table.rows());
  for (std::size_t c = 0; c < positions.size(); ++c) {
    for (std::size_t row = 0; whole && row < table.rows(); ++row) nulls_[c] += !table.valid(positions[c], row);
    read_numbers(table, positions[c], numbers_.data());
    for (std::size_t i = 0; whole && i < rows; ++i) numbers_[i] = numbers_[(*whole)[i]];
    ColumnMoments made = moments_of(numbers_.data(), rows);
    if (!std::isfinite(made.mean) || !std::isfinite(made.squares)) {
      if (auto finite = all_finite(kind_, table, positions, file); !finite) return finite;
      return corrupt("the numbers of column " + names_[c] + " are too large for " + kind_ +
                     ": give it in another unit");
    }
    moments_[c].join(made);
  }
  skipped_ += table.rows() - rows;
  return loss == Loss::logistic ? two_classes(table, positions.back(), whole, file) : Result<void>();
}

// The target's cells are those that were read last.
Result<void> MeasuredColumns::two_classes(const Table& table, std::size_t position,
                                          const std::vector<std::uint32_t>* whole, const std::string& file) const {
  std::size_t rows = whole ? whole->size() : table.rows();
  for (std::size_t i = 0; i < rows; ++i) {
    if (numbers_[i] == 0 || numbers_[i] == 1) continue;
    std::size_t row = whole ? (*whole)[i] : i;
    Error other =
        corrupt(kind_ + " with a logistic loss takes a target of 0 and 1, and column " +
                std::string(table.name(position)) + " has " + text_of(numbers_[i]) + " in row " +
                std::to_string(table.row_number(row) + 1) + " (the first is 1): compute one, or take the squared loss");
    return at_row(other, table, row, file);
  }
  return {};
}

Error MeasuredColumns::no_rows() const {
  std::string why = skipped_ ? " (" + std::to_string(skipped_) + " had nulls)" : std::string();
  for (std::size_t c = 0; c < names_.size() && skipped_ > 0; ++c) {
    if (nulls_[c] == skipped_)
      why = ": column " + names_[c] + " has no value in any of its " + std::to_string(skipped_) + " rows";
  }
  return invalid(kind_ + " got no rows to train on" + why + (why.find(':') == std::string::npos ? ": " : "; ") +
                 (skipped_ ? "leave that column out, or fill its nulls"
                           : "see that the source and the filters before it leave some"));
}

Result<void> MeasuredColumns::worth_training(Loss loss) const {
  if (rows() == 0) return no_rows();
  if (rows() == 1) return invalid(kind_ + " got one row without nulls, from which nothing can be learnt: give it more");
  for (std::size_t c = 0; c < names_.size(); ++c) {
    if (moments_[c].minimum != moments_[c].maximum) continue;
    bool target = c + 1 == names_.size();
    std::string what = "column " + names_[c] + " is " + text_of(moments_[c].minimum) + " in every row";
    if (!target) return invalid(what + ", so nothing can be learnt from it: remove it from the features");
    return invalid(what +
                   (loss == Loss::logistic ? ", and both classes are needed" : ", so there is nothing to learn") +
                   ": name another target, or give other rows");
  }
  return {};
}

void MeasuredColumns::write(schema::Descent::Builder to) const {
  auto count = static_cast<capnp::uint>(names_.size());
  auto moments = to.initMoments();
  auto names = moments.initColumns(count);
  auto rows = moments.initCount(count);
  auto mean = moments.initMean(count);
  auto least = moments.initMinimum(count);
  auto greatest = moments.initMaximum(count);
  auto squares = moments.initSquares(count);
  auto nulls = to.initNulls(count);
  for (capnp::uint i = 0; i < count; ++i) {
    names.set(i, names_[i].c_str());
    rows.set(i, moments_[i].count);
    mean.set(i, moments_[i].mean);
    least.set(i, moments_[i].minimum);
    greatest.set(i, moments_[i].maximum);
    squares.set(i, moments_[i].squares);
    nulls.set(i, nulls_[i]);
  }
  to.setSkipped(skipped_);
}

MeasuredColumns MeasuredColumns::read(std::string kind, schema::Descent::Reader from) {
  auto moments = from.getMoments();
  std::vector<std::string> names;
  for (auto name : moments.getColumns()) names.emplace_back(name.cStr(), name.size());
  MeasuredColumns made(std::move(kind), std::move(names));
  for (capnp::uint i = 0; i < made.names_.size(); ++i) {
    made.moments_[i] = {moments.getCount()[i], moments.getMean()[i], moments.getSquares()[i], moments.getMinimum()[i],
                        moments.getMaximum()[i]};
    made.nulls_[i] = from.getNulls()[i];
  }
  made.skipped_ = from.getSkipped();
  return made;
}

}  // namespace leat
