#include <algorithm>
#include <cmath>

#include <leat/actor/saturating.hpp>
#include <leat/actors/columns/number_columns.hpp>
#include <leat/actors/moments/histogram.hpp>
#include <leat/actors/moments/moments.hpp>
#include <leat/actors/moments/summary.hpp>
#include <leat/chunk/table_builder.hpp>
#include <leat/schemas/model.capnp.h>

namespace leat {
namespace {

constexpr const char* kName = "summary";
constexpr std::uint64_t kColumnBytes = 512;
constexpr std::size_t kBinLetters = 21;  // of a count, and a space

struct Column {
  std::string name;
  ColumnType type = ColumnType::F64;
  std::uint64_t values = 0;
  std::uint64_t nulls = 0;
  std::uint64_t not_finite = 0;
  ColumnMoments moments;  // of the finite ones
  Histogram histogram;

  void join(const Column& other) {
    values += other.values;
    nulls += other.nulls;
    not_finite += other.not_finite;
    moments.join(other.moments);
    histogram.join(other.histogram);
  }
};

using Columns = std::vector<Column>;

bool has_numbers(ColumnType type) {
  return is_numeric(type) || type == ColumnType::TIMESTAMP;
}

Chunk to_chunk(Pool& pool, const Columns& columns) {
  std::size_t letters = 0;
  for (const Column& column : columns) letters += column.name.size();
  Building<schema::Summary> building(pool, 256 + letters + columns.size() * (160 + 8 * Histogram::kMost));
  auto list = building.root().initColumns(static_cast<capnp::uint>(columns.size()));
  for (capnp::uint i = 0; i < list.size(); ++i) {
    const Column& from = columns[i];
    auto to = list[i];
    to.setName(from.name.c_str());
    to.setType(static_cast<std::uint16_t>(from.type));
    to.setValues(from.values);
    to.setNulls(from.nulls);
    to.setNotFinite(from.not_finite);
    to.setMean(from.moments.mean);
    to.setSquares(from.moments.squares);
    to.setMinimum(from.moments.minimum);
    to.setMaximum(from.moments.maximum);
    to.setExponent(from.histogram.exponent());
    to.setFirst(from.histogram.first());
    auto bins = to.initBins(static_cast<capnp::uint>(from.histogram.counts().size()));
    for (capnp::uint bin = 0; bin < bins.size(); ++bin) bins.set(bin, from.histogram.counts()[bin]);
  }
  return std::move(building).finish();
}

Columns from_chunk(const Chunk& chunk) {
  Columns columns;
  for (auto from : chunk.root<schema::Summary>().getColumns()) {
    Column to{from.getName().cStr(),
              static_cast<ColumnType>(from.getType()),
              from.getValues(),
              from.getNulls(),
              from.getNotFinite(),
              {},
              {}};
    to.moments = {to.values - to.not_finite, from.getMean(), from.getSquares(), from.getMinimum(), from.getMaximum()};
    if (!has_numbers(to.type)) to.moments.count = 0;
    std::vector<std::uint64_t> bins;
    for (std::uint64_t count : from.getBins()) bins.push_back(count);
    to.histogram = Histogram(from.getExponent(), from.getFirst(), std::move(bins));
    columns.push_back(std::move(to));
  }
  return columns;
}

// Finds, and keeps, the columns of a stream: what both kinds do with what comes.
class Columnar : public Actor {
 public:
  Result<Snapshot> snapshot(Pool& pool) const override {
    return columns_.empty() ? Snapshot() : Snapshot{{to_chunk(pool, columns_)}};
  }
  Result<void> restore(const Snapshot& from, Outbox& out) override {
    if (from.empty()) return {};
    columns_ = from_chunk(from[0].chunk);
    return make_room(0, out);
  }

 protected:
  Result<void> make_room(std::size_t rows, Outbox& out) {
    std::uint64_t bytes = columns_.size() * kColumnBytes + rows * sizeof(double);
    if (bytes <= bytes_) return {};
    held_ = Held();
    auto held = out.hold(bytes);
    if (!held) return held.error();
    held_ = std::move(*held);
    bytes_ = bytes;
    return {};
  }

