/// Arguments: the values a graph is built from. What it can be asked for are its parameters, each an
/// Option (option.hpp).
#pragma once

#include <leat/chunk/result.hpp>
#include <leat/graph/graph.hpp>
#include <leat/graph/option.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace leat {

/// The largest value of a parameter, in bytes: here, in a file, and in a job that is submitted.
inline constexpr std::size_t kMostValue = std::size_t{1} << 20;

/// Values for all parameters of one graph: validated, with fallbacks filled in. The canonical form of
/// a job: the same Args build the same Graph on every node. Asking for an undeclared name, or for a
/// type a parameter does not have, is a bug and throws std::out_of_range or std::invalid_argument.
class Args {
 public:
  /// Validates `given` against `params`: unknown names, missing ones, bad values and those of more than
  /// kMostValue bytes are refused.
  static Result<Args> from(const std::vector<Option>& params,
                           const std::map<std::string, std::string>& given);

  const std::string& operator[](const std::string& name) const { return values_.at(name); }
  std::int64_t integer(const std::string& name) const { return std::stoll(values_.at(name)); }
  double real(const std::string& name) const;
  bool flag(const std::string& name) const { return values_.at(name) == "true"; }
  std::uint64_t bytes(const std::string& name) const { return *parse_bytes(values_.at(name)); }
  /// A text split as split_at_commas() does; empty for "".
  std::vector<std::string> list(const std::string& name) const;
  /// Columns and the names of their types, of a parameter of OptionType::types.
  std::map<std::string, std::string> types(const std::string& name) const;

  const std::map<std::string, std::string>& values() const { return values_; }

 private:
  std::map<std::string, std::string> values_;
};

/// One named graph of a program.
struct Program {
  std::string name;
  std::string sentence;  ///< what it does, for --help
  std::vector<Option> params;
  Callable<Graph(const Args&)> build;  ///< a coordinator and nodes call it on several threads at once
  /// Parameters that the values of `params` bring: of a graph that is itself a parameter, its own.
  std::function<std::vector<Option>(const std::map<std::string, std::string>& values)> more = {};
  /// What the program's own command line says for it after `run`, where that is not its name: a file.
  std::string word = {};
};

/// The program's parameters, and those that come with `given` and the fallbacks of the others. What one
/// process says of a job's Args holds in every other, whatever fallbacks it has.
std::vector<Option> all_params(const Program& program, const std::map<std::string, std::string>& given = {});

}  // namespace leat
