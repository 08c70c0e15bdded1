#include <leat/actors/expression/stack.hpp>

#include <leat/actor/saturating.hpp>
#include <leat/actors/csv/values.hpp>
#include <leat/actors/expression/tokens.hpp>

#include <algorithm>

namespace leat {

using enum ValueType;

TextBytes sum_of(TextBytes a, TextBytes b) { return {plus(a.times, b.times), plus(a.a_row, b.a_row)}; }

OperandStack::OperandStack(const Expression& expression, std::string_view kind)
    : program_(
          std::make_shared<ExpressionProgram>(ExpressionProgram{.expression = expression, .kind = std::string(kind)})) {
}

Error OperandStack::wrong(const std::string& what) const {
  Error said = wrong_at(program_->expression.text(), part().begin, what);
  return invalid(program_->kind + ": " + said.sentence);
}

std::string OperandStack::shown(const Operand& operand) const {
  return program_->expression.shown(*operand.part) + " (" + std::string(type_name(operand.type)) + ")";
}

void OperandStack::push(Operand operand, Instruction instruction) {
  instruction.slot = stack_.size();
  instruction.part = part_;
  instruction.type = operand.type;
  program_->instructions.push_back(instruction);
  stack_.push_back(operand);
  program_->slots = std::max(program_->slots, stack_.size());
}

std::size_t OperandStack::keep(std::vector<Literal> literals) {
  program_->literals.push_back(std::move(literals));
  return program_->literals.size() - 1;
}

void OperandStack::call(Kernel kernel, std::size_t inputs, Operand result, bool own_nulls, std::size_t index) {
  std::size_t slot = stack_.size() - inputs;
  if (!own_nulls) {
    result.nullable = std::any_of(stack_.begin() + static_cast<std::ptrdiff_t>(slot), stack_.end(),
                                  [](auto& o) { return o.nullable; });
  }
  result.part = &part();
  program_->instructions.push_back({.kernel = kernel, .own_nulls = own_nulls, .slot = slot, .inputs = inputs,
                                    .part = part_, .index = index, .type = result.type});
  stack_.resize(slot);
  stack_.push_back(result);
  if (result.type == text) program_->made = sum_of(program_->made, result.bytes);
}

void OperandStack::convert(std::size_t at, ValueType to) {
  Operand& operand = stack_[at];
  if (operand.type == to) return;
  if (operand.type != none) {
    program_->instructions.push_back(
        {.kernel = cast_kernel(operand.type, to), .slot = at, .inputs = 1, .part = part_, .type = to});
  }
  operand.type = to;
}

Result<void> OperandStack::time_of_text(std::size_t at) {
  Operand& operand = stack_[at];
  if (operand.part->is != ExpressionPart::Is::literal) return {};
  std::int64_t instant = 0;
  if (csv::read_timestamp(operand.part->literals[0].text, instant) != csv::Reading::good) {
    return wrong(shown(operand) + " is no time: write it as '2024-01-31' or '2024-01-31T10:00:00'");
  }
  for (Instruction& each : program_->instructions) {
    if (&parts()[each.part] != operand.part || each.is != Instruction::Is::literal) continue;
    program_->literals[each.index] = {{time, instant, 0, {}}};
    each.type = time;
  }
  operand.type = time;
  return {};
}

Result<ValueType> OperandStack::unite(std::size_t inputs, std::size_t first) {
  ValueType all = none;
  for (std::size_t i = first; i < inputs; ++i) {
    ValueType one = in(inputs, i).type;
    if (one == none || one == all) continue;
    bool numbers = is_number(one) && is_number(all);
    bool instants = (one == time && all == text) || (one == text && all == time);
    if (all == none || numbers || instants) {
      all = all == none ? one : numbers ? f64 : time;
    } else {
      return wrong(shown(in(inputs, first)) + " and " + shown(in(inputs, i)) +
                   " are of types that do not go together: cast one, with int(), float(), text(), bool() or time()");
    }
  }
  for (std::size_t i = first; i < inputs; ++i) {
    if (all == time && in(inputs, i).type == text) {
      if (auto ok = time_of_text(place(inputs, i)); !ok) return ok.error();
      if (in(inputs, i).type == text)
        return wrong(shown(in(inputs, i)) + " is compared with a time: write time(" +
                     program_->expression.shown(*in(inputs, i).part) + ")");
    }
    convert(place(inputs, i), all);
  }
  return all;
}

Error OperandStack::takes(const std::string& what, const Operand& given) {
  std::string name(expression_operations()[part().operation].name);
  bool texts = given.type == text && what == "numbers";
  return wrong(
      name + " takes " + what + ", and " + shown(given) + " is none" +
      (texts ? ": write float(" + program_->expression.shown(*given.part) + ")" : ": cast it, or take another column"));
}

Result<void> OperandStack::need(std::size_t inputs, std::size_t input, ValueType type, const char* what) {
  Operand& given = in(inputs, input);
  if (type == f64 && given.type == i64) convert(place(inputs, input), f64);
  if (type == time && given.type == text) {
    if (auto ok = time_of_text(place(inputs, input)); !ok) return ok;
  }
  if (given.type == none) given.type = type;
  return given.type == type ? Result<void>() : takes(what, given);
}

}  // namespace leat
