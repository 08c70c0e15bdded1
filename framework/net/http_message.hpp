/// Requests and answers of HTTP as plain values. No I/O.
#pragma once

#include <leat/chunk/result.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leat {

/// A header field. Names are compared without regard to case.
struct HttpField {
  std::string name;
  std::string value;

  friend bool operator==(const HttpField&, const HttpField&) = default;
};

/// A request without its body.
struct HttpRequest {
  std::string method;  ///< "GET"
  std::string target;  ///< as it was sent: the path, and what follows a question mark
  std::vector<HttpField> fields = {};
  bool body = false;                            ///< one follows
  std::optional<std::uint64_t> length = {};     ///< of the body, where it is said before
  std::string peer = {};                        ///< "127.0.0.1:51234"
  bool encrypted = false;                       ///< it came over TLS

  /// The first field of that name; null: there is none.
  const std::string* field(std::string_view name) const;
  /// How many fields of that name there are.
  std::size_t count(std::string_view name) const;
  /// What stands before the question mark, and after it; still percent-encoded.
  std::string_view path() const;
  std::string_view query() const;
};

struct HttpAnswer {
  unsigned status = 200;
  std::string type = "text/plain; charset=utf-8";  ///< "": no Content-Type
  std::string body = {};
  std::vector<HttpField> fields = {};  ///< others
  /// Gives the body in parts instead, "" at its end: called on the server's thread when the one before has been
  /// sent, so that a body is as large in memory as a part. An error cuts the connection.
  std::function<Result<std::string>()> more = {};
  std::optional<std::uint64_t> length = {};  ///< of what `more` gives in all; none: not known before
};

/// Whether two names or words of a header are equal, whatever their case (ASCII).
bool same_word(std::string_view a, std::string_view b);

/// A part of a path or a query without its percent-encoding (RFC 3986); in a query a plus is a space. Errors: invalid
/// (a percent sign without two hexadecimal digits, an encoded zero).
Result<std::string> percent_decoded(std::string_view text, bool of_query = false);
/// The text with all but letters, digits and - . _ ~ encoded.
std::string percent_encoded(std::string_view text);

/// The names and values of a query, in their order. Errors: those of percent_decoded().
Result<std::vector<std::pair<std::string, std::string>>> query_values(std::string_view query);

}  // namespace leat
