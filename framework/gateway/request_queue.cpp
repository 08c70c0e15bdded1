#include <leat/gateway/request_queue.hpp>

#include <algorithm>

namespace leat {
namespace {

Error too_late() { return overloaded("there was no time for this before its deadline: ask again"); }
Error ends() { return overloaded("the service ends: ask again"); }

}  // namespace

void RequestQueue::add(PendingRequest request) {
  Wake wake;
  std::optional<Error> refused;
  {
    std::lock_guard lock(mutex_);
    std::size_t there = urgent_.size() + others_.size();
    if (closed_) {
      refused = ends();
    } else if (there >= limits_.requests || bytes_ + request.body.size() > limits_.bytes) {
      refused = overloaded("too many requests wait here: ask again");
    } else {
      bytes_ += request.body.size();
      (request.urgency <= kUrgent ? urgent_ : others_).push_back(std::move(request));
      wake = std::exchange(wake_, nullptr);
    }
  }
  if (refused) request.answer(*refused);
  if (wake) wake();
}

RequestQueue::Line* RequestQueue::next_line() {
  bool turn_of_others = in_a_row_ >= kInARow && !others_.empty();
  if (urgent_.empty() || turn_of_others) {
    in_a_row_ = 0;
    return others_.empty() ? nullptr : &others_;
  }
  in_a_row_ = others_.empty() ? 0 : in_a_row_ + 1;
  return &urgent_;
}

std::optional<RequestQueue::Taken> RequestQueue::take(Time now, const Wake& wake) {
  std::vector<PendingRequest> late, left;
  std::optional<Taken> taken;
  {
    std::lock_guard lock(mutex_);
    for (Line* line = next_line(); !taken && line; line = taken ? nullptr : next_line()) {
      PendingRequest next = std::move(line->front());
      line->pop_front();
      forget(next);
      if (next.left && next.left()) {
        ++counts_.left;
        left.push_back(std::move(next));
      } else if (now >= next.deadline) {
        ++counts_.late;
        late.push_back(std::move(next));
      } else {
        taken = Taken{++last_, next.params, std::move(next.body)};
        working_.emplace(taken->id, std::move(next));
      }
    }
    if (!taken && !closed_) wake_ = wake;
  }
  for (const PendingRequest& one : late) one.answer(too_late());
  return taken;
}

void RequestQueue::answer(std::uint64_t id, HttpAnswer answer) {
  PendingRequest request;
  {
    std::lock_guard lock(mutex_);
    auto found = working_.find(id);
    if (found == working_.end()) return;
    request = std::move(found->second);
    working_.erase(found);
    ++counts_.answered;
  }
  request.answer(std::move(answer));
}

void RequestQueue::fail(const Error& error) {
  std::map<std::uint64_t, PendingRequest> failed;
  {
    std::lock_guard lock(mutex_);
    failed.swap(working_);
    counts_.failed += failed.size();
  }
  for (const auto& [id, request] : failed) request.answer(error);
}

void RequestQueue::expire(Time now) {
  std::vector<PendingRequest> late;
  {
    std::lock_guard lock(mutex_);
    auto over = [&](const PendingRequest& one) { return now >= one.deadline; };
    for (Line* line : {&urgent_, &others_}) {
      Line kept;
      for (PendingRequest& one : *line) {
        if (over(one)) forget(one);
        (over(one) ? late.emplace_back(std::move(one)) : kept.emplace_back(std::move(one)));
      }
      line->swap(kept);
    }
    for (auto at = working_.begin(); at != working_.end();) {
      if (!over(at->second)) {
        ++at;
        continue;
      }
      late.push_back(std::move(at->second));
      at = working_.erase(at);
    }
    counts_.late += late.size();
  }
  for (const PendingRequest& one : late) one.answer(too_late());
}

void RequestQueue::close() {
  std::vector<PendingRequest> waited;
  Wake wake;
  {
    std::lock_guard lock(mutex_);
    closed_ = true;
    for (Line* line : {&urgent_, &others_}) {
      for (PendingRequest& one : *line) waited.push_back(std::move(one));
      line->clear();
    }
    wake = std::exchange(wake_, nullptr);
    bytes_ = 0;
  }
  for (const PendingRequest& one : waited) one.answer(ends());
  if (wake) wake();
}

bool RequestQueue::closed() const {
  std::lock_guard lock(mutex_);
  return closed_;
}

RequestQueue::Counts RequestQueue::counts() const {
  std::lock_guard lock(mutex_);
  Counts counts = counts_;
  counts.waiting = urgent_.size() + others_.size();
  counts.working = working_.size();
  return counts;
}

}  // namespace leat
