/// Compute: columns made of others by expressions.
///
///   rows.map("fast", leat::compute({"speed = distance / minutes * 60", "band = floor(distance / 500) * 500"}));
///
/// The language is in docs/expressions.md. Contract. In and out: Tables; rows keep their numbers and order. Each line
/// is NAME = EXPRESSION; it may use the columns of those before it. A name that is there is replaced, in its place; a
/// new one is the last. A null in what a cell is made of makes it null, unless the expression says otherwise. What no
/// stage below reads is not computed, and what only that reads is not asked for. Errors before the start: what the
/// language does not know, with its place; an unknown column, with the near name; types that do not go together. While
/// it runs: integers that overflow or are divided by zero, and casts that do not fit, name column, row and values; f64
/// follows IEEE 754. Memory: one new chunk. Threads: stateless, any number of replicas.
#pragma once

#include <leat/chunk/table.hpp>
#include <leat/graph/declared_kind.hpp>

#include <string>
#include <vector>

namespace leat {

Kind<Table, Table> compute(std::vector<std::string> columns);
DeclaredKind declared_compute();

}  // namespace leat
