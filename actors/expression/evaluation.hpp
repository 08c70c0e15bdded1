/// Evaluates a typed expression over the rows of a table, a block of rows at a time: each operation is one loop over a
/// block, and blocks are small enough to stay in cache.
///
///   leat::ExpressionEvaluation evaluation(*typed);
///   std::vector<leat::ColumnPlace> columns = {leat::place_of(table, 3)};      // program().columns, in their order
///   for (std::size_t row = 0; row < rows; row += leat::kBlockRows) {
///     const leat::BlockCells& cells = evaluation.block(columns, row, std::min(rows - row, leat::kBlockRows));
///     if (cells.failed) return evaluation.failure(columns, row + *leat::first_failed(cells, n));
///   }
///
/// Memory: TypedExpression::state(), reused from block to block. What a block gives lives until the next one. Threads:
/// one at a time.
#pragma once

#include <leat/actors/expression/program.hpp>
#include <leat/chunk/column_copy.hpp>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace leat {

/// What a slot takes: cells and bits, twice.
inline constexpr std::size_t kSlotBytes = 2 * (kBlockRows * 16 + 2 * sizeof(BlockBits));

class ExpressionEvaluation {
 public:
  explicit ExpressionEvaluation(const TypedExpression& typed);

  const ExpressionProgram& program() const { return typed_.program(); }
  const TypedExpression& typed() const { return typed_; }

  /// Rows first to first + count, at most kBlockRows; `first` is a multiple of 64. Numbers and flags of the result are
  /// written to `to` where it is given, and its cells are then there, unless they are constant.
  const BlockCells& block(std::span<const ColumnPlace> columns, std::size_t first, std::size_t count,
                          void* to = nullptr);

  /// What failed in a row: "10 // 0 divides by zero".
  std::string failure(std::span<const ColumnPlace> columns, std::size_t row);

 private:
  struct Slot {
    std::unique_ptr<std::byte[]> cells[2];
    BlockBits valid[2];
    BlockBits failed[2];
    BlockCells now;
    std::size_t used = 0;  // of the two
    ValueType type = ValueType::none;
    std::string why;       // where one row is looked at
  };

  void* turn(Slot& slot);
  void load(const Instruction& instruction, std::span<const ColumnPlace> columns, std::size_t first, std::size_t count);
  void load_valid(Slot& slot, const ColumnPlace& column, std::size_t first, std::size_t count);
  void literal(const Instruction& instruction);
  void call(const Instruction& instruction, std::size_t count, void* to);
  void settle(const Instruction& instruction, const KernelCall& done, std::size_t count);
  void explain(const Instruction& instruction, const KernelCall& done);
  std::string shown(const Slot& slot, const BlockCells& cells) const;

  TypedExpression typed_;
  std::vector<Slot> slots_;
  std::vector<std::array<std::byte, 16>> constants_;  // by literals
  std::vector<BlockCells> inputs_;
  TextArena texts_;
  bool explaining_ = false;
};

/// The first of `count` rows that failed.
std::optional<std::size_t> first_failed(const BlockCells& cells, std::size_t count);

}  // namespace leat
