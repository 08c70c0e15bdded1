#include <leat/gateway/route_table.hpp>

#include <leat/net/http_message.hpp>

#include <algorithm>

namespace leat {
namespace {

// Before decoding: an encoded slash is a part of a value, never a border.
std::vector<std::string_view> split(std::string_view path) {
  std::vector<std::string_view> parts;
  path.remove_prefix(1);
  while (true) {
    std::size_t slash = path.find('/');
    parts.push_back(path.substr(0, slash));
    if (slash == path.npos) return parts;
    path.remove_prefix(slash + 1);
  }
}

Result<std::vector<std::string>> parts_of(std::string_view path) {
  if (path.empty() || path.front() != '/') return invalid("a path begins with a slash");
  if (path == "/") return std::vector<std::string>();
  auto raw = split(path);
  if (raw.size() > RouteTable::kMostParts) return invalid("a path has at most " + std::to_string(RouteTable::kMostParts) + " parts");
  std::vector<std::string> parts;
  for (std::string_view one : raw) {
    auto part = percent_decoded(one);
    if (!part) return std::move(part).error();
    if (part->empty() || *part == "." || *part == "..") return invalid("no part of a path is empty, . or ..");
    parts.push_back(std::move(*part));
  }
  return parts;
}

}  // namespace

Result<std::size_t> RouteTable::add(const std::string& method, const std::string& pattern) {
  auto parts = parts_of(pattern);
  if (!parts) return parts.error().in("the route " + pattern);
  Pattern made{method, std::move(*parts), {}};
  for (std::string& part : made.parts) {
    bool named = part.size() > 2 && part.front() == '{' && part.back() == '}';
    if (named) part = part.substr(1, part.size() - 2);
    if (part.find_first_of("{}") != part.npos) return invalid("the route " + pattern + ": a name is a whole part, such as {id}");
    made.named.push_back(named);
  }
  for (const Pattern& other : patterns_) {
    bool same = other.method == method && other.named == made.named;
    for (std::size_t i = 0; same && i < made.parts.size(); ++i) same = made.named[i] || made.parts[i] == other.parts[i];
    if (same) return invalid("the route " + method + " " + pattern + " is there already");
  }
  patterns_.push_back(std::move(made));
  return patterns_.size() - 1;
}

Result<RouteSearch> RouteTable::find(const std::string& method, std::string_view path) const {
  auto parts = parts_of(path);
  if (!parts) return std::move(parts).error();
  RouteSearch search;
  const Pattern* best = nullptr;
  for (const Pattern& pattern : patterns_) {
    if (pattern.parts.size() != parts->size()) continue;
    bool fits = true;
    for (std::size_t i = 0; fits && i < parts->size(); ++i) fits = pattern.named[i] || pattern.parts[i] == (*parts)[i];
    if (!fits) continue;
    bool asked = pattern.method == method || (method == "HEAD" && pattern.method == "GET");
    if (!asked) search.allowed.push_back(pattern.method);
    if (asked && (!best || pattern.named < best->named)) best = &pattern;
  }
  if (!best) return search;
  search.allowed.clear();
  search.match.emplace();
  search.match->route = static_cast<std::size_t>(best - patterns_.data());
  for (std::size_t i = 0; i < parts->size(); ++i) {
    if (best->named[i]) search.match->values[best->parts[i]] = (*parts)[i];
  }
  return search;
}

}  // namespace leat
