/// Paths: where in a JSON object a value lies.
///
///   auto path = leat::json::read_path("user.tags[0]");    // the keys user and tags, and of that array the first
///   leat::json::asked_column("name = user.name");         // a column called name, and its path
///
/// Keys with points between them, [N] for an element of an array, from 0. A key that has one of . [ ] " = in it, or
/// nothing, is written in double quotes: "a.b".c, with \" \\ \n \r \t inside. Threads: plain values.
#pragma once

#include <leat/chunk/result.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leat::json {

/// From a value to one in it.
struct FieldStep {
  std::string key = {};
  std::optional<std::uint32_t> element = {};  ///< of an array; then there is no key

  friend bool operator==(const FieldStep&, const FieldStep&) = default;
};

using FieldPath = std::vector<FieldStep>;

/// Errors: what is no path, with what is wrong with it.
Result<FieldPath> read_path(std::string_view text);

/// As read_path() reads it.
std::string path_text(const FieldPath& path);

/// What a column of it is called, unless it is told: its keys as they are, with points between them.
std::string path_name(const FieldPath& path);

/// A column that is asked for.
struct AskedColumn {
  std::string name;
  std::string path;  ///< as written
};

/// "PATH", or "NAME = PATH".
AskedColumn asked_column(std::string_view text);

}  // namespace leat::json
