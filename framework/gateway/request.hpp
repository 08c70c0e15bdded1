/// Requests and replies as streams carry them: what a standing graph is made of.
///
///   requests.map("steps", [](const ServiceRequest& request, Pool& pool) {
///     return reply(request, json_answer(steps_of(request.integer("n"))), pool);
///   });
#pragma once

#include <leat/chunk/chunk.hpp>
#include <leat/graph/option.hpp>
#include <leat/net/http_message.hpp>
#include <leat/schemas/request.capnp.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace leat {

/// One request of a route. A payload. Threads: as Chunk.
class ServiceRequest {
 public:
  using Schema = schema::Request;
  ServiceRequest() = default;
  explicit ServiceRequest(Chunk chunk) : chunk_(std::move(chunk)) {}
  static PayloadType payload_type() { return Message<schema::Request>::payload_type(); }
  const Chunk& chunk() const& { return chunk_; }
  Chunk&& chunk() && { return std::move(chunk_); }

  std::uint64_t id() const { return chunk_.root<schema::Request>().getId(); }
  /// Whether the parameter was given, or has a fallback.
  bool has(std::string_view name) const;
  /// The value of a parameter, as its route declares it. Throws std::logic_error where there is none of that type.
  std::int64_t integer(std::string_view name) const;
  double real(std::string_view name) const;
  bool flag(std::string_view name) const;
  std::string_view text(std::string_view name) const;
  /// Lives as long as the chunk.
  std::string_view body() const;

 private:
  schema::RequestParam::Reader param(std::string_view name, schema::RequestParam::Which type) const;
  Chunk chunk_;
};

/// What a request is answered with. A payload. Threads: as Chunk.
class ServiceReply {
 public:
  using Schema = schema::Reply;
  ServiceReply() = default;
  explicit ServiceReply(Chunk chunk) : chunk_(std::move(chunk)) {}
  static PayloadType payload_type() { return Message<schema::Reply>::payload_type(); }
  const Chunk& chunk() const& { return chunk_; }
  Chunk&& chunk() && { return std::move(chunk_); }

  std::uint64_t id() const { return chunk_.root<schema::Reply>().getId(); }
  /// Of the answer its status, type and body.
  HttpAnswer answer() const;

 private:
  Chunk chunk_;
};

/// The reply to `request`; of the answer its status, type and body.
ServiceReply reply(const ServiceRequest& request, const HttpAnswer& answer, Pool& pool);

/// A request as a chunk; `params`: what the values are of.
ServiceRequest request_chunk(std::uint64_t id, const std::vector<Option>& params, const OptionValues& values, std::string_view body,
                      Pool& pool);

/// How urgent its client says a request is, 0 (most) to 7, of a Priority field (RFC 9218); without one, or with one that
/// cannot be read, 3.
unsigned urgency_of(const HttpRequest& request);

}  // namespace leat
