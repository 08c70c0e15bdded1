/// Model file: saves a trained model, whole or not at all.
///
///   model.sink("model", leat::model_file("flights.model"));      // read again by leat::predict
///
/// Contract. In: one schema::LinearModel. The file is opened out of sight when the job starts, so that
/// a path that cannot be written fails before hours of work; it is written when the input ends complete,
/// and appears under its name when the whole job is complete (Actor::commit); an interrupted or failed
/// job leaves what was there before. Format: see saved_model.hpp. Reports "model", the path. Errors, one
/// sentence with the path: see output/staged_file.hpp; no model, or two. State: the model. One replica.
#pragma once

#include <leat/chunk/chunk.hpp>
#include <leat/graph/declared_kind.hpp>
#include <leat/schemas/model.capnp.h>

#include <string>

namespace leat {

Kind<void, Message<schema::LinearModel>> model_file(std::string path);
DeclaredKind declared_model_file();

}  // namespace leat
