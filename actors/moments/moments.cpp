#include <algorithm>
#include <cmath>

#include <Eigen/Core>

#include <leat/actor/saturating.hpp>
#include <leat/actors/columns/number_columns.hpp>
#include <leat/actors/moments/moments.hpp>

namespace leat {

void ColumnMoments::join(const ColumnMoments& other) {
  if (other.count == 0) return;
  if (count == 0) {
    *this = other;
    return;
  }
  double mine = static_cast<double>(count);
  double theirs = static_cast<double>(other.count);
  double apart = other.mean - mean;
  mean += apart * (theirs / (mine + theirs));
  squares += other.squares + apart * apart * (mine * theirs / (mine + theirs));
  minimum = std::min(minimum, other.minimum);
  maximum = std::max(maximum, other.maximum);
  count += other.count;
}

ColumnMoments moments_of(const double* numbers, std::size_t count) {
  ColumnMoments made;
  if (count == 0) return made;
  Eigen::Map<const Eigen::ArrayXd> all(numbers, static_cast<Eigen::Index>(count));
  double rows = static_cast<double>(count);
  made.count = count;
  // About the first value: a constant column keeps its value to the last bit, and has deviation 0.
  made.mean = all[0] + (all - all[0]).sum() / rows;
  double left = (all - made.mean).sum();
  made.squares = std::max(0.0, (all - made.mean).square().sum() - left * left / rows);
  made.minimum = all.minCoeff();
  made.maximum = all.maxCoeff();
  return made;
}

namespace {

constexpr std::size_t kColumnBytes = sizeof(ColumnMoments) + 64;

struct Sums {
  std::vector<std::string> names;
  std::vector<ColumnMoments> columns;
};

Chunk to_chunk(Pool& pool, const Sums& sums) {
  Building<schema::Moments> building(pool, 256 + 64 * sums.names.size());
  auto root = building.root();
  auto size = static_cast<capnp::uint>(sums.names.size());
  auto names = root.initColumns(size);
  auto count = root.initCount(size);
  auto mean = root.initMean(size);
  auto deviation = root.initDeviation(size);
  auto minimum = root.initMinimum(size);
  auto maximum = root.initMaximum(size);
  auto squares = root.initSquares(size);
  for (capnp::uint i = 0; i < size; ++i) {
    const ColumnMoments& column = sums.columns[i];
    names.set(i, sums.names[i].c_str());
    count.set(i, column.count);
    mean.set(i, column.mean);
    deviation.set(i,
                  column.count ? std::sqrt(column.squares / static_cast<double>(column.count)) : 0);
    minimum.set(i, column.minimum);
    maximum.set(i, column.maximum);
    squares.set(i, column.squares);
  }
  return std::move(building).finish();
}

Result<Sums> from_chunk(const Chunk& chunk) {
  auto root = chunk.root<schema::Moments>();
  Sums sums;
  auto columns = root.getColumns().size();
  bool whole = root.getCount().size() == columns && root.getMean().size() == columns &&
               root.getDeviation().size() == columns && root.getMinimum().size() == columns &&
               root.getMaximum().size() == columns && root.getSquares().size() == columns;
  if (!whole) return corrupt("moments have lists of other lengths than their columns: see what sent them");
  for (auto name : root.getColumns())
    sums.names.emplace_back(name.cStr(), name.size());
  for (capnp::uint i = 0; i < sums.names.size(); ++i) {
    sums.columns.push_back({root.getCount()[i], root.getMean()[i], root.getSquares()[i],
                            root.getMinimum()[i], root.getMaximum()[i]});
  }
  return sums;
}

class Fold final : public Actor {
 public:
  Fold(std::vector<std::string> names, std::string file)
      : file_(std::move(file)), columns_("moments", std::move(names)) {}

  Result<Step> visit(Visit& visit, Outbox& out) override {
    Table table(visit.chunk);
    if (auto found = columns_.find(table); !found) return found.error();
    if (auto held = make_room(table.rows(), out); !held) return held.error();
    for (std::size_t i = 0; i < sums_.columns.size(); ++i) {
      std::size_t column = columns_.positions()[i];
      ColumnMoments made = of_column(table, column);
      if (!std::isfinite(made.mean) || !std::isfinite(made.squares)) return refuse(table, column);
      sums_.columns[i].join(made);
    }
    return Step::done;
  }

  Result<Step> finish(Ending ending, Outbox& out) override {
    if (ending == Ending::complete) out.emit(to_chunk(out.pool(), sums_));
    return Step::done;
  }

  Result<Snapshot> snapshot(Pool& pool) const override { return Snapshot{{to_chunk(pool, sums_)}}; }
  Result<void> restore(const Snapshot& from, Outbox& out) override {
    for (const StatePart& part : from) {
      auto read = from_chunk(part.chunk);
      if (!read) return std::move(read).error();
      sums_ = std::move(read).value();
    }
    if (sums_.names.empty()) return {};
    columns_ = NumberColumns("moments", sums_.names);
    return make_room(0, out);
  }

