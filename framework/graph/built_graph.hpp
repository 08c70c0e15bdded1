/// Building: a program's graph, from its arguments, with what the user's function throws as an Error.
#pragma once

#include <leat/graph/args.hpp>

namespace leat {

/// What program.build makes of `args`. Errors: invalid, with `thrown`: it throws, so there is no such graph.
Result<Graph> built_graph(const Program& program, const Args& args);

/// The same, built twice. Errors: build_twice()'s too.
Result<Graph> twice_built_graph(const Program& program, const Args& args);

}  // namespace leat
