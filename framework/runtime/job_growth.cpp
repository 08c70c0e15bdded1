// Pools of a running job that grow and shrink.
#include <leat/runtime/job.hpp>
#include <leat/runtime/local_link.hpp>

#include <algorithm>

namespace leat {
namespace {

std::size_t place_of(const std::vector<std::size_t>& links, std::size_t link) {
  return static_cast<std::size_t>(std::find(links.begin(), links.end(), link) - links.begin());
}

}  // namespace

Job::Berth& Job::above(const ChannelPlan& channel) {
  return channel.feeds ? feeders_[channel.to.cell] : berths_[channel.from.cell][channel.from.replica];
}

bool Job::tell(Berth& berth, Change change) {
  if (!berth.cell || !berth.cell->change(change)) return false;
  berth.bell->wakes.anywhere();
  return true;
}

void Job::send_end(Sender& sender) const {
  Frame end;
  end.kind = Frame::Kind::end;
  end.ending = state_->interrupted() ? Ending::interrupted : Ending::complete;
  sender.send(std::span(&end, 1));
}

Error Job::too_late(const ReplicaId& replica) const {
  StageId first = plan_.layout.cells[replica.cell].stages.back();
  return failed("it is too late for another replica of stage " + plan_.checked.graph.stages()[first].name +
                ": what it would join has ended");
}

void Job::prepare(const Growth& growth) {
  {
    std::lock_guard lock(planned_);
    plan_.layout = growth.layout;
    plan_.placement = growth.placement;
  }
  const auto& channels = plan_.placement.channels;
  ReplicaId own = growth.replica;
  growing_.emplace();
  growing_->replica = own;
  growing_->counted = false;
  growing_->channels.assign(channels.begin() + static_cast<std::ptrdiff_t>(growth.first_channel), channels.end());
  berths_[own.cell].resize(plan_.layout.cells[own.cell].replicas);
  Berth& feeder = feeders_[own.cell];
  if (feeder.told_to_end) feeder = Berth{};
  for (const ChannelPlan& channel : growing_->channels) {
    if (channel.from_node != share_.me) continue;
    growing_->ends[channel.id] = ends(channel, above(channel), berths_[channel.to.cell][channel.to.replica]);
  }
}

Result<void> Job::receive() {
  ReplicaId own = growing_->replica;
  for (const ChannelPlan& channel : growing_->channels) {
    if (channel.to_node != share_.me || channel.from_node == share_.me) continue;
    const Berth& below = berths_[channel.to.cell][channel.to.replica];
    growing_->ends[channel.id].receiver = remote_receiver(channel, below);
  }
  if (here(own.cell, own.replica)) {
    if (!state_->add_cell()) return too_late(own);
    growing_->counted = true;
    auto made = actors(own.cell, own.replica);
    if (!made) {
      state_->fail(made.error());
      return std::move(made).error();
    }
    growing_->stages = std::move(made).value();
  }
  return receive_below();
}

Result<void> Job::receive_below() {
  for (const ChannelPlan& channel : growing_->channels) {
    if (channel.to_node != share_.me || channel.to == growing_->replica) continue;
    Berth& below = berths_[channel.to.cell][channel.to.replica];
    auto& receiver = growing_->ends[channel.id].receiver;
    Change change = change::AttachReceiver{place_of(below.fed_by, channel.link), std::move(receiver)};
    if (!below.cell || !below.cell->change(change)) {
      receiver = std::move(std::get<change::AttachReceiver>(change).receiver);
      return too_late(growing_->replica);
    }
    below.bell->wakes.anywhere();
  }
  return {};
}

void Job::attach() {
  if (here(growing_->replica.cell, growing_->replica.replica)) attach_below();
  for (const ChannelPlan& channel : growing_->channels) {
    if (channel.from_node != share_.me || channel.from == growing_->replica) continue;
    attach_above(channel, std::move(growing_->ends[channel.id].sender));
  }
  growing_.reset();
}

// Gives the new replica's cell its ends, and hosts it.
void Job::attach_below() {
  ReplicaId own = growing_->replica;
  Berth& berth = berths_[own.cell][own.replica];
  for (std::size_t index = 0; index < plan_.layout.links.size(); ++index) {
    std::vector<std::pair<std::size_t, std::unique_ptr<Sender>>> senders;
    std::vector<std::unique_ptr<Receiver>> receivers;
    for (const ChannelPlan& channel : growing_->channels) {
      if (channel.feeds || channel.link != index) continue;
      Ends& made = growing_->ends[channel.id];
      if (channel.from == own) senders.emplace_back(channel.to.replica, std::move(made.sender));
      if (channel.to == own) receivers.push_back(std::move(made.receiver));
    }
    if (!senders.empty()) add_outflow(index, berth, std::move(senders));
    if (!receivers.empty()) add_intake(index, berth, std::move(receivers));
  }
  for (const ChannelPlan& channel : growing_->channels) {
    if (channel.feeds) add_feeder_intake(channel, std::move(growing_->ends[channel.id].receiver));
  }
  cell(own.cell, own.replica, std::move(growing_->stages));
}

void Job::attach_above(const ChannelPlan& channel, std::unique_ptr<Sender> sender) {
  Berth& berth = above(channel);
  bool fresh = channel.feeds && !berth.cell;
  if (fresh && state_->add_cell()) {
    add_feeder_outflow(channel.to.cell, channel);
    berth.outflows.front().attach(channel.to.replica, std::move(sender));
    return feeder(channel.to.cell);
  }
  Change change = change::AttachSender{fresh ? 0 : place_of(berth.feeds, channel.link), channel.to.replica,
                                       std::move(sender)};
  if (berth.cell && berth.cell->change(change)) return berth.bell->wakes.anywhere();
  send_end(*std::get<change::AttachSender>(change).sender);
}

// Who is below and has taken its end already hears that the replica has ended; what is between nodes must
// end for their connections to.
void Job::abandon() {
  bool counted = growing_->counted;
  for (const ChannelPlan& channel : growing_->channels) {
    Ends& made = growing_->ends[channel.id];
    bool between = channel.crosses() || channel.from == growing_->replica;
    if (made.sender && between) send_end(*made.sender);
    if (made.receiver) unread_.push_back(std::move(made.receiver));
  }
  {
    std::lock_guard lock(planned_);
    plan_.placement.retired.push_back(growing_->replica);
  }
  growing_.reset();
  if (counted) state_->cell_finished();
}

void Job::abandon(const ReplicaId& replica) {
  std::lock_guard lock(planned_);
  plan_.placement.retired.push_back(replica);
  ending_.emplace_back(replica.cell, berths_[replica.cell][replica.replica].cell);
}

Result<void> Job::grow(const Growth& growth) {
  prepare(growth);
  auto ok = receive();
  ok ? attach() : abandon();
  return ok;
}

void Job::retire(const Shrinking& shrinking) {
  ReplicaId gone = shrinking.replica;
  {
    std::lock_guard lock(planned_);
    plan_.placement = shrinking.placement;
    std::erase_if(ending_, [](const auto& each) { return each.second->ended(); });
    if (here(gone.cell, gone.replica)) ending_.emplace_back(gone.cell, berths_[gone.cell][gone.replica].cell);
  }
  for (std::uint32_t id : shrinking.channels) {
    const ChannelPlan& channel = plan_.placement.channels[id];
    if (channel.from_node == share_.me) retire_above(channel);
  }
  if (here(gone.cell, gone.replica) && source_here(gone.cell)) {
    tell(berths_[gone.cell][gone.replica], change::EndSource{});
  }
}

void Job::retire_above(const ChannelPlan& channel) {
  Berth& berth = above(channel);
  bool last = channel.feeds && std::none_of(plan_.placement.channels.begin(), plan_.placement.channels.end(),
                                            [&](const ChannelPlan& other) {
                                              return other.feeds && other.to.cell == channel.to.cell &&
                                                     is_live(plan_.placement, other.to);
                                            });
  // A feeder that feeds nobody would pull what nobody gets.
  if (last) {
    berth.told_to_end = true;
    tell(berth, change::EndSource{});
  } else {
    tell(berth, change::RetireSender{place_of(berth.feeds, channel.link), channel.to.replica});
  }
}

}  // namespace leat
