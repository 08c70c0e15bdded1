#include <leat/actor/credit.hpp>

#include <algorithm>

namespace leat {

void SenderCredit::announced(Amount limit) {
  limit_ = {std::max(limit_.bytes, limit.bytes), std::max(limit_.chunks, limit.chunks)};
}

bool ReceiverCredit::receive(Amount amount) {
  if (!(received_ + amount).within(announced_)) return false;
  received_ += amount;
  return true;
}

std::optional<Amount> ReceiverCredit::announce(bool idle) {
  Amount limit = consumed_ + window_;
  Amount freed = limit - announced_;
  bool worth = times(freed.bytes, 4) >= window_.bytes || times(freed.chunks, 4) >= window_.chunks;
  bool any = freed.bytes > 0 || freed.chunks > 0;
  if (!worth && !(idle && any)) return std::nullopt;
  announced_ = limit;
  return limit;
}

}  // namespace leat
