#include <leat/graph/built_graph.hpp>

#include <leat/actor/guard.hpp>
#include <leat/graph/fingerprint.hpp>

namespace leat {
namespace {

template <class Build>
Result<Graph> built(const Program& program, Build build) {
  auto graph = guarded(build);
  if (graph || !graph.error().thrown) return graph;
  Error error = graph.error().in("graph " + program.name + " cannot be built");
  if (error.kind == ErrorKind::failed) error.kind = ErrorKind::invalid;
  return error;
}

}  // namespace

Result<Graph> built_graph(const Program& program, const Args& args) {
  return built(program, [&] { return program.build(args); });
}

Result<Graph> twice_built_graph(const Program& program, const Args& args) {
  return built(program, [&] { return build_twice([&] { return program.build(args); }); });
}

}  // namespace leat
