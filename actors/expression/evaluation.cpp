#include <leat/actors/expression/evaluation.hpp>

#include <leat/actors/csv/format.hpp>
#include <leat/actors/expression/tokens.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <bit>
#include <cstring>

namespace leat {
namespace {

alignas(64) constexpr std::byte kZeros[kBlockRows * 16] = {};
constexpr BlockBits kNone = {};

template <class T, class Stored>
void convert(const std::byte* cells, std::size_t first, std::size_t count, void* to) {
  auto* from = reinterpret_cast<const Stored*>(cells) + first;
  for (std::size_t i = 0; i < count; ++i) static_cast<T*>(to)[i] = static_cast<T>(from[i]);
}

void read_texts(const ColumnPlace& column, std::size_t first, std::size_t count, void* to) {
  auto* out = static_cast<std::string_view*>(to);
  if (column.dictionary) {
    auto* codes = reinterpret_cast<const std::int32_t*>(column.cells) + first;
    for (std::size_t i = 0; i < count; ++i) {
      Span span = column.dictionary[codes[i]];
      out[i] = {column.heap + span.offset, span.length};
    }
    return;
  }
  auto* spans = reinterpret_cast<const Span*>(column.cells) + first;
  for (std::size_t i = 0; i < count; ++i) out[i] = {column.heap + spans[i].offset, spans[i].length};
}

// The bits of `count` rows, others as if set.
bool all_set(const BlockBits& bits, std::size_t count) {
  std::uint64_t all = ~std::uint64_t{0};
  for (std::size_t i = 0; i < count / 64; ++i) all &= bits[i];
  if (count % 64) all &= bits[count / 64] | ~std::uint64_t{0} << (count % 64);
  return all == ~std::uint64_t{0};
}

}  // namespace

ExpressionEvaluation::ExpressionEvaluation(const TypedExpression& typed)
    : typed_(typed), slots_(program().slots), constants_(program().literals.size()) {
  for (Slot& slot : slots_) {
    for (auto& cells : slot.cells) cells = std::make_unique_for_overwrite<std::byte[]>(kBlockRows * 16);
  }
  for (std::size_t i = 0; i < constants_.size(); ++i) {
    if (program().literals[i].empty()) continue;
    const Literal& literal = program().literals[i][0];
    std::string_view text = literal.text;
    auto flag = static_cast<std::uint8_t>(literal.integer);
    void* to = constants_[i].data();
    switch (literal.type) {
      case ValueType::f64: std::memcpy(to, &literal.real, sizeof literal.real); break;
      case ValueType::boolean: std::memcpy(to, &flag, sizeof flag); break;
      case ValueType::text: std::memcpy(to, &text, sizeof text); break;
      default: std::memcpy(to, &literal.integer, sizeof literal.integer); break;
    }
  }
}

void* ExpressionEvaluation::turn(Slot& slot) {
  slot.used ^= 1;
  return slot.cells[slot.used].get();
}

void ExpressionEvaluation::load_valid(Slot& slot, const ColumnPlace& column, std::size_t first, std::size_t count) {
  slot.now.valid = nullptr;
  if (!column.validity) return;
  BlockBits& bits = slot.valid[slot.used];
  if (first % 64 == 0) {
    std::memcpy(bits.data(), column.validity + first / 8, (count + 7) / 8);
  } else {
    bits[0] = column.valid(first);  // one row is looked at
  }
  if (!all_set(bits, count)) slot.now.valid = bits.data();
}

void ExpressionEvaluation::load(const Instruction& instruction, std::span<const ColumnPlace> columns, std::size_t first,
                                std::size_t count) {
  Slot& slot = slots_[instruction.slot];
  const ColumnPlace& column = columns[instruction.index];
  void* to = turn(slot);
  slot.now = {to};
  switch (column.type) {
    case ColumnType::F32: convert<double, float>(column.cells, first, count, to); break;
    case ColumnType::F16: convert<double, Eigen::half>(column.cells, first, count, to); break;
    case ColumnType::I32: convert<std::int64_t, std::int32_t>(column.cells, first, count, to); break;
    case ColumnType::TEXT: read_texts(column, first, count, to); break;
    default: slot.now.cells = column.cells + first * cell_bytes(column.type); break;
  }
  load_valid(slot, column, first, count);
  slot.type = instruction.type;
  slot.why.clear();
}

void ExpressionEvaluation::literal(const Instruction& instruction) {
  Slot& slot = slots_[instruction.slot];
  bool null = program().literals[instruction.index][0].type == ValueType::none;
  slot.now = null ? BlockCells{kZeros, kNone.data()} : BlockCells{constants_[instruction.index].data()};
  slot.now.constant = !null;
  slot.type = instruction.type;
  slot.why.clear();
}

// Nulls and failures of the inputs, and of the operation itself.
void ExpressionEvaluation::settle(const Instruction& instruction, const KernelCall& done, std::size_t count) {
  Slot& slot = slots_[instruction.slot];
  BlockBits& valid = slot.valid[slot.used];
  BlockBits& failed = slot.failed[slot.used];
  bool nulls = done.some_null;
  bool failures = done.some_failed;
  if (!instruction.own_nulls) {
    std::size_t words = (count + 63) / 64;
    for (const BlockCells& in : std::span(inputs_)) {
      if (!in.valid) continue;
      if (!nulls) valid.fill(~std::uint64_t{0});
      nulls = true;
      for (std::size_t i = 0; i < words; ++i) valid[i] &= in.valid[i];
    }
    for (std::size_t i = 0; failures && nulls && i < words; ++i) failed[i] &= valid[i];
    if (instruction.misfits_null && failures) {
      if (!nulls) valid.fill(~std::uint64_t{0});
      nulls = true;
      for (std::size_t i = 0; i < words; ++i) valid[i] &= ~failed[i];
      failed.fill(0);
      failures = false;
    }
    for (const BlockCells& in : std::span(inputs_)) {
      if (!in.failed) continue;
      failures = true;
      for (std::size_t i = 0; i < words; ++i) failed[i] |= in.failed[i];
    }
  }
  slot.now.valid = nulls ? valid.data() : nullptr;
  slot.now.failed = failures ? failed.data() : nullptr;
}

void ExpressionEvaluation::call(const Instruction& instruction, std::size_t count, void* to) {
  inputs_.clear();
  bool constant = true;
  for (std::size_t i = 0; i < instruction.inputs; ++i) {
    inputs_.push_back(slots_[instruction.slot + i].now);
    constant = constant && inputs_.back().constant;
  }
  Slot& slot = slots_[instruction.slot];
  void* own = turn(slot);
  KernelCall call;
  call.in = inputs_.data();
  call.inputs = inputs_.size();
  call.literals = &program().literals[instruction.index];
  call.texts = &texts_;
  call.valid = slot.valid[slot.used].data();
  call.failed = slot.failed[slot.used].data();
  for (;;) {
    call.out = to && !constant ? to : own;
    call.rows = constant ? 1 : count;
    call.some_null = call.some_failed = false;
    slot.failed[slot.used].fill(0);
    instruction.kernel(call);
    if (!constant || !(call.some_failed || call.some_null)) break;
    // What all rows have in common has failed: a constant cannot say so.
    constant = false;
  }
  settle(instruction, call, count);
  slot.now.cells = call.out;
  slot.now.constant = constant;
  if (explaining_) explain(instruction, call);
  slot.type = instruction.type;
}

const BlockCells& ExpressionEvaluation::block(std::span<const ColumnPlace> columns, std::size_t first,
                                              std::size_t count, void* to) {
  texts_.clear();
  const auto& all = program().instructions;
  for (const Instruction& each : all) {
    bool last = &each == &all.back();
    switch (each.is) {
      case Instruction::Is::column: load(each, columns, first, count); break;
      case Instruction::Is::literal: literal(each); break;
      case Instruction::Is::call: call(each, count, last ? to : nullptr); break;
    }
  }
  return slots_[0].now;
}

std::string ExpressionEvaluation::shown(const Slot& slot, const BlockCells& cells) const {
  std::string out;
  if (!cells.is_valid(0)) return "null";
  switch (slot.type) {
    case ValueType::f64: csv::append_number(out, cells.as<double>()[0]); break;
    case ValueType::i64: csv::append_number(out, cells.as<std::int64_t>()[0]); break;
    case ValueType::boolean: out = cells.as<std::uint8_t>()[0] ? "true" : "false"; break;
    case ValueType::time: csv::append_timestamp(out, cells.as<std::int64_t>()[0]); break;
    case ValueType::text:
      out.append(1, '\'').append(on_one_line(cells.as<std::string_view>()[0])).append(1, '\'');
      break;
    case ValueType::none: out = "null"; break;
  }
  return out;
}

// Says of the row why it failed: here, or in the input that counts.
void ExpressionEvaluation::explain(const Instruction& instruction, const KernelCall& done) {
  Slot& slot = slots_[instruction.slot];
  if (!slot.now.is_failed(0)) return slot.why.clear();
  const ExpressionPart& part = program().expression.parts()[instruction.part];
  bool cast = true;
  const ExpressionOperation* operation = nullptr;
  if (part.is == ExpressionPart::Is::operation) {
    operation = &expression_operations()[part.operation];
    cast = operation->is >= Operation::to_int || instruction.inputs != part.inputs;
  }
  if (!instruction.own_nulls && done.some_failed) {
    std::vector<std::string> values;
    for (std::size_t i = 0; i < inputs_.size(); ++i) values.push_back(shown(slots_[instruction.slot + i], inputs_[i]));
    std::string said = values[0];
    if (!cast && !operation->function && values.size() == 2) {
      said.append(" ").append(operation->name).append(" ").append(values[1]);
    } else if (!cast) {
      for (std::size_t i = 1; i < values.size(); ++i) said += ", " + values[i];
      said = std::string(operation->name).append("(").append(said).append(")");
    }
    slot.why = said + " " + done.why;
    return;
  }
  std::size_t counts = 0;
  while (counts + 1 < inputs_.size() && !inputs_[counts].is_failed(0)) ++counts;
  if (operation && operation->is == Operation::choose && !inputs_[0].is_failed(0)) {
    counts = inputs_[0].is_valid(0) && inputs_[0].as<std::uint8_t>()[0] ? 1 : 2;
  }
  if (counts > 0) slot.why = slots_[instruction.slot + counts].why;
}

std::string ExpressionEvaluation::failure(std::span<const ColumnPlace> columns, std::size_t row) {
  explaining_ = true;
  block(columns, row, 1);
  explaining_ = false;
  return slots_[0].why;
}

std::optional<std::size_t> first_failed(const BlockCells& cells, std::size_t count) {
  for (std::size_t i = 0; cells.failed && i < (count + 63) / 64; ++i) {
    std::uint64_t word = cells.failed[i];
    if (i == count / 64 && count % 64) word &= (std::uint64_t{1} << (count % 64)) - 1;
    if (word) return i * 64 + static_cast<std::size_t>(std::countr_zero(word));
  }
  return std::nullopt;
}

}  // namespace leat
