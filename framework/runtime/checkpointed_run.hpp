/// A run whose job is a sequence of epochs, joined by checkpoints.
#pragma once

#include <leat/runtime/run.hpp>

namespace leat {

/// As run(), with RunOptions::checkpoints. Errors: also those of the store; invalid where its job is not to be restored or
/// there is none, where the graph is another, or where something in it cannot be cut. After any of them what is published
/// can be restored. Threads: any.
Result<Report> checkpointed_run(Plan plan, RunOptions options);

}  // namespace leat
