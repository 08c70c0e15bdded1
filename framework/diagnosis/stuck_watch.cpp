#include <leat/diagnosis/stuck_watch.hpp>

#include <utility>

namespace leat {

std::optional<Why> StuckWatch::look(JobSnapshot now) {
  std::optional<Why> found;
  if (since_) found = why(*since_, now);
  if (!found || !found->stuck) {
    since_ = std::move(now);
    said_ = false;
    return std::nullopt;
  }
  if (said_ || now.seconds - since_->seconds < kAfter) return std::nullopt;
  said_ = true;
  return found;
}

}  // namespace leat
