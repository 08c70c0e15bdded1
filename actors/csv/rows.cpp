#include <charconv>
#include <cmath>
#include <limits>

#include <fast_float/fast_float.h>

#include <leat/actors/csv/complaint.hpp>
#include <leat/actors/csv/decimal.hpp>
#include <leat/actors/csv/rows.hpp>
#include <leat/actors/csv/scan.hpp>
#include <leat/actors/sniff/guess.hpp>

namespace leat::csv {

RowReader::RowReader(const ColumnLayout& layout) : layout_(layout), cells_(layout.columns.size()) {}

Result<Filled> RowReader::fill(TableBuilder& builder, Text& text, std::size_t most, std::uint64_t first,
                               RowPlaces places) {
  builder_ = &builder;
  text_ = text;
  row_ = 0;
  counted_to_ = text.begin;
  counted_ = 0;
  long_.assign(cells_.size(), 0);
  nulls_of_.assign(layout_.output.size(), 0);
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    std::size_t output = layout_.columns[i].output;
    cells_[i] = output == kNotWanted ? nullptr : builder.raw_cells(output);
  }
  Filled filled;
  for (; filled.records < most; ++filled.records) {
    text_.at = skip_line_ends(text_.at, text_.end);
    if (text_.at == text_.end) break;
    if (places.lines) places.lines[row_] = static_cast<std::uint32_t>(lines_before(text_.at));
    read_row();
    if (state_ == RowState::failed) return std::move(error_);
    if (state_ == RowState::dropped) {
      ++filled.dropped;
      if (!places.numbers) return filled;
      continue;
    }
    if (places.numbers) places.numbers[row_] = first + filled.records;
    filled.nulls += nulls_.size();
    keep_row();
  }
  filled.rows = row_;
  text.at = text_.at;
  return filled;
}

void RowReader::read_row() {
  state_ = RowState::kept;
  nulls_.clear();
  const char* at = text_.at;
  for (const Run& run : layout_.runs) {
    at = read_run(at, run);
    if (!at) return;
  }
  long_row(at - 1);
}

// Of records one after the other.
std::uint64_t RowReader::lines_before(const char* record) {
  counted_ += count_line_ends({counted_to_, static_cast<std::size_t>(record - counted_to_)});
  counted_to_ = record;
  return counted_;
}

void RowReader::keep_row() {
  for (std::size_t output : nulls_) {
    builder_->set_null(output, row_);
    ++nulls_of_[output];
  }
  ++row_;
}

namespace {

// Any finite number, or nullptr.
template <class T>
[[gnu::noinline]] const char* read_long_real(const char* at, const char* end, T& value) {
  auto read = fast_float::from_chars(at, end, value);
  bool finite = std::abs(value) <= std::numeric_limits<T>::max();
  return read.ec == std::errc() && finite && read.ptr != end ? read.ptr : nullptr;
}

[[gnu::noinline]] const char* read_long_integer(const char* at, const char* end, std::int64_t& value) {
  auto read = std::from_chars(at, end, value);
  return read.ec == std::errc() && read.ptr != end ? read.ptr : nullptr;
}

}  // namespace

const char* RowReader::read_run(const char* at, const Run& run) {
  switch (run.how) {
    case Run::How::f64:
      return read_numbers<double>(at, run, read_short_decimal<double>, read_long_real<double>);
    case Run::How::f32:
      return read_numbers<float>(at, run, read_short_decimal<float>, read_long_real<float>);
    case Run::How::i64:
      return read_numbers<std::int64_t>(at, run, read_short_integer, read_long_integer);
    case Run::How::text:
    case Run::How::raw:
      return read_texts(at, run);
    case Run::How::skip:
      return skip(at, run.first, run.last);
    case Run::How::general:
      break;
  }
  for (std::size_t column = run.first; at && column < run.last; ++column) {
    at = read_general(at, column);
  }
  return at;
}

void RowReader::carry(std::size_t column, const char* at, const char* end) {
  builder_->put_raw(layout_.columns[column].output, row_, {at, static_cast<std::size_t>(end - at)});
}

template <class T, class Short, class Long>
const char* RowReader::read_numbers(const char* at, const Run& run, Short short_form, Long long_form) {
  return run.carried ? read_numbers<true, T>(at, run, short_form, long_form)
                     : read_numbers<false, T>(at, run, short_form, long_form);
}

// The cells of most files are numbers with the delimiter or the line end right behind: anything
// else goes through read_general.
template <bool carried, class T, class Short, class Long>
const char* RowReader::read_numbers(const char* at, const Run& run, Short short_form, Long long_form) {
  const char* const end = text_.end;
  const char delimiter = layout_.delimiter;
  const std::size_t row = row_;
  std::byte* const* const cells = cells_.data();
  for (std::size_t column = run.first; column < run.last; ++column) {
    T value = 0;
    const char* after = long_[column] ? nullptr : short_form(at, end, value);
    if (!after || (*after != delimiter && !is_line_end(*after))) [[unlikely]] {
      after = long_form(at, end, value);
      // Columns tend to be all alike: not to try in vain on the next row.
      long_[column] = after != nullptr;
    }
    if (after && *after == delimiter) [[likely]] {
      reinterpret_cast<T*>(cells[column])[row] = value;
      if constexpr (carried) carry(column, at, after);
      at = after + 1;
    } else if (after && is_line_end(*after) && column + 1 == cells_.size()) {
      reinterpret_cast<T*>(cells[column])[row] = value;
      if constexpr (carried) carry(column, at, after);
      text_.at = after;
      return nullptr;
    } else {
      at = read_general(at, column);
      if (!at) return nullptr;
    }
  }
  return at;
}

