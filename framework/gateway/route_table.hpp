/// Which route a request is for. Pure: text in, a number out.
///
///   RouteTable table;
///   table.add("GET", "/api/v1/jobs/{id}");
///   table.find("GET", "/api/v1/jobs/41");   // route 0, {{"id", "41"}}
#pragma once

#include <leat/chunk/result.hpp>

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leat {

struct RouteMatch {
  std::size_t route = 0;  ///< in the order of add()
  std::map<std::string, std::string> values = {};  ///< what stands at the names of its pattern, decoded
};

/// What was found, or why nothing was.
struct RouteSearch {
  std::optional<RouteMatch> match = {};
  std::vector<std::string> allowed = {};  ///< the methods of a path that has routes, when none is for the method asked
};

/// Patterns are paths of which whole parts may be names: "/jobs/{id}/log". A path fits the pattern with the most
/// literal parts from the left, so that the order of add() says nothing. Threads: find() from any.
class RouteTable {
 public:
  static constexpr std::size_t kMostParts = 32;

  /// Errors: invalid (a pattern that is none, or one that fits the same paths as an earlier one).
  Result<std::size_t> add(const std::string& method, const std::string& pattern);

  /// A HEAD is for the route of GET. Errors: invalid (a path that is none: no slash at its front, parts that are empty,
  /// "." or "..", percent signs that encode nothing, more than kMostParts parts).
  Result<RouteSearch> find(const std::string& method, std::string_view path) const;

 private:
  struct Pattern {
    std::string method;
    std::vector<std::string> parts;
    std::vector<bool> named;
  };

  std::vector<Pattern> patterns_;
};

}  // namespace leat
