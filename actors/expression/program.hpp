/// Programs: what a typed expression is evaluated by. Instructions for a stack of slots, each a block of rows long.
///
/// An operation is a loop over one block of its inputs (a Kernel). A cell is a value, null, or failed: it has divided
/// by zero, or does not fit. What failed is like null until the end: `if`, `and`, `or` and coalesce do not ask what
/// they do not take; what is still failed in the result is an error. Threads: a program is never changed.
#pragma once

#include <leat/actors/expression/expression.hpp>
#include <leat/actors/expression/operations.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace leat {

/// Rows of a block: what a slot has room for.
inline constexpr std::size_t kBlockRows = 1024;
using BlockBits = std::array<std::uint64_t, kBlockRows / 64>;

/// The cells of a block: double, int64_t (i64 and time), uint8_t (0 or 1), string_view.
struct BlockCells {
  const void* cells = nullptr;
  const std::uint64_t* valid = nullptr;   ///< none: all are
  const std::uint64_t* failed = nullptr;  ///< none: none is
  bool constant = false;                  ///< one cell, for all rows; neither null nor failed

  template <class T>
  const T* as() const { return static_cast<const T*>(cells); }
  std::size_t step() const { return constant ? 0 : 1; }
  bool is_valid(std::size_t row) const { return !valid || (valid[row / 64] >> (row % 64) & 1); }
  bool is_failed(std::size_t row) const { return failed && (failed[row / 64] >> (row % 64) & 1); }
};

/// Memory for the texts that a block makes; all of them go at once.
class TextArena {
 public:
  char* take(std::size_t bytes);
  void clear();

 private:
  struct Piece {
    std::unique_ptr<char[]> bytes;
    std::size_t size = 0;
  };
  std::vector<Piece> pieces_;
  std::size_t used_ = 0;  // of the last piece
};

/// One operation on one block.
struct KernelCall {
  const BlockCells* in = nullptr;
  std::size_t inputs = 0;
  void* out = nullptr;
  std::size_t rows = 0;
  const std::vector<Literal>* literals = nullptr;  ///< what is written out, for operations that take it so
  TextArena* texts = nullptr;
  std::uint64_t* valid = nullptr;   ///< to be written, wholly, by kernels that have rules of their own for nulls,
  std::uint64_t* failed = nullptr;  ///< which write this, too; others set bits in it
  bool some_null = false;           ///< the kernel has written `valid`
  bool some_failed = false;         ///< and `failed`
  const char* why = nullptr;        ///< of the last row that failed: "divides by zero"

  template <class T>
  T* result() const { return static_cast<T*>(out); }
  void fail(std::size_t row, const char* reason) {
    failed[row / 64] |= std::uint64_t{1} << (row % 64);
    some_failed = true;
    why = reason;
  }
};

using Kernel = void (*)(KernelCall&);

struct Instruction {
  enum class Is : std::uint8_t { column, literal, call } is = Is::call;
  Kernel kernel = nullptr;
  bool own_nulls = false;     ///< the kernel has rules of its own; else a null makes a null
  bool misfits_null = false;  ///< what fails becomes null
  std::size_t slot = 0;       ///< of the first input, and of the result
  std::size_t inputs = 0;
  std::size_t part = 0;       ///< of the expression
  std::size_t index = 0;      ///< column: into ExpressionProgram::columns; else into `literals`, 0 where none
  ValueType type = ValueType::none;  ///< of the result
};

struct ExpressionProgram {
  struct Column {
    std::string name;
    std::size_t position = 0;  ///< among the fields
    ColumnType type = ColumnType::F64;
  };
  Expression expression;
  std::string kind;  ///< in whose name errors are
  std::vector<Instruction> instructions = {};
  std::vector<Column> columns = {};
  std::vector<std::vector<Literal>> literals = {{}};
  std::size_t slots = 0;
  ValueType type = ValueType::none;
  ColumnType stored = ColumnType::F64;
  bool nullable = false;
  TextBytes text = {};    ///< of the result
  TextBytes made = {};    ///< of all texts it makes on the way
};

/// "f64", "text" ...: as people read it.
std::string_view type_name(ValueType type);
/// What a column of this type is read as; none for bytes.
ValueType value_type(ColumnType type);

/// The kernel of an operation on inputs of one type (those of arithmetic and comparisons are brought to it before);
/// none: there is no such operation.
Kernel arithmetic_kernel(Operation operation, ValueType type);
/// Of + - * / of f64, with what vectors this machine has.
Kernel real_kernel(Operation operation);
Kernel comparison_kernel(Operation operation, ValueType type);
Kernel logic_kernel(Operation operation, ValueType type);
Kernel number_kernel(Operation operation, ValueType type);
Kernel text_kernel(Operation operation);
Kernel time_kernel(Operation operation, ValueType second);
/// From one type to another.
Kernel cast_kernel(ValueType from, ValueType to);
/// Fails what the narrower type does not hold: i32, f32, f16. None: it holds all.
Kernel narrow_kernel(ColumnType to);

}  // namespace leat
