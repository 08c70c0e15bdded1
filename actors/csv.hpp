/// CSV files: a source of blocks of whole records, a parser that makes Tables of them, and a
/// writer.
///
///   auto rows = g.source("read", csv::blocks("flights.csv"))
///                   .map("parse", csv::parse({.real = ColumnType::F32}), replicas(1, 8));
#pragma once

#include <leat/actors/csv_blocks.hpp>
#include <leat/actors/csv_params.hpp>
#include <leat/actors/csv_parse.hpp>
#include <leat/actors/csv_write.hpp>
