#include <leat/actor/saturating.hpp>
#include <leat/actors/expression/evaluation.hpp>
#include <leat/actors/expression/program.hpp>

namespace leat {

std::string_view type_name(ValueType type) {
  constexpr std::string_view kNames[] = {"null", "f64", "i64", "bool", "text", "timestamp"};
  return kNames[static_cast<std::size_t>(type)];
}

ValueType value_type(ColumnType type) {
  switch (type) {
    case ColumnType::F64:
    case ColumnType::F32:
    case ColumnType::F16: return ValueType::f64;
    case ColumnType::I64:
    case ColumnType::I32: return ValueType::i64;
    case ColumnType::BOOL: return ValueType::boolean;
    case ColumnType::TEXT: return ValueType::text;
    case ColumnType::TIMESTAMP: return ValueType::time;
    default: return ValueType::none;
  }
}

ColumnType TypedExpression::type() const { return program_->stored; }
bool TypedExpression::nullable() const { return program_->nullable; }
TextBytes TypedExpression::text_bytes() const {
  return program_->type == ValueType::text ? program_->text : TextBytes{};
}

std::uint64_t TypedExpression::state(std::uint64_t texts) const {
  std::uint64_t made = plus(times(program_->made.times, texts), times(program_->made.a_row, kBlockRows));
  // An arena doubles.
  return plus(times(program_->slots, kSlotBytes), times(4, made));
}

}  // namespace leat