  Columns columns_;

 private:
  Held held_;
  std::uint64_t bytes_ = 0;
};

class Fold final : public Columnar {
 public:
  Result<Step> visit(Visit& visit, Outbox& out) override {
    Table table(visit.chunk);
    if (columns_.empty()) {
      for (const Field& field : table.fields()) columns_.push_back({field.name, field.type, 0, 0, 0, {}, {}});
    }
    if (auto same = same_columns(table); !same) return same.error();
    if (auto held = make_room(table.rows(), out); !held) return held.error();
    numbers_.resize(std::max(numbers_.size(), table.rows()));
    for (std::size_t i = 0; i < columns_.size(); ++i) add(table, i);
    return Step::done;
  }

  Result<Step> finish(Ending ending, Outbox& out) override {
    if (ending == Ending::complete && !columns_.empty()) out.emit(to_chunk(out.pool(), columns_));
    return Step::done;
  }

 private:
  Result<void> same_columns(const Table& table) const {
    bool same = table.columns() == columns_.size();
    for (std::size_t i = 0; same && i < columns_.size(); ++i) {
      same = table.name(i) == columns_[i].name && table.type(i) == columns_[i].type;
    }
    return same ? Result<void>()
                : invalid("summary got rows with other columns than before, " + listed(table.fields()) +
                          ": give each layout its own summary");
  }

  void add(const Table& table, std::size_t i) {
    Column& column = columns_[i];
    std::size_t rows = table.rows(), values = rows;
    if (table.validity(i)) {
      values = 0;
      for (std::size_t row = 0; row < rows; ++row) values += table.valid(i, row);
    }
    column.values += values;
    column.nulls += rows - values;
    if (!has_numbers(column.type) || values == 0) return;
    std::size_t kept = read(table, i, values < rows);
    column.not_finite += values - kept;
    if (kept == 0) return;
    ColumnMoments moments = moments_of(numbers_.data(), kept);
    column.histogram.add(numbers_.data(), kept, moments.minimum, moments.maximum);
    column.moments.join(moments);
  }

  // The finite ones, one after another.
  std::size_t read(const Table& table, std::size_t i, bool nulls) {
    if (table.type(i) == ColumnType::TIMESTAMP) {
      auto cells = table.values<std::int64_t>(i);
      for (std::size_t row = 0; row < table.rows(); ++row)
        numbers_[row] = static_cast<double>(cells[static_cast<Eigen::Index>(row)]) * 1e-9;
    } else {
      read_numbers(table, i, numbers_.data());
    }
    std::size_t kept = 0;
    for (std::size_t row = 0; row < table.rows(); ++row) {
      bool counts = std::isfinite(numbers_[row]) && (!nulls || table.valid(i, row));
      numbers_[kept] = numbers_[row];
      kept += counts;
    }
    return kept;
  }

