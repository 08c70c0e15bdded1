/// A service's job that is looked at, or ended, through the service.
#pragma once

#include <leat/app/looked_at.hpp>
#include <leat/app/service_client.hpp>

#include <memory>
#include <string>

namespace leat {

/// The one that was said with --service. Errors: those of ServiceClient.
Result<std::unique_ptr<LookedAt>> job_of_service(const VerbCall& call);

/// Cancels it, and waits until it is gone, or drains it. What became of it: "cancelled", "draining", or how it had ended.
struct ServiceEnd {
  inspect::JobNumber number = 0;
  std::string state;
};
Result<ServiceEnd> cancel_on_service(const VerbCall& call);
Result<ServiceEnd> drain_on_service(const VerbCall& call);

}  // namespace leat
