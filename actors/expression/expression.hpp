/// Expressions: what a column is, or which rows there are, as a text. The language is in docs/expressions.md.
///
///   auto speed = leat::parse_expression("distance / (minutes / 60)");      // or a sentence with the place
///   auto typed = leat::bind_expression("compute", *speed, table.fields()); // columns and types looked up
///   typed->type(), typed->nullable()                                       // f64, whether any of the two is
///
/// Parsed once, bound to the columns before a job starts, and evaluated a column at a time (expression/evaluation.hpp).
/// Pure: no I/O. Plain values, cheap to copy. Threads: any number may use one.
///
/// Types: f64, i64, bool, text and timestamp. f32 and f16 are read as f64, which holds them all, and i32 as i64:
/// results are f64 and i64. A column alone keeps its type.
#pragma once

#include <leat/chunk/fields.hpp>
#include <leat/chunk/result.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leat {

/// What expressions compute with.
enum class ValueType : std::uint8_t { none, f64, i64, boolean, text, time };

/// A value that is written out in an expression.
struct Literal {
  ValueType type = ValueType::none;  ///< none: null
  std::int64_t integer = 0;          ///< i64; boolean: 0 or 1; time: nanoseconds since 1970
  double real = 0;
  std::string text = {};
};

/// A part of an expression: a column, a literal, or an operation on the parts before it.
struct ExpressionPart {
  enum class Is : std::uint8_t { column, literal, operation } is = Is::literal;
  std::size_t operation = 0;          ///< index into expression_operations()
  std::size_t inputs = 0;             ///< of an operation
  std::size_t column = 0;             ///< index into Expression::columns()
  std::vector<Literal> literals = {}; ///< that of a literal; what `in` looks among
  std::size_t begin = 0;              ///< where it is written, in bytes
  std::size_t end = 0;
};

class Expression {
 public:
  const std::string& text() const { return parsed_->text; }
  /// Names of the columns it reads, each once.
  const std::vector<std::string>& columns() const { return parsed_->columns; }
  /// In postfix order: operands before what is done with them. The last one is the whole.
  const std::vector<ExpressionPart>& parts() const { return parsed_->parts; }
  /// The text of a part, for sentences: on one line, cut where it is long.
  std::string shown(const ExpressionPart& part) const;

 private:
  struct Parsed {
    std::string text;
    std::vector<std::string> columns;
    std::vector<ExpressionPart> parts;
  };
  friend class ExpressionParser;
  friend Expression filled_expression(const std::string& column, const Expression& value);
  explicit Expression(Parsed parsed) : parsed_(std::make_shared<const Parsed>(std::move(parsed))) {}

  std::shared_ptr<const Parsed> parsed_;
};

/// A column's name and what it is to be: "speed = distance / minutes".
struct Assignment {
  std::string name;
  Expression value;
};

/// How deep parentheses, calls and signs may be nested.
inline constexpr std::size_t kDeepestExpression = 100;

/// Errors: what is wrong, and at which character, counted from 1.
Result<Expression> parse_expression(std::string_view text);
Result<Assignment> parse_assignment(std::string_view text);
/// "old as new". Errors as above.
Result<std::pair<std::string, std::string>> parse_renaming(std::string_view text);

/// A column where it holds a value, and `value` where it is null.
Expression filled_expression(const std::string& column, const Expression& value);

/// A name as expressions write it: in backticks where it needs them.
std::string written_name(const std::string& name);

/// Bytes of text: so many times those of a chunk, and so many a row.
struct TextBytes {
  std::uint64_t times = 0;
  std::uint64_t a_row = 0;
};

struct ExpressionProgram;

/// An expression whose columns and types are known.
class TypedExpression {
 public:
  explicit TypedExpression(std::shared_ptr<const ExpressionProgram> program) : program_(std::move(program)) {}

  ColumnType type() const;
  bool nullable() const;
  /// What its texts take at most; of a type that is not text nothing.
  TextBytes text_bytes() const;
  /// What evaluating it takes, in bytes, where the texts of a chunk take no more than `texts`.
  std::uint64_t state(std::uint64_t texts) const;
  const ExpressionProgram& program() const { return *program_; }

 private:
  std::shared_ptr<const ExpressionProgram> program_;
};

/// What the result is to be; else it is what comes of the expression.
struct WantedType {
  ColumnType type = ColumnType::F64;
  bool misfits_null = false;  ///< what does not fit becomes null; else it fails the evaluation
  bool filled = false;        ///< of filled_expression(): the value must be of the column's type
};

/// Errors, in the name of a kind: a column that is not there, with the near name, or is there twice, or is bytes; types
/// that do not go together, with what to write instead.
Result<TypedExpression> bind_expression(std::string_view kind, const Expression& expression, const Fields& fields);
Result<TypedExpression> bind_expression(std::string_view kind, const Expression& expression, const Fields& fields,
                                        WantedType wanted);

}  // namespace leat
