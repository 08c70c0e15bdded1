#include <leat/diagnosis/why.hpp>

#include <array>
#include <cmath>

namespace leat {
namespace {

// A visit that lasts so long is said to.
constexpr double kLong = 10;

std::string percent(double share) { return std::to_string(std::lround(share * 100)) + "%"; }

std::string of_replicas(const Why& why) {
  return std::to_string(why.busy) + " of " + std::to_string(why.replicas) + (why.replicas == 1 ? " replica" : " replicas");
}

std::string said(const Wait& wait) {
  std::string waits = wait.who + " waits " + percent(wait.share) + " for ";
  switch (wait.activity) {
    case Activity::credit: return waits + "credit" + (wait.whom.empty() ? "" : " of " + wait.whom);
    case Activity::input: return waits + "input" + (wait.whom.empty() ? "" : " from " + wait.whom);
    case Activity::turn: return waits + "its turn at " + wait.whom;
    case Activity::order: return waits + "the next number" + (wait.whom.empty() ? "" : " of " + wait.whom);
    case Activity::build: return waits + "all of its build side" + (wait.whom.empty() ? "" : ", " + wait.whom);
    case Activity::gate: return waits + "the end of " + (wait.whom.empty() ? "another stage" : wait.whom);
    case Activity::later: return waits + "what it has answered later for";
    case Activity::ready: return waits + "a thread";
    case Activity::visit: return wait.who + " is in visits " + percent(wait.share);
    case Activity::read: return wait.who + " reads " + percent(wait.share);
    case Activity::move: return wait.who + " moves chunks " + percent(wait.share);
  }
  return waits + "something";
}

std::string busy(const Why& why) {
  std::string text;
  if (why.activity == Activity::later) {
    text = "waits " + percent(why.share) + " for what it has answered later for";
  } else {
    text = "busy " + percent(why.share) + (why.activity == Activity::read ? " reading" : " in visits");
  }
  text += ", " + of_replicas(why);
  bool at_it = why.activity == Activity::visit || why.activity == Activity::read;
  if (at_it && why.lasts >= kLong) text += ", one for " + std::to_string(std::lround(why.lasts)) + " s";
  return text;
}

std::string first_whom(const Why& why) { return why.waits.empty() ? "" : why.waits.front().whom; }

std::string sentence(const Why& why) {
  switch (why.cause) {
    case Cause::visit:
    case Cause::read: return why.stage + " is the cause: " + busy(why);
    case Cause::gate: return why.stage + " is the cause: " + busy(why) + ", and others wait until it has ended";
    case Cause::skew: return why.stage + " is the cause: " + busy(why) + ", as they have most of the keys";
    case Cause::link:
      return "the link from " + why.stage + (first_whom(why).empty() ? "" : " to " + first_whom(why)) +
             " is the cause: what was sent is under way, and credit is waited for " + percent(why.share);
    case Cause::node:
      return "node " + why.node + " is the cause: it has stopped answering, and has " + why.stage;
    case Cause::threads: return "too few threads are the cause: " + why.stage + " is ready " + percent(why.share) + " and has none";
    case Cause::order:
      return "the order before " + why.stage + " is the cause: it has chunks and waits " + percent(why.share) +
             " for the next number";
    case Cause::cycle: return "a circle is the cause: " + why.stage + " waits for what waits for it";
    case Cause::unclear: break;
  }
  return "the cause is unclear: no one share of the time stands out";
}

}  // namespace

std::string_view cause_name(Cause cause) {
  static constexpr std::array<std::string_view, 10> kNames{"visit", "read", "link", "node",  "threads",
                                                           "order", "gate", "skew", "cycle", "unclear"};
  auto index = static_cast<std::size_t>(cause);
  return index < kNames.size() ? kNames[index] : kNames.back();
}

std::string why_text(const Why& why) {
  std::string text = (why.stuck ? "nothing moves: " : "") + sentence(why) + "\n";
  for (std::size_t i = 0; i < why.waits.size(); ++i) {
    text += (i % 2 == 0 ? "  " : "; ") + said(why.waits[i]);
    if (i % 2 == 1 || i + 1 == why.waits.size()) text += "\n";
  }
  return text;
}

}  // namespace leat
