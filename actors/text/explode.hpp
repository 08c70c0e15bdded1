/// Explode: a row for each piece of a text.
///
///   rows.map("words", leat::explode({.column = "line"}));                        // its words
///   rows.map("tags", leat::explode({.column = "tags", .delimiter = ";"}));       // what lies between
///
/// Contract. In and out: Tables. The column becomes one piece of its text; the others are repeated. Without a delimiter
/// pieces are words: what lies between spaces, tabs and line ends (ASCII); a text without a word gives no row. With one
/// they are what lies between, which may be empty: a text has one more than it has delimiters. A null stays one row,
/// null. The rows of one come one after the other, in the order of the pieces, and all have its number: their numbers
/// do not fall, and are not one each. Texts of a dictionary become plain. Errors: an unknown column (with the nearest
/// name), one that is not text, a delimiter longer than 64 bytes. Memory: chunks of at most 16,384 rows, one a step.
/// Threads: stateless, any number of replicas.
#pragma once

#include <leat/chunk/table.hpp>
#include <leat/graph/declared_kind.hpp>

#include <optional>
#include <string>

namespace leat {

struct Exploding {
  std::string column = {};
  std::optional<std::string> delimiter = {};  ///< none, or empty: words
};

Kind<Table, Table> explode(Exploding options);
DeclaredKind declared_explode();

}  // namespace leat