 private:
  Result<void> make_room(std::size_t rows, Outbox& out) {
    sums_.names = columns_.names();
    sums_.columns.resize(sums_.names.size());
    std::size_t bytes = rows * sizeof(double) + sums_.columns.size() * kColumnBytes;
    if (bytes <= bytes_) return {};
    held_ = Held();
    auto held = out.hold(bytes);
    if (!held) return held.error();
    held_ = std::move(*held);
    bytes_ = bytes;
    numbers_.resize(std::max(rows, numbers_.size()));
    return {};
  }

  ColumnMoments of_column(const Table& table, std::size_t column) {
    read_numbers(table, column, numbers_.data());
    std::size_t count = table.rows();
    if (table.validity(column)) {
      std::size_t kept = 0;
      for (std::size_t row = 0; row < count; ++row) {
        if (table.valid(column, row)) numbers_[kept++] = numbers_[row];
      }
      count = kept;
    }
    return moments_of(numbers_.data(), count);
  }

  Error refuse(const Table& table, std::size_t column) const {
    std::size_t columns[] = {column};
    if (auto finite = all_finite("moments", table, columns, file_); !finite) return finite.error();
    return corrupt(
        "moments found numbers in column " + std::string(table.name(column)) +
        " whose squares are too large for f64: parse it in another unit, or leave it out");
  }

  std::string file_;
  NumberColumns columns_;
  Sums sums_;
  std::vector<double> numbers_;
  std::size_t bytes_ = 0;
  Held held_;
};

class Combine final : public Actor {
 public:
  Result<Step> visit(Visit& visit, Outbox&) override {
    auto read = from_chunk(visit.chunk);
    if (!read) return std::move(read).error();
    const Sums& part = *read;
    if (part.names.empty()) return Step::done;
    if (sums_.names.empty()) sums_.names = part.names, sums_.columns.resize(part.names.size());
    if (sums_.names != part.names) {
      return invalid("moments of different columns cannot be combined: name the columns");
    }
    for (std::size_t i = 0; i < part.columns.size(); ++i)
      sums_.columns[i].join(part.columns[i]);
    return Step::done;
  }
  Result<Step> finish(Ending ending, Outbox& out) override {
    if (ending == Ending::complete) out.emit(to_chunk(out.pool(), sums_));
    return Step::done;
  }
  Result<Snapshot> snapshot(Pool& pool) const override { return Snapshot{{to_chunk(pool, sums_)}}; }
  Result<void> restore(const Snapshot& from, Outbox&) override {
    for (const StatePart& part : from) {
      auto read = from_chunk(part.chunk);
      if (!read) return std::move(read).error();
      sums_ = std::move(read).value();
    }
    return {};
  }

 private:
  Sums sums_;
};

std::uint64_t message_bytes(const Fields& fields, const std::vector<std::size_t>& columns) {
  std::uint64_t bytes = 512;
  for (std::size_t column : columns)
    bytes += 80 + fields[column].name.size();
  return Pool::footprint(2 * bytes);
}

Result<Described> describe_fold(const Description& rows, const std::vector<std::string>& names) {
  Described made;
  std::size_t columns = std::max<std::size_t>(names.size(), 1024);
  made.output.max_chunk = Pool::footprint(256 * columns);
  if (rows.fields_known) {
    auto found = numeric_columns("moments", rows.fields, names);
    if (!found) return found.error();
    columns = found->size();
    made.output.max_chunk = message_bytes(rows.fields, *found);
  }
  made.needs.state = plus(columns * kColumnBytes, times(most_rows(rows), sizeof(double)));
  made.needs.max_output = made.output.max_chunk;
  return made;
}

StageKind combine_kind() {
  auto kind = stage_kind<Message<schema::Moments>, Message<schema::Moments>>("moments.combine", "");
  kind.holds = Holds::state;
  kind.state_version = std::string("1");
  kind.describe = [](const std::vector<Description>& inputs) -> Result<Described> {
    return Described{inputs[0], {times(2, inputs[0].max_chunk), inputs[0].max_chunk}};
  };
  kind.actor = [](const Making&) { return std::make_unique<Combine>(); };
  return kind;
}

struct Chosen {
  std::vector<std::string> names;
};

OptionsOf<Chosen> options() {
  return OptionsOf<Chosen>().takes(
      &Chosen::names,
      {.name = "columns", .sentence = "numeric columns", .fallback = "all numeric ones"});
}

}  // namespace

Kind<Message<schema::Moments>, Table> moments(std::vector<std::string> columns) {
  auto kind = stage_kind<Message<schema::Moments>, Table>("moments", options().of({columns}));
  kind.sharing = Sharing::combinable;
  kind.holds = Holds::state;
  kind.state_version = std::string("1");
  kind.combine = std::make_shared<StageKind>(combine_kind());
  kind.describe = [columns](const std::vector<Description>& inputs) {
    return describe_fold(inputs[0], columns);
  };
  kind.reads = [columns](const std::vector<Description>& inputs, const ColumnNames&) {
    return std::vector{numeric_columns_read(inputs[0], columns)};
  };
  kind.actor = [columns](const Making& making) {
    return std::make_unique<Fold>(columns, making.inputs.empty() ? "" : file_of(making.inputs[0]));
  };
  return kind;
}

DeclaredKind declared_moments() {
  return declared_kind("Count, mean, deviation and extremes of columns, at the end.", options(),
                       [](Chosen columns) { return moments(std::move(columns.names)); });
}

}  // namespace leat
