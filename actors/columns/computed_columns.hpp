/// Computed columns: a table with columns made of others by expressions, each of which may use those before it. What
/// compute, fill and cast share.
///
///   auto computed = leat::ComputedColumns::bind("compute", table.fields(), {{"speed", *expression, {}}});
///   auto wider = computed->table(*pool, table);      // columns that are replaced stay in their place, new ones are
///   last
///
/// All other columns are copied as they are: types, nulls, texts, row numbers, what their file says. Errors of bind: as
/// of bind_expression; of table: a cell that failed, with its row. Threads: one object from one thread at a time.
#pragma once

#include <leat/actors/expression/evaluation.hpp>
#include <leat/graph/kind.hpp>

#include <optional>
#include <string>
#include <vector>

namespace leat {

/// One column to be.
struct ComputedColumn {
  std::string name;
  Expression value;
  std::optional<WantedType> wanted = {};
  bool fills = false;  ///< filled_expression() of the column, which keeps its type
};

class ComputedColumns {
 public:
  static Result<ComputedColumns> bind(const std::string& kind, const Fields& fields,
                                      const std::vector<ComputedColumn>& columns);

  /// Whether a table has the columns that these were bound to.
  bool fit(const Table& table) const;
  Result<Table> table(Pool& pool, const Table& from);

  /// Of what comes out.
  const Fields& fields() const { return output_; }
  /// What it holds while it works, and the footprint of what it makes at most, of a chunk of such a stream.
  std::uint64_t state(const Description& rows) const;
  std::uint64_t most(const Description& rows) const;

 private:
  struct Origin {
    bool computed = false;
    std::size_t at = 0;  // a column of the table, or a step
  };
  struct Step {
    std::string name;
    ExpressionEvaluation evaluation;
    ColumnType type;
    std::vector<Origin> reads;        // by the program's columns
    std::optional<std::size_t> place;  // in the output; none: another replaces it
    TextBytes bytes;
    std::uint64_t fixed = 0;  // of the state: slots, and what a row takes
    ColumnPlace made = {};
    std::vector<std::byte> cells = {};
    std::vector<std::uint64_t> validity = {};
    std::vector<char> heap = {};
  };

  ComputedColumns() = default;
  Result<TypedExpression> bind_one(const ComputedColumn& column) const;
  Result<void> evaluate(Step& step, const std::vector<ColumnPlace>& columns, const Table& from, std::byte* to);
  void keep(Step& step, const BlockCells& cells, std::byte* to, std::size_t first, std::size_t count);
  void keep_texts(Step& step, const BlockCells& cells, std::byte* to, std::size_t first, std::size_t count);
  Result<void> evaluate_all(const Table& from, TableBuilder* builder);
  void put(Step& step, ColumnCopy& copy, TableBuilder& builder, std::size_t rows);

  std::string kind_;
  Fields input_;
  Fields output_;
  std::vector<Step> steps_;
  std::vector<Origin> origins_;                 // by columns of the output
  std::vector<std::size_t> from_, to_;          // columns that are copied
  bool texts_ = false;                          // some column that is made is text
};

/// The columns of these that are wanted, or that one which is wanted is made of.
std::vector<ComputedColumn> wanted_of(const std::vector<ComputedColumn>& columns, const ColumnNames& wanted);
/// For StageKind::reads.
ColumnNames columns_read(const std::vector<ComputedColumn>& columns, const ColumnNames& wanted);
/// A kind that makes these columns. `options` says what is wrong with them, where something is.
Kind<Table, Table> computing_kind(const std::string& name, GivenOptions options, std::vector<ComputedColumn> columns);

}  // namespace leat
