#include <leat/actors/columns/computed_columns.hpp>

#include <leat/actor/saturating.hpp>
#include <leat/actors/columns/number_columns.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <bit>
#include <cstring>

namespace leat {
namespace {

// What a table may have of text is less: TableBuilder.
constexpr std::size_t kMostText = std::size_t{1} << 28;

// Cells that lie in memory as blocks have them.
bool as_it_lies(ColumnType type) {
  return type == ColumnType::F64 || type == ColumnType::I64 || type == ColumnType::TIMESTAMP ||
         type == ColumnType::BOOL;
}

template <class T, class Stored>
void store(const BlockCells& cells, std::byte* to, std::size_t first, std::size_t count) {
  auto* out = reinterpret_cast<Stored*>(to) + first;
  const T* in = cells.as<T>();
  if (cells.constant) {
    std::fill_n(out, count, static_cast<Stored>(in[0]));
  } else {
    for (std::size_t i = 0; i < count; ++i) out[i] = static_cast<Stored>(in[i]);
  }
}

// The cell of a null is zero.
void clear_nulls(const BlockCells& cells, std::byte* to, std::size_t width, std::size_t count) {
  for (std::size_t word = 0; word * 64 < count; ++word) {
    for (std::uint64_t left = ~cells.valid[word]; left; left &= left - 1) {
      std::size_t row = word * 64 + static_cast<std::size_t>(std::countr_zero(left));
      if (row < count) std::memset(to + row * width, 0, width);
    }
  }
}

}  // namespace

Result<ComputedColumns> ComputedColumns::bind(const std::string& kind, const Fields& fields,
                                              const std::vector<ComputedColumn>& columns) {
  ComputedColumns made;
  made.kind_ = kind;
  made.input_ = made.output_ = fields;
  for (std::size_t i = 0; i < fields.size(); ++i) made.origins_.push_back({false, i});
  for (const ComputedColumn& column : columns) {
    auto typed = made.bind_one(column);
    if (!typed) return typed.error();
    Step step{column.name, ExpressionEvaluation(*typed), typed->type(), {}, {}, typed->text_bytes()};
    for (const auto& read : typed->program().columns) step.reads.push_back(made.origins_[read.position]);
    step.fixed = typed->state(0);
    Field field{column.name, typed->type(), typed->nullable()};
    if (find_field(made.output_, column.name)) {
      auto place = only_column(kind, made.output_, column.name);
      if (!place) return place.error();
      made.output_[*place] = field;
      made.origins_[*place] = {true, made.steps_.size()};
    } else {
      made.output_.push_back(field);
      made.origins_.push_back({true, made.steps_.size()});
    }
    made.steps_.push_back(std::move(step));
  }
  for (std::size_t i = 0; i < made.origins_.size(); ++i) {
    if (made.origins_[i].computed) {
      made.steps_[made.origins_[i].at].place = i;
      made.texts_ = made.texts_ || made.output_[i].type == ColumnType::TEXT;
    } else {
      made.from_.push_back(made.origins_[i].at);
      made.to_.push_back(i);
    }
  }
  return made;
}

Result<TypedExpression> ComputedColumns::bind_one(const ComputedColumn& column) const {
  std::optional<WantedType> wanted = column.wanted;
  if (column.fills) {
    auto position = only_column(kind_, output_, column.name);
    if (!position) return position.error();
    wanted = WantedType{output_[*position].type, false, true};
  }
  return wanted ? bind_expression(kind_, column.value, output_, *wanted)
                : bind_expression(kind_, column.value, output_);
}

bool ComputedColumns::fit(const Table& table) const {
  auto columns = table.chunk().root<schema::Table>().getColumns();
  if (columns.size() != input_.size()) return false;
  for (std::size_t i = 0; i < input_.size(); ++i) {
    auto column = columns[static_cast<capnp::uint>(i)];
    auto name = column.getName();
    const Field& field = input_[i];
    bool nullable = column.getNullable() || column.getValidity() != 0;
    if (column.getType() != field.type || nullable != field.nullable ||
        (column.getDictionary() != 0) != field.dictionary || (column.getRaw() != 0) != field.raw ||
        field.name != std::string_view(name.begin(), name.size())) {
      return false;
    }
  }
  return true;
}

void ComputedColumns::keep_texts(Step& step, const BlockCells& cells, std::byte* to, std::size_t first,
                                 std::size_t count) {
  auto* spans = reinterpret_cast<Span*>(to) + first;
  auto* texts = cells.as<std::string_view>();
  std::size_t bytes = step.heap.size();
  for (std::size_t i = 0; i < count; ++i) {
    std::size_t length = cells.is_valid(i) ? texts[i * cells.step()].size() : 0;
    spans[i] = {static_cast<std::uint32_t>(bytes), static_cast<std::uint32_t>(length)};
    bytes += length;
    if (bytes > kMostText) return step.heap.resize(kMostText + 1);
  }
  step.heap.resize(bytes);
  for (std::size_t i = 0; i < count; ++i) {
    if (spans[i].length)
      std::memcpy(step.heap.data() + spans[i].offset, texts[i * cells.step()].data(), spans[i].length);
    else spans[i] = {0, 0};
  }
}

void ComputedColumns::keep(Step& step, const BlockCells& cells, std::byte* to, std::size_t first, std::size_t count) {
  std::size_t width = cell_bytes(step.type);
  std::byte* begin = to + first * width;
  switch (step.type) {
    case ColumnType::F32: store<double, float>(cells, to, first, count); break;
    case ColumnType::F16: store<double, Eigen::half>(cells, to, first, count); break;
    case ColumnType::I32: store<std::int64_t, std::int32_t>(cells, to, first, count); break;
    case ColumnType::TEXT: keep_texts(step, cells, to, first, count); break;
    case ColumnType::F64: if (cells.constant) store<double, double>(cells, to, first, count); break;
    case ColumnType::BOOL: if (cells.constant) store<std::uint8_t, std::uint8_t>(cells, to, first, count); break;
    default: if (cells.constant) store<std::int64_t, std::int64_t>(cells, to, first, count); break;
  }
  bool elsewhere = as_it_lies(step.type) && !cells.constant && cells.cells != begin;
  if (elsewhere) std::memcpy(begin, cells.cells, count * width);
  if (!cells.valid) return;
  std::copy_n(cells.valid, (count + 63) / 64, step.validity.begin() + static_cast<std::ptrdiff_t>(first / 64));
  if (step.type != ColumnType::TEXT) clear_nulls(cells, begin, width, count);
}

Result<void> ComputedColumns::evaluate(Step& step, const std::vector<ColumnPlace>& columns, const Table& from,
                                       std::byte* to) {
  std::size_t rows = from.rows();
  std::size_t width = cell_bytes(step.type);
  step.validity.clear();
  step.heap.clear();
  for (std::size_t first = 0; first < rows; first += kBlockRows) {
    std::size_t count = std::min(kBlockRows, rows - first);
    const BlockCells& cells =
        step.evaluation.block(columns, first, count, as_it_lies(step.type) ? to + first * width : nullptr);
    if (auto row = first_failed(cells, count)) {
      return corrupt(kind_ + ": column " + step.name + ", row " + std::to_string(from.row_number(first + *row) + 1) +
                     " (the first is 1): " + step.evaluation.failure(columns, first + *row));
    }
    if (cells.valid && step.validity.empty()) step.validity.assign((rows + 63) / 64, ~std::uint64_t{0});
    keep(step, cells, to, first, count);
    if (step.heap.size() > kMostText) {
      return overloaded(kind_ + ": column " + step.name +
                        " makes more than 256 MiB of text of one chunk: make shorter texts");
    }
  }
  auto* bits = step.validity.empty() ? nullptr : reinterpret_cast<const std::uint8_t*>(step.validity.data());
  step.made = {.type = step.type, .cells = to, .validity = bits, .heap = step.heap.data()};
  return {};
}

// Into `builder`, where it is known before what the table takes.
Result<void> ComputedColumns::evaluate_all(const Table& from, TableBuilder* builder) {
  for (Step& step : steps_) {
    std::byte* to = builder && step.place ? builder->raw_cells(*step.place) : nullptr;
    if (!to) {
      step.cells.resize(from.rows() * cell_bytes(step.type));
      to = step.cells.data();
    }
    std::vector<ColumnPlace> columns;
    for (Origin read : step.reads) columns.push_back(read.computed ? steps_[read.at].made : place_of(from, read.at));
    if (auto ok = evaluate(step, columns, from, to); !ok) return ok;
  }
  return {};
}

void ComputedColumns::put(Step& step, ColumnCopy& copy, TableBuilder& builder, std::size_t rows) {
  std::size_t place = *step.place;
  if (step.type == ColumnType::TEXT) {
    std::uint32_t offset = 0;
    char* heap = copy.take(step.heap.size(), offset);
    if (!step.heap.empty()) std::memcpy(heap, step.heap.data(), step.heap.size());
    Span* spans = copy.spans(place);
    auto* made = reinterpret_cast<const Span*>(step.made.cells);
    for (std::size_t i = 0; i < rows; ++i) spans[i] = {made[i].length ? made[i].offset + offset : 0, made[i].length};
  } else if (step.made.cells != builder.raw_cells(place) && rows > 0) {
    std::memcpy(builder.raw_cells(place), step.made.cells, rows * cell_bytes(step.type));
  }
  if (step.made.validity) copy.nulls(place, step.made.validity, rows);
}

Result<Table> ComputedColumns::table(Pool& pool, const Table& from) {
  std::size_t rows = from.rows();
  if (texts_) {
    if (auto ok = evaluate_all(from, nullptr); !ok) return ok.error();
  }
  TableRoom room = ColumnCopy::room(from, from_);
  for (const Step& step : steps_) room.heap += texts_ && step.place ? step.heap.size() : 0;
  TableBuilder builder(pool, output_, room);
  ColumnCopy copy(builder);
  // First: it brings whole columns into the cache, where blocks of them are then read.
  copy.columns(from, from_, to_);
  if (!texts_) {
    if (auto ok = evaluate_all(from, &builder); !ok) return ok.error();
  }
  for (Step& step : steps_) {
    if (step.place) put(step, copy, builder, rows);
  }
  return finish_as(std::move(builder), from);
}

std::uint64_t ComputedColumns::state(const Description& rows) const {
  std::uint64_t all = 0;
  for (const Step& step : steps_) {
    std::uint64_t texts = plus(times(step.bytes.times, rows.max_chunk), times(step.bytes.a_row, most_rows(rows)));
    std::uint64_t own = plus(step.fixed, times(most_rows(rows), cell_bytes(step.type) + 1));
    // A vector doubles.
    all = plus(all, plus(own, times(2, texts)));
    all = plus(all, step.evaluation.typed().state(rows.max_chunk) - step.evaluation.typed().state(0));
  }
  return all;
}

std::uint64_t ComputedColumns::most(const Description& rows) const {
  std::uint64_t a_row = 0;
  std::uint64_t bytes = 1024;
  for (const Field& field : output_) a_row += field.dictionary ? sizeof(Span) : 0;
  for (const Step& step : steps_) {
    if (!step.place) continue;
    a_row += cell_bytes(step.type) + 1;
    bytes = plus(bytes, plus(times(step.bytes.times, rows.max_chunk), times(step.bytes.a_row, most_rows(rows))));
    bytes = plus(bytes, 256 + step.name.size());
  }
  // Its rows, and what is copied of its heap in one piece.
  return Pool::footprint(plus(plus(rows.max_chunk, times(most_rows(rows), a_row)), bytes));
}

}  // namespace leat
