/// leat: all a program needs to write graphs and run them.
///
///   #include <leat/leat.hpp>
///   leat::Graph build(const leat::Args& args);
///   int main(int argc, char** argv) { return leat::app(argc, argv, build); }
#pragma once

#include <leat/actor/actor.hpp>
#include <leat/actors/actors.hpp>
#include <leat/app/app.hpp>
#include <leat/chunk/column.hpp>
#include <leat/chunk/gather.hpp>
#include <leat/chunk/rows.hpp>
#include <leat/chunk/table.hpp>
#include <leat/chunk/table_builder.hpp>
#include <leat/graph/args.hpp>
#include <leat/graph/memory.hpp>
#include <leat/graph/stream.hpp>
#include <leat/runtime/run.hpp>
#include <leat/schemas/chunk.capnp.h>