// The same of short texts.
const char* RowReader::read_texts(const char* at, const Run& run) {
  const char* const end = text_.end;
  const char delimiter = layout_.delimiter;
  const bool may_be_empty = run.how == Run::How::raw;
  for (std::size_t column = run.first; column < run.last; ++column) {
    const char* after = end_of_short_text(at, end, delimiter);
    bool last = column + 1 == cells_.size();
    if (!after || (after == at && !may_be_empty) || (*after != delimiter && !last)) [[unlikely]] {
      at = read_general(at, column);
      if (!at) return nullptr;
      continue;
    }
    [[maybe_unused]] bool fits =
        builder_->put(layout_.columns[column].output, row_, {at, static_cast<std::size_t>(after - at)});
    assert(fits);
    if (*after != delimiter) {
      text_.at = after;
      return nullptr;
    }
    at = after + 1;
  }
  return at;
}

const char* RowReader::skip(const char* at, std::size_t first, std::size_t last) {
  if (last == cells_.size()) {
    if (const char* line_end = skip_rest(at, text_.end, last - first - 1, layout_.delimiter)) {
      text_.at = line_end;
      return nullptr;
    }
  }
  // The last column has no delimiter behind it.
  std::size_t behind = last - (last == cells_.size());
  if (const char* next = skip_cells(at, text_.end, behind - first, layout_.delimiter)) {
    at = next;
    first = behind;
  }
  for (std::size_t column = first; at && column < last; ++column)
    at = read_general(at, column);
  return at;
}

const char* RowReader::read_general(const char* at, std::size_t column) {
  Cell cell = read_cell(at, text_.end, layout_.delimiter);
  if (!take(at, cell, column)) return nullptr;
  if (cell.end != text_.end && *cell.end == layout_.delimiter) return cell.end + 1;
  text_.at = cell.end;
  if (column + 1 < cells_.size()) short_row(cell.end, column + 1);
  return nullptr;
}

bool RowReader::is_null(const Cell& cell, const FileColumn& column) const {
  if (cell.quoted) return false;
  if (!in_heap(column.type)) return says_null(trimmed(cell.text), layout_.nulls);
  bool may = cell.text.empty() || layout_.text_nulls;
  return may && says_null(cell.text, layout_.nulls);
}

Reading RowReader::convert(const Cell& cell, const FileColumn& column) {
  if (cell.trailing) return Reading::malformed;
  std::string_view text = unquoted(cell, scratch_);
  if (!in_heap(column.type)) {
    return read_value(text, column.type, builder_->raw_cells(column.output), row_, layout_.decimal);
  }
  if (column.type == ColumnType::TEXT && !is_utf8(text)) return Reading::malformed;
  [[maybe_unused]] bool fits = builder_->put(column.output, row_, text);
  assert(fits);
  return Reading::good;
}

// False when the row is over because of the cell, which begins at `at`.
bool RowReader::take(const char* at, const Cell& cell, std::size_t index) {
  const FileColumn& column = layout_.columns[index];
  if (column.output == kNotWanted) return true;
  std::string_view raw(at, static_cast<std::size_t>(cell.end - at));
  if (column.type == ColumnType::RAW) return builder_->put(column.output, row_, raw);
  if (column.carried) builder_->put_raw(column.output, row_, raw);
  if (is_null(cell, column)) {
    nulls_.push_back(column.output);
    return true;
  }
  Reading went = convert(cell, column);
  return went == Reading::good || take_bad(cell, column, went);
}

bool RowReader::take_bad(const Cell& cell, const FileColumn& column, Reading went) {
  if (layout_.bad == BadCells::null) {
    nulls_.push_back(column.output);
    return true;
  }
  if (layout_.bad == BadCells::drop) {
    state_ = RowState::dropped;
    text_.at = end_of_record(cell.end);
    return false;
  }
  state_ = RowState::failed;
  Place place{*text_.path, line_of(cell.text.data())};
  error_ = cell.trailing ? trailing_text(place, column.name, cell.text)
                         : bad_cell(place, column.name, column.type, cell.text, went);
  return false;
}

void RowReader::short_row(const char* at, std::size_t cells) {
  if (layout_.bad == BadCells::fail) {
    state_ = RowState::failed;
    error_ = ragged_row({*text_.path, line_of(at)}, cells, layout_.columns.size());
    return;
  }
  if (layout_.bad == BadCells::drop) state_ = RowState::dropped;
  for (std::size_t i = cells; i < layout_.columns.size(); ++i) {
    if (layout_.columns[i].output != kNotWanted) nulls_.push_back(layout_.columns[i].output);
  }
}

// `at`: the delimiter after the last column.
void RowReader::long_row(const char* at) {
  const char* end = end_of_record(at);
  if (layout_.bad == BadCells::fail) {
    std::size_t cells = layout_.columns.size();
    while (at != end) {
      ++cells;
      at = read_cell(at + 1, end, layout_.delimiter).end;
    }
    state_ = RowState::failed;
    error_ = ragged_row({*text_.path, line_of(end)}, cells, layout_.columns.size());
    return;
  }
  state_ = RowState::dropped;
  text_.at = end;
}

// `at`: the end of a cell.
const char* RowReader::end_of_record(const char* at) const {
  while (at != text_.end && *at == layout_.delimiter) {
    at = read_cell(at + 1, text_.end, layout_.delimiter).end;
  }
  return at;
}

std::uint64_t RowReader::line_of(const char* at) const {
  return text_.line + count_line_ends({text_.begin, static_cast<std::size_t>(at - text_.begin)});
}

}  // namespace leat::csv
