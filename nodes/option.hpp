/// Options of stages: declared once, then read from TOML.
///
///   Option l2{"l2", OptionType::real, "ridge penalty", "0", "", 0.0};
///   auto value = read_option(l2, written, parameters, "stage train", complaints);
///   value->real
///
/// From one declaration come validation, what `leat kinds` shows, and the actor's options.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <leat/graph/args.hpp>

#include "nodes/toml_text.hpp"

namespace leat::nodes {

enum class OptionType {
  text,
  character,  ///< a text of one ASCII character
  path,       ///< a relative one begins where the command runs
  integer,
  real,
  flag,
  bytes,   ///< an integer, or a text such as "64MiB"
  choice,  ///< one of `choices`
  texts,   ///< an array of texts, or one text with commas between
  types,   ///< a table: a column's name, then its type
};

/// One option of a kind of stage.
struct Option {
  std::string name;
  OptionType type = OptionType::text;
  std::string sentence;  ///< what it is for
  std::optional<std::string> fallback =
      {};  ///< what holds when it is left out, in words; none: it must be given
  std::string unit = {};
  std::optional<double> least = {};  ///< integer, real, bytes
  std::optional<double> most = {};
  std::vector<std::string> choices = {};
};

/// "a number", "a list of texts" ...: what an option expects.
std::string expected(OptionType type);

/// One option's value; the member of its type holds it.
struct OptionValue {
  std::string text = {};
  std::int64_t integer = 0;
  double real = 0;
  bool flag = false;
  std::uint64_t bytes = 0;
  std::vector<std::string> texts = {};
  std::map<std::string, std::string> types = {};
};

/// The options of one stage that were given. Asking for one that was not is a bug, but for has().
class Options {
 public:
  bool has(const std::string& name) const { return values_.count(name) > 0; }
  const OptionValue& operator[](const std::string& name) const { return values_.at(name); }
  void set(const std::string& name, OptionValue value) { values_[name] = std::move(value); }

 private:
  std::map<std::string, OptionValue> values_;
};

/// What ${name} stands for in the texts of a graph.
struct Parameters {
  std::vector<Param> declared;
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

/// Reads a value as the option declares it. `where` begins the sentences: "stage train". Nothing
/// when it was complained about. A value that depends on a parameter without one is stand_in().
std::optional<OptionValue> read_option(const Option& option, const Value& written,
                                       const Parameters& parameters, const std::string& where,
                                       Complaints& complaints);

/// A value that satisfies the declaration, for checks that do not depend on it.
OptionValue stand_in(const Option& option);

/// ", did you mean NAME?", or "".
std::string did_you_mean(const std::vector<std::string>& names, const std::string& word);

/// "a, b and c".
std::string listed_names(const std::vector<std::string>& names);

}  // namespace leat::nodes
