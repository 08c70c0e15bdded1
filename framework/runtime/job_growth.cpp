#include <leat/runtime/job_growth.hpp>

#include <algorithm>
#include <utility>

namespace leat {

JobGrowth::JobGrowth(Setup setup, const Growth& growth)
    : setup_(std::move(setup)), replica_(growth.replica), added_(growth.added) {
  const auto& channels = growth.placement.channels;
  new_channels_.assign(channels.begin() + static_cast<std::ptrdiff_t>(growth.first_channel), channels.end());
  setup_.channels.make_slots();
  for (const ChannelPlan& channel : new_channels_) {
    if (setup_.channels.sends(channel)) ends_[channel.id] = setup_.channels.ends(channel);
  }
}

bool JobGrowth::adds(const ReplicaId& replica) const {
  return std::find(added_.begin(), added_.end(), replica) != added_.end();
}

void JobGrowth::send_end(Sender& sender) const {
  Frame end;
  end.kind = Frame::Kind::end;
  end.ending = setup_.state.interrupted() ? Ending::interrupted : Ending::complete;
  sender.send(std::span(&end, 1));
}

Error JobGrowth::too_late() const {
  StageId first = setup_.plan.layout.cells[replica_.cell].stages.back();
  return failed("it is too late for another replica of stage " + setup_.plan.checked.graph.stages()[first].name +
                ": what it would join has ended");
}

Result<void> JobGrowth::receive() {
  JobChannels& channels = setup_.channels;
  for (const ChannelPlan& channel : new_channels_) {
    if (!channels.receives(channel) || channels.sends(channel)) continue;
    ends_[channel.id].receiver = channels.remote_receiver(channel);
  }
  for (const ReplicaId& each : added_) {
    if (!channels.here(each)) continue;
    if (!setup_.state.add_cell()) return too_late();
    ++counted_;
  }
  if (channels.here(replica_)) {
    auto made = setup_.actors.make(replica_, channels.slot(replica_).wake());
    if (!made) {
      setup_.state.fail(made.error());
      return std::move(made).error();
    }
    stages_ = std::move(made).value();
  }
  return receive_below();
}

Result<void> JobGrowth::receive_below() {
  for (const ChannelPlan& channel : new_channels_) {
    if (!setup_.channels.receives(channel) || adds(channel.to)) continue;
    CellSlot& below = setup_.channels.slot(channel.to);
    auto& receiver = ends_[channel.id].receiver;
    Change change = change::AttachReceiver{below.intake_of(channel.link), std::move(receiver)};
    if (below.change(change)) continue;
    receiver = std::move(std::get<change::AttachReceiver>(change).receiver);
    return too_late();
  }
  return {};
}

void JobGrowth::attach() {
  for (const ReplicaId& each : added_) {
    if (setup_.channels.here(each)) attach_below(each);
  }
  for (const ChannelPlan& channel : new_channels_) {
    if (!setup_.channels.sends(channel) || adds(channel.from)) continue;
    attach_above(channel, std::move(ends_[channel.id].sender));
  }
}

// Gives a new replica's cell its ends, and hosts it.
void JobGrowth::attach_below(const ReplicaId& own) {
  for (std::size_t index = 0; index < setup_.plan.layout.links.size(); ++index) {
    JobChannels::Senders senders;
    JobChannels::Receivers receivers;
    for (const ChannelPlan& channel : new_channels_) {
      if (channel.link != index) continue;
      JobChannels::Ends& made = ends_[channel.id];
      if (channel.from == own) senders.emplace_back(channel.to.replica, std::move(made.sender));
      if (channel.to == own) receivers.push_back(std::move(made.receiver));
    }
    if (!senders.empty()) setup_.channels.add_outflow(index, own, std::move(senders));
    if (!receivers.empty()) setup_.channels.add_intake(index, own, std::move(receivers));
  }
  setup_.host(own, own == replica_ ? std::move(stages_) : JobActors::Stages());
}

void JobGrowth::attach_above(const ChannelPlan& channel, std::unique_ptr<Sender> sender) {
  CellSlot& above = setup_.channels.slot(channel.from);
  Change change = change::AttachSender{above.outflow_of(channel.link), channel.to.replica, std::move(sender)};
  if (!above.change(change)) send_end(*std::get<change::AttachSender>(change).sender);
}

// Who is below and has taken its end already hears that the replica has ended; what is between nodes must
// end for their connections to.
void JobGrowth::abandon() {
  for (const ChannelPlan& channel : new_channels_) {
    JobChannels::Ends& made = ends_[channel.id];
    bool between = channel.crosses() || adds(channel.from);
    if (made.sender && between) send_end(*made.sender);
    if (made.receiver) setup_.channels.keep_unread(std::move(made.receiver));
  }
  ends_.clear();
  stages_.clear();
  for (std::size_t left = std::exchange(counted_, 0); left > 0; --left) setup_.state.cell_finished();
}

}  // namespace leat
