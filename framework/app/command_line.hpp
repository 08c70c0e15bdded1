/// The command line, parsed and validated. No I/O.
#pragma once

#include <leat/chunk/result.hpp>
#include <leat/graph/args.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace leat {

/// What a user asks for.
struct Request {
  enum class Command { run, plan, help };
  Command command = Command::help;
  std::string help;            ///< the text, for help
  std::size_t program = 0;     ///< index into the programs
  Args args;
  std::size_t threads = 0;
  std::uint64_t memory = 0;
  std::string format = "text"; ///< plan: text, dot or json
  std::string scheduling = "stealing";
  bool json = false;
  bool quiet = false;
};

/// `words`: argv. Errors (invalid): one sentence on what is wrong and what to say instead.
Result<Request> parse_command_line(const std::vector<std::string>& words,
                                   const std::vector<Program>& programs);

}  // namespace leat
