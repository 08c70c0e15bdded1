/// The parts of a cut: what each of a job's processes keeps of it, in the store's folder.
///
///   auto part = leat::write_part(folder, cut, me);   // on each node; then who publishes names all parts in the manifest
///   auto cut = leat::read_parts(folder, manifest, pool);
///
/// Nobody needs to hold the store for that: no two epochs write one file, and what no manifest names is removed.
#pragma once

#include <leat/checkpoint/cut.hpp>
#include <leat/chunk/pool.hpp>
#include <leat/chunk/result.hpp>

#include <cstdint>
#include <filesystem>
#include <string>

namespace leat {

/// The file of a part.
std::filesystem::path part_file(const std::filesystem::path& folder, CutId cut, std::uint32_t node);

/// On the disk when it returns. Errors: those of write_cut().
Result<CutPart> write_part(const std::filesystem::path& folder, const Cut& cut, std::uint32_t node);

/// All parts as one cut, its chunks in memory of `pool`. Errors: those of read_cut().
Result<Cut> read_parts(const std::filesystem::path& folder, const Manifest& manifest, Pool& pool);

/// Whether this process sees the folder in which that epoch of the job was begun. Errors: invalid: it does not; failed;
/// corrupt.
Result<void> sees_store(const std::filesystem::path& folder, const std::string& job, std::uint32_t epoch);

}  // namespace leat
