/// Why a job is as fast as it is, or stuck: who waits for whom, followed to where the waiting ends. Pure.
#pragma once

#include <leat/diagnosis/snapshot.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace leat {

/// Where the waiting ends.
enum class Cause : std::uint8_t {
  visit,     ///< a stage's own code, or what it has answered Step::later for
  read,      ///< a source's own code, or a source that has nothing now
  link,      ///< a connection between two nodes
  node,      ///< a node that has stopped answering
  threads,   ///< cells that are ready and have no thread
  order,     ///< a merge that waits for a number
  gate,      ///< a gate or build side whose other side works
  skew,      ///< one replica has most of the keys
  cycle,     ///< the waiting comes back to where it began
  unclear,   ///< the shares do not name one
};

/// One line: "parse waits 91% for credit of train".
struct Wait {
  std::string who;
  Activity activity = Activity::credit;
  double share = 0;  ///< of the window, 0 to 1
  std::string whom;  ///< "" for a source, a thread, nobody
};

/// What why() finds.
struct Why {
  Cause cause = Cause::unclear;
  std::string stage;        ///< that is the cause, or the first of its link's two stages
  std::string node;         ///< that has stopped answering
  double share = 0;         ///< of the window, 0 to 1: busy, or of a link, an order or threads, waited for
  Activity activity = Activity::visit;  ///< what `share` is the share of
  double lasts = 0;         ///< seconds that its visit or read, or what else it does, has lasted by now
  std::size_t busy = 0;     ///< replicas that are at it for half of the window or more ...
  std::size_t replicas = 0; ///< ... of so many
  bool stuck = false;       ///< nothing has moved between the snapshots, and nobody is in a visit or reads
  std::vector<Wait> waits;  ///< from the cause up, and then down
};

/// Of two snapshots of one job, the second at least 50 ms later: along the greatest shares of waiting.
Why why(const JobSnapshot& before, const JobSnapshot& after);

/// "visit", "read" ...: one word.
std::string_view cause_name(Cause cause);

/// As text: a sentence with the cause, then a line for each that waits.
std::string why_text(const Why& why);

}  // namespace leat