  std::vector<double> numbers_;
};

Fields fields() {
  return {
      {"column", ColumnType::TEXT},         {"type", ColumnType::TEXT},           {"values", ColumnType::I64},
      {"nulls", ColumnType::I64},           {"not_finite", ColumnType::I64},      {"least", ColumnType::F64, true},
      {"greatest", ColumnType::F64, true},  {"mean", ColumnType::F64, true},      {"deviation", ColumnType::F64, true},
      {"bins_from", ColumnType::F64, true}, {"bin_width", ColumnType::F64, true}, {"bins", ColumnType::TEXT, true}};
}

std::string bins_text(const Histogram& histogram) {
  std::string text;
  for (std::uint64_t count : histogram.counts()) text += (text.empty() ? "" : " ") + std::to_string(count);
  return text;
}

Table table_of(Pool& pool, const Columns& columns) {
  TableRoom room{.rows = columns.size()};
  for (const Column& column : columns) room.heap += column.name.size() + 16 + Histogram::kMost * kBinLetters;
  TableBuilder builder(pool, fields(), room);
  for (std::size_t row = 0; row < columns.size(); ++row) {
    const Column& column = columns[row];
    bool numbers = column.moments.count > 0;
    builder.put(0, row, column.name);
    builder.put(1, row, type_name(column.type));
    builder.cells<std::int64_t>(2)[row] = static_cast<std::int64_t>(column.values);
    builder.cells<std::int64_t>(3)[row] = static_cast<std::int64_t>(column.nulls);
    builder.cells<std::int64_t>(4)[row] = static_cast<std::int64_t>(column.not_finite);
    double deviation = numbers ? std::sqrt(column.moments.squares / static_cast<double>(column.moments.count)) : 0;
    double shown[] = {column.moments.minimum,  column.moments.maximum,  column.moments.mean, deviation,
                      column.histogram.from(), column.histogram.width()};
    for (std::size_t i = 0; i < 6; ++i) {
      builder.cells<double>(5 + i)[row] = shown[i];
      if (!numbers) builder.set_null(5 + i, row);
    }
    if (numbers) builder.put(11, row, bins_text(column.histogram));
    if (!numbers) builder.set_null(11, row);
  }
  return std::move(builder).finish(columns.size(), 0);
}

class Combine final : public Columnar {
 public:
  Result<Step> visit(Visit& visit, Outbox& out) override {
    Columns part = from_chunk(visit.chunk);
    bool first = columns_.empty();
    if (first) columns_ = part;
    if (auto held = make_room(0, out); !held) return held.error();
    bool same = part.size() == columns_.size();
    for (std::size_t i = 0; same && i < part.size(); ++i) same = part[i].name == columns_[i].name;
    if (!same)
      return invalid("summary got rows with other columns from another replica: give each layout its own summary");
    for (std::size_t i = 0; !first && i < part.size(); ++i) columns_[i].join(part[i]);
    return Step::done;
  }
  Result<Step> finish(Ending ending, Outbox& out) override {
    if (ending == Ending::complete) out.emit(table_of(out.pool(), columns_).chunk());
    return Step::done;
  }
};

// Of columns that are not known a thousand.
std::uint64_t most_columns(const Description& rows) {
  return rows.fields_known ? rows.fields.size() : 1024;
}
std::uint64_t letters(const Description& rows) {
  std::uint64_t all = rows.fields_known ? 0 : 64 * 1024;
  for (const Field& field : rows.fields) all += field.name.size() + 8;
  return all;
}

StageKind combine_kind() {
  auto kind = stage_kind<Table, Message<schema::Summary>>("summary.combine", "");
  kind.holds = Holds::state;
  kind.state_version = std::string("1");
  kind.describe = [](const std::vector<Description>& inputs) -> Result<Described> {
    Described made;
    made.output.fields = fields();
    // A column is a struct of 13 words at least.
    std::uint64_t columns = inputs[0].max_chunk / 104 + 1;
    made.output.max_chunk = made.needs.max_output = Pool::footprint(plus(4096, times(columns, 1024)));
    made.needs.state = times(columns, kColumnBytes);
    return made;
  };
  kind.actor = [](const Making&) { return std::make_unique<Combine>(); };
  return kind;
}

}  // namespace

Kind<Table, Table> summary() {
  auto kind = stage_kind<Table, Table>(kName, "");
  kind.output = Message<schema::Summary>::payload_type();
  kind.sharing = Sharing::combinable;
  kind.holds = Holds::state;
  kind.state_version = std::string("1");
  kind.combine = std::make_shared<StageKind>(combine_kind());
  kind.describe = [](const std::vector<Description>& inputs) -> Result<Described> {
    Described made;
    std::uint64_t columns = most_columns(inputs[0]);
    made.output.max_chunk =
        Pool::footprint(plus(1024 + letters(inputs[0]), times(columns, 192 + 8 * Histogram::kMost)));
    made.needs.max_output = made.output.max_chunk;
    made.needs.state = plus(times(columns, kColumnBytes), times(most_rows(inputs[0]), sizeof(double)));
    return made;
  };
  kind.actor = [](const Making&) { return std::make_unique<Fold>(); };
  return kind;
}

DeclaredKind declared_summary() {
  return declared_kind("What is in each column: counts, extremes, mean, a small histogram.", [] { return summary(); });
}

}  // namespace leat
