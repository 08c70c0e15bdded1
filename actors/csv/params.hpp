/// The parameters of a program that reads CSV: declared once, for all of them.
///
///   leat::Program program{.name = "count", .sentence = "...",
///                         .params = leat::csv::with_params({{"data", leat::OptionType::paths, "CSV files", {}}}),
///                         .build = [](const leat::Args& args) {
///     leat::Graph g{"count"};
///     auto rows = g.source("read", leat::csv::blocks(args.list("data"), leat::csv::block_options(args)))
///                     .map("parse", leat::csv::parse(leat::csv::parse_options(args)));
///     ...
///   }};
///
/// They are --delimiter, --header, --nulls, --types, --decimal and --bad. Threads: plain functions.
#pragma once

#include <vector>

#include <leat/actors/csv/blocks.hpp>
#include <leat/actors/csv/parse.hpp>
#include <leat/graph/args.hpp>

namespace leat::csv {

/// The declarations alone.
std::vector<Option> params();
/// A program's own, and these.
std::vector<Option> with_params(std::vector<Option> own);

/// What the arguments of a program with these parameters say.
BlockOptions block_options(const Args& args);
ParseOptions parse_options(const Args& args);

}  // namespace leat::csv
