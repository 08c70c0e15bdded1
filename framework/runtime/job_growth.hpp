/// A growth of a running job, from the first ends of its channels to the new replica's first step.
#pragma once

#include <leat/graph/elastic.hpp>
#include <leat/runtime/job_actors.hpp>
#include <leat/runtime/job_channels.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <vector>

namespace leat {

///   JobGrowth growth(setup, change);           // Job::prepare()
///   auto ok = growth.receive();
///   ok ? growth.attach() : growth.abandon();   // and nothing after it
///
/// Each is done on all nodes with a share before the next. Threads: one at a time, that of the job.
class JobGrowth {
 public:
  struct Setup {
    const Plan& plan;  ///< that has grown
    JobChannels& channels;
    const JobActors& actors;
    JobState& state;
    /// Makes and hosts the cell of a replica that is here, whose slot has its ends.
    std::function<void(const ReplicaId&, JobActors::Stages)> host;
  };
  /// Makes the upper ends that are here.
  JobGrowth(Setup setup, const Growth& growth);

  const ReplicaId& replica() const { return replica_; }

  /// Makes the lower ends, gives them to who is below, and makes the replica's actors. Errors: as
  /// Job::receive().
  Result<void> receive();
  /// Hosts the replica, and gives who is above the upper ends.
  void attach();
  /// Ends the channels. What was to run and will not has finished: where it was the last, so has the job.
  void abandon();

 private:
  bool adds(const ReplicaId& replica) const;
  Error too_late() const;
  Result<void> receive_below();
  void attach_below(const ReplicaId& own);
  void attach_above(const ChannelPlan& channel, std::unique_ptr<Sender> sender);
  void send_end(Sender& sender) const;

  Setup setup_;
  ReplicaId replica_;
  std::vector<ReplicaId> added_;
  std::vector<ChannelPlan> new_channels_;
  std::map<std::uint32_t, JobChannels::Ends> ends_;  // by channel: those that are here and not given away
  JobActors::Stages stages_;                         // of the new replica, when it is here
  std::size_t counted_ = 0;                          // cells among those that run
};

}  // namespace leat
