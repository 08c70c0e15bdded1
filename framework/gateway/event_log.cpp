#include <leat/gateway/event_log.hpp>

#include <leat/gateway/job_record.hpp>

namespace leat {

std::uint64_t EventLog::add(const std::string& type, std::uint64_t job, const std::string& members) {
  std::lock_guard lock(mutex_);
  LoggedEvent event;
  event.number = ++last_;
  event.job = job;
  event.text = std::make_shared<const std::string>("{\"type\":\"" + type + "\",\"number\":" + std::to_string(event.number) +
                                                   ",\"time\":\"" + time_text(now_utc()) + "\"" +
                                                   (job == 0 ? "" : ",\"job\":" + std::to_string(job)) +
                                                   (members.empty() ? "" : "," + members) + "}");
  events_.push_back(event);
  if (events_.size() > kKept) events_.pop_front();
  for (const auto& [id, tell] : listeners_) tell(event);
  return event.number;
}

EventLog::Missed EventLog::missed(std::uint64_t number) const {
  Missed found;
  std::uint64_t first = last_ - events_.size() + 1;
  // A number that has not come yet is of another life of the service.
  found.gap = number > last_ || number + 1 < first;
  for (const LoggedEvent& event : events_) {
    if (event.number > number || found.gap) found.events.push_back(event);
  }
  return found;
}

EventLog::Missed EventLog::after(std::uint64_t number) const {
  std::lock_guard lock(mutex_);
  return missed(number);
}

std::uint64_t EventLog::last() const {
  std::lock_guard lock(mutex_);
  return last_;
}

std::uint64_t EventLog::listen(std::uint64_t number, Tell tell, bool& gap) {
  std::lock_guard lock(mutex_);
  Missed before = missed(number);
  gap = before.gap;
  for (const LoggedEvent& event : before.events) tell(event);
  listeners_.emplace(++listener_, std::move(tell));
  return listener_;
}

void EventLog::forget(std::uint64_t listener) {
  std::lock_guard lock(mutex_);
  listeners_.erase(listener);
}

}  // namespace leat
