/// What the cells of a column could be: how csv.blocks infers types.
///
///   csv::Guess guess;
///   guess.add(csv::form_of("1.5", '.'));  // of each record of a sample
///   guess.type()                          // I64, F64, BOOL, TIMESTAMP or TEXT
///
/// A column is read as a number only where the number holds what the cells say: I64 where all are decimal
/// integers that fit, without leading zeros or a plus; F64 where some have a point or an exponent, and the
/// integers among them are below 2^53; nan and inf are numbers beside others. BOOL where all say true or
/// false, TIMESTAMP where all are ISO 8601 dates or times that fit. Anything else is TEXT, and so is a column
/// without a cell that decides: nulls do not. Threads: plain values.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include <leat/actors/csv/blocks.hpp>
#include <leat/actors/csv/record.hpp>
#include <leat/chunk/fields.hpp>

namespace leat::csv {

/// What one cell is.
enum class Form {
  null,
  integer,        ///< one that fits I64
  large_integer,  ///< one that fits I64, and not F64
  real,
  word,           ///< nan or inf
  truth,          ///< true or false
  time,
  comma_real,     ///< a number with a decimal comma, where the dialect has a point
  unheld,         ///< a number or a time that no type holds as it stands: 007, +5, 1e400, the year 9999
  other,
};

/// Of a cell without the spaces around it. `decimal`: '.' or ','.
Form form_of(std::string_view text, char decimal);

/// Whether an unquoted cell says that there is no value: it is one of `nulls`.
bool says_null(std::string_view text, const std::vector<std::string>& nulls);

class Guess {
 public:
  void add(Form form) { seen_ |= 1u << static_cast<unsigned>(form); }
  void add(const Guess& other) { seen_ |= other.seen_; }

  ColumnType type() const;
  /// Whether it is a column of one kind of value: of type(), or of numbers with decimal commas.
  bool typed() const;
  /// Whether some cell is a word, and no value.
  bool has_words() const { return has(Form::other); }
  /// Whether some cell decides.
  bool decides() const { return (seen_ & ~bit(Form::null)) != 0; }

 private:
  static unsigned bit(Form form) { return 1u << static_cast<unsigned>(form); }
  bool has(Form form) const { return (seen_ & bit(form)) != 0; }
  bool only(std::initializer_list<Form> forms) const;

  unsigned seen_ = 0;
};

/// The form of a cell as it lies in the text.
Form form_of(const Cell& cell, const BlockOptions& dialect, std::string& scratch);

}  // namespace leat::csv
