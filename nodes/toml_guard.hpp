/// What toml++ 3.3 must not be given: found before it reads.
///
///   if (auto complaint = leat::nodes::guard_toml(text)) return *complaint;
///
/// Bytes that are not UTF-8, at the place itself; other characters than ASCII outside of quotes and
/// comments, and a table header that begins with no name, which break what that library asserts;
/// and dotted keys of many parts, for each of which it recurses. None of it is sound TOML for a
/// graph; all else is left to toml++.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "nodes/toml_text.hpp"

namespace leat::nodes {

inline constexpr std::size_t kMostKeyParts = 8;

/// The first thing wrong, at its place; also text that is not UTF-8. One pass, no memory.
std::optional<Complaint> guard_toml(std::string_view text);

}  // namespace leat::nodes
