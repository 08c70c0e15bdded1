#include <leat/actor/ordered_merge.hpp>

#include <algorithm>

namespace leat {

std::optional<OrderedMerge::Taken> OrderedMerge::take() {
  for (std::size_t i = 0; i < heads_.size(); ++i) {
    std::size_t channel = (last_ + i) % heads_.size();
    auto& queue = heads_[channel];
    if (queue.empty() || queue.front().sequence > next_) continue;
    Taken taken{channel, std::move(queue.front())};
    queue.pop_front();
    last_ = channel;
    bool closes = taken.frame.kind == Frame::Kind::done || taken.frame.closes;
    if (closes && taken.frame.sequence == next_) ++next_;
    return taken;
  }
  return take_leftover();
}

bool OrderedMerge::takes_any() const {
  bool number = std::any_of(heads_.begin(), heads_.end(),
                            [this](const auto& queue) { return !queue.empty() && queue.front().sequence <= next_; });
  if (number || !only_leftovers()) return number;
  for (std::size_t channel = 0; channel < heads_.size(); ++channel) {
    if (!heads_[channel].empty()) return true;
    if (!ended_[channel]) return false;
  }
  return false;
}

bool OrderedMerge::only_leftovers() const {
  return std::find(past_.begin(), past_.end(), false) == past_.end();
}

// A channel's leftovers are handed out while it still sends: they may be more than its credit.
std::optional<OrderedMerge::Taken> OrderedMerge::take_leftover() {
  if (!only_leftovers()) return std::nullopt;
  for (std::size_t channel = 0; channel < heads_.size(); ++channel) {
    auto& queue = heads_[channel];
    if (queue.empty() && !ended_[channel]) return std::nullopt;
    if (queue.empty()) continue;
    Taken taken{channel, std::move(queue.front())};
    queue.pop_front();
    return taken;
  }
  return std::nullopt;
}

}  // namespace leat
