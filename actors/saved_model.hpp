/// Linear models on disk: one Cap'n Proto message in the standard stream framing, root
/// schema::LinearModel, so that any Cap'n Proto tool reads it:
///
///   capnp decode schemas/model.capnp LinearModel < flights.model
///
///   auto bytes = leat::model_bytes(chunk);                  // what model_file writes
///   auto model = leat::read_model("predict", path);         // what predict reads
///
/// Contract. read_model trusts nothing: a regular file of at most 64 MiB, read with bounds and limits
/// checked, and a model that is whole. Errors, one sentence with the path: missing, not a file, too
/// large, cut short or not a model. Threads: no state.
#pragma once

#include <leat/actors/linear_prediction.hpp>
#include <leat/chunk/chunk.hpp>

#include <string>

namespace leat {

/// The framed message of a LinearModel chunk.
std::string model_bytes(const Chunk& model);

Result<LinearPrediction> read_model(std::string kind, const std::string& path);

}  // namespace leat
