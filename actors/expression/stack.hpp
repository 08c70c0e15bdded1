/// The stack that an expression is bound on: what its operands are, and the program that is made of it. What binding
/// (expression/bind.cpp) does with types whatever the operation. Threads: one.
#pragma once

#include <leat/actors/expression/program.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace leat {

/// What is on the stack.
struct Operand {
  ValueType type = ValueType::none;
  bool nullable = false;
  TextBytes bytes = {};
  const ExpressionPart* part = nullptr;
};

TextBytes sum_of(TextBytes a, TextBytes b);
inline bool is_number(ValueType type) { return type == ValueType::f64 || type == ValueType::i64; }

class OperandStack {
 public:
  OperandStack(const Expression& expression, std::string_view kind);

 protected:
  const std::vector<ExpressionPart>& parts() const { return program_->expression.parts(); }
  const ExpressionPart& part() const { return parts()[part_]; }

  Error wrong(const std::string& what) const;
  std::string shown(const Operand& operand) const;
  void push(Operand operand, Instruction instruction);
  std::size_t keep(std::vector<Literal> literals);
  /// The result of an operation on the top `inputs` operands.
  void call(Kernel kernel, std::size_t inputs, Operand result, bool own_nulls = false, std::size_t index = 0);
  /// Makes the operand at a place of the stack another type.
  void convert(std::size_t at, ValueType to);
  std::size_t place(std::size_t inputs, std::size_t input) const { return stack_.size() - inputs + input; }
  Operand& in(std::size_t inputs, std::size_t input) { return stack_[place(inputs, input)]; }
  /// A text that is written out where a time is wanted is one.
  Result<void> time_of_text(std::size_t at);
  /// Brings the inputs from `first` on to one type.
  Result<ValueType> unite(std::size_t inputs, std::size_t first);
  Error takes(const std::string& what, const Operand& given);
  Result<void> need(std::size_t inputs, std::size_t input, ValueType type, const char* what);

  std::shared_ptr<ExpressionProgram> program_;
  std::vector<Operand> stack_;
  std::size_t part_ = 0;  // the one that is bound
};

}  // namespace leat
