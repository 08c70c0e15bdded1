/// Stages that block where a thread of their own would be better. Pure.
#pragma once

#include <leat/runtime/run.hpp>

#include <string>
#include <vector>

namespace leat {

/// One sentence for each stage that was blocked for a quarter of a second or more, with the words that help: a warning
/// of the report.
///
///   for (const std::string& sentence : blocked_stages(report.progress)) report.warnings.push_back(sentence);
std::vector<std::string> blocked_stages(const Progress& progress);

}  // namespace leat
