/// Model source: a saved model as a stream of one, for what takes a model as an input.
///
///   held.join("score", g.source("model", leat::model_source("flights.model")), leat::evaluate())
///
/// Contract. Out: the schema::LinearModel of the file, once. Errors at probe: those of saved_model.hpp. Memory: the
/// model.
#pragma once

#include <string>

#include <leat/graph/declared_kind.hpp>
#include <leat/schemas/model.capnp.h>

namespace leat {

Kind<Message<schema::LinearModel>> model_source(std::string path);
DeclaredKind declared_model_source();

}  // namespace leat
