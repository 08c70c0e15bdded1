/// JSON parser: blocks of lines in, Tables out, in as many replicas as there are threads.
///
///   g.source("read", leat::json::blocks("events.jsonl"))
///       .map("parse", leat::json::parse({.columns = {"id", "name = user.name"}, .types = {{"id", leat::ColumnType::TEXT}}}))
///
/// A row is an object on a line of its own; blank lines are none. A column is a field, also one of an object or an
/// array in it (json/path.hpp): "user.name", "tags[0]". Which there are, and of what types, the source has found in the
/// first lines (sniff/json_sample.hpp), unless it is said: `columns` are fields, each "PATH" or "NAME = PATH", `types`
/// are by the column's name; with its type a field may be asked for that comes only later.
///
/// Values, by the type of their column. A field that is not there, and null, is null.
/// - i64, i32: numbers without a point or exponent that fit. f64, f32, f16: numbers, rounded once to nearest; an
///   integer that an f64 does not hold as it is, is bad, unless the type was given.
/// - bool: true and false. timestamp: a string, as of csv/parse.hpp.
/// - text, bytes: what a string says; of anything else its JSON, as it lies there: arrays, objects, numbers.
///
/// Any other value is a bad value. A line that is no object, or has a field twice that is wanted, is a bad line; what
/// lies in fields that nobody wants is looked at for matching quotes and brackets only. Fields that are not among the
/// columns of the first lines are counted, "fields left out", where no `columns` were given.
#pragma once

#include <leat/actors/csv/parse.hpp>

#include <map>
#include <string>
#include <vector>

namespace leat::json {

/// Of bad values, as of bad cells; a bad line is a bad row: dropped but by `fail`.
using csv::BadCells;

struct ParseOptions {
  std::vector<std::string> columns = {};         ///< of the output, in this order; empty: all
  std::map<std::string, ColumnType> types = {};  ///< by column: they win over what the lines look like
  BadCells bad = BadCells::fail;
};

/// Gives one Table per block where it fits 512 KiB, else a few. Rows keep their numbers; a Table from which rows were
/// dropped has row numbers. Of fields that no stage below reads (StageKind::reads) nothing is read. Counts as csv::parse
/// does. State: of a long line ten times its length, which simdjson takes. Threads: as Actor; stateless. Strings and
/// numbers by simdjson (Langdale and Lemire, "Parsing Gigabytes of JSON per Second", 2019).
Kind<Table, Message<schema::CsvBlock>> parse(ParseOptions options = {});
DeclaredKind declared_parse();

}  // namespace leat::json
