/// A job that is submitted, as who submits it sees it.
#pragma once

#include <leat/cluster/caller.hpp>
#include <leat/cluster/transport.hpp>

#include <functional>
#include <memory>
#include <optional>

namespace leat {

/// Opens the connection. None: it was stopped first, and the connection is left to itself.
std::optional<Result<void>> opened(const std::shared_ptr<Caller>& caller, const Transport& transport,
                                   const SubmitOptions& options);

/// What a job with checkpoints does on the way. Each may be null.
struct SubmittedCuts {
  std::function<void()> runs = {};                                   ///< it runs
  std::function<Result<void>(const control::CutTaken&)> taken = {};  ///< an error: the job is left
  /// Now and then; `stops`: it is to stop. False: it may not yet.
  std::function<bool(bool stops)> look = {};
};

/// Submits it and waits for its end. Errors: those of the job; disconnected. Threads: one.
Result<Report> submitted(Caller& caller, const control::Submit& submit, const SubmitOptions& options, const SubmittedCuts& cuts = {});

/// A job with checkpoints, from epoch to epoch. Errors: those of run_epochs().
Result<Report> epochs_on_cluster(control::Submit submit, const SubmitOptions& options, const Transport& transport);

}  // namespace leat
