/// Linear models on disk: one Cap'n Proto message in the standard stream framing, root
/// schema::LinearModel, so that any Cap'n Proto tool reads it:
///
///   capnp decode schemas/model.capnp LinearModel < flights.model
///
///   auto bytes = leat::model_bytes(chunk);                  // what model_file writes
///   auto model = leat::read_model("predict", path);         // what predict reads
///
/// Contract. The message has a checksum of itself: the first half of its XXH3-128 (Y. Collet) with the field of
/// the checksum 0. Files of earlier versions have none, and are read. read_model trusts nothing: a regular file
/// of at most 64 MiB, read with bounds and limits checked, whose checksum fits, and a model that is whole.
/// Errors, one sentence with the path: missing, not a file, too large, cut short, damaged or not a model.
/// Threads: no state.
#pragma once

#include <leat/actors/models/linear_prediction.hpp>
#include <leat/chunk/chunk.hpp>

#include <string>

namespace leat {

/// The framed message of a LinearModel chunk, with its checksum.
std::string model_bytes(const Chunk& model);

Result<LinearPrediction> read_model(std::string kind, const std::string& path);

/// The message of such a file, held against all that read_model holds it against; and the chunk that it is.
Result<std::string> read_model_message(const std::string& kind, const std::string& path);
Chunk model_chunk(Pool& pool, const std::string& message);

}  // namespace leat
