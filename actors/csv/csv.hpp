/// CSV files: a source of blocks of whole records, a parser that makes Tables of them, and a
/// writer.
///
///   auto rows = g.source("read", csv::blocks("flights.csv"))
///                   .map("parse", csv::parse({.real = ColumnType::F32}), replicas(1, 8));
#pragma once

#include <leat/actors/csv/blocks.hpp>
#include <leat/actors/csv/params.hpp>
#include <leat/actors/csv/parse.hpp>
#include <leat/actors/csv/write.hpp>
