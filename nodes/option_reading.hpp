/// Options of stages, read from TOML as they are declared.
///
///   Option l2{.name = "l2", .type = OptionType::real, .least = 0};
///   auto value = read_option(l2, written, parameters, "stage train", complaints);
///   value->real
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <leat/graph/option.hpp>

#include "nodes/toml_text.hpp"

namespace leat::nodes {

/// "a number", "an array of strings" ...: what TOML has for an option.
std::string expected(OptionType type);

/// What ${name} stands for in the texts of a graph.
struct Parameters {
  std::vector<Option> declared;
  std::map<std::string, std::string>
      values;                ///< one that is declared may be missing: not known yet
  std::string folder = ".";  ///< where relative paths begin
};

/// A text with its ${names} replaced; "$${" stands for "${". `known` is false where a parameter has
/// no value yet: its ${name} is then left as it is. Nothing when it was complained about.
struct Filled {
  std::string text;
  bool replaced = false;
  bool known = true;
};
std::optional<Filled> fill(const Value& written, const Parameters& parameters,
                           const std::string& where, Complaints& complaints);

/// True where the value is a parameter alone that is empty, which no value of the option is: then the option is left
/// out. Of texts, paths and lists of texts the empty one is a value, and an option that must be given has to be.
bool is_left_out(const Option& option, const Value& written, const Parameters& parameters);

/// Reads a value as the option declares it. `where` begins the sentences: "stage train". Nothing
/// when it was complained about. A value that depends on a parameter without one is stand_in().
std::optional<OptionValue> read_option(const Option& option, const Value& written,
                                       const Parameters& parameters, const std::string& where,
                                       Complaints& complaints);

/// ", did you mean NAME?", or "".
std::string did_you_mean(const std::vector<std::string>& names, const std::string& word);

}  // namespace leat::nodes
