/// The channels of a job: those of their ends that are here, and the slots of the cells they belong to.
#pragma once

#include <leat/runtime/cell_slot.hpp>
#include <leat/runtime/published.hpp>
#include <leat/runtime/run.hpp>
#include <leat/runtime/share.hpp>

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace leat {

/// Refers to the job's plan, which may grow, and to its share. Threads: one at a time, that of the job; here()
/// is for any that holds the plan still.
class JobChannels {
 public:
  JobChannels(const Plan& plan, const Share& share, std::shared_ptr<Pool> pool, Published& published);

  /// Makes the slots of all cells, and gives those that are here their intakes and outflows.
  void make();
  /// Makes the slots of what the plan has grown by.
  void make_slots();

  bool here(const ReplicaId& replica) const;
  /// Whether the upper end of a channel is here.
  bool sends(const ChannelPlan& channel) const { return channel.from_node == share_.me; }
  /// Whether its lower end is.
  bool receives(const ChannelPlan& channel) const { return channel.to_node == share_.me; }

  CellSlot& slot(const ReplicaId& replica) { return slots_[replica.cell][replica.replica]; }

  struct Ends {
    std::unique_ptr<Sender> sender;
    std::unique_ptr<Receiver> receiver;
  };
  /// Both ends of a channel, one or none: those that are here.
  Ends ends(const ChannelPlan& channel);
  /// The lower end of a channel from another node.
  std::unique_ptr<Receiver> remote_receiver(const ChannelPlan& channel);

  /// A link's upper ends in one replica, by the replica below.
  using Senders = std::vector<std::pair<std::size_t, std::unique_ptr<Sender>>>;
  /// Its lower ends, in the order of the replicas above.
  using Receivers = std::vector<std::unique_ptr<Receiver>>;
  /// Gives ends to the slot of a cell that is not made yet; `link`: index into Layout::links.
  std::uint64_t first_number(const LinkPlan& link) const;
  void add_outflow(std::size_t link, const ReplicaId& above, Senders senders);
  void add_intake(std::size_t link, const ReplicaId& below, Receivers receivers);

  /// Keeps an end that nobody will read.
  void keep_unread(std::unique_ptr<Receiver> receiver) { unread_.push_back(std::move(receiver)); }

 private:
  bool begins_with_source(const CellPlan& cell) const;
  std::size_t index_in_cell(StageId id) const;
  ChannelSpec spec(const ChannelPlan& channel) const;
  std::shared_ptr<ChannelMeter> meter(const ChannelPlan& channel);
  void make_link(std::size_t index, const std::vector<const ChannelPlan*>& channels);

  const Plan& plan_;
  const Share& share_;
  std::shared_ptr<Pool> pool_;
  Published& published_;
  std::vector<std::vector<CellSlot>> slots_;  // by cell, by replica
  Receivers unread_;
};

}  // namespace leat
