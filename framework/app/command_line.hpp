/// The command line, parsed and validated. No I/O.
#pragma once

#include <leat/app/request.hpp>
#include <leat/app/verbs.hpp>
#include <leat/chunk/result.hpp>

#include <string>
#include <vector>

namespace leat {

/// `words`: argv; `all`: the verbs there are. Errors (invalid): one sentence on what is wrong and what to say instead.
Result<Request> parse_command_line(const std::vector<std::string>& words,
                                   const std::vector<Program>& programs, Verbs all = verbs());

}  // namespace leat
