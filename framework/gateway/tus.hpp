/// Uploads over HTTP: tus 1.0.0 (https://tus.io/protocols/resumable-upload, Kleidl and others, 2016) with the extensions
/// creation, expiration, checksum and termination.
#pragma once

#include <leat/gateway/route.hpp>
#include <leat/gateway/uploads.hpp>
#include <leat/gateway/work_pool.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace leat {

/// /api/v1/uploads. Refer to both, which live longer than the server. Parts are written on the pool, not on the server's
/// thread. `room_for`: whether a tenant has room for so many bytes more, or the error that is answered with 429.
std::vector<Route> upload_routes(Uploads& uploads, WorkPool& pool,
                                 std::function<Result<void>(const std::string& tenant, std::uint64_t bytes)> room_for);

/// The value of a name in an Upload-Metadata field, whose values are in base64; "" where it has none.
std::string upload_metadata(std::string_view field, std::string_view name);
/// An Upload-Checksum field. Errors: invalid (another algorithm, no base64, a digest of another length).
Result<Checksum> upload_checksum(std::string_view field);

}  // namespace leat
