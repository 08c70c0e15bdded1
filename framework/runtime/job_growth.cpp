// Pools of a running job that grow and shrink.
#include <leat/graph/feeders.hpp>
#include <leat/runtime/job.hpp>
#include <leat/runtime/local_link.hpp>

#include <algorithm>

namespace leat {
namespace {

std::size_t place_of(const std::vector<std::size_t>& links, std::size_t link) {
  return static_cast<std::size_t>(std::find(links.begin(), links.end(), link) - links.begin());
}

}  // namespace

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
  growing_.emplace();
  growing_->replica = growth.replica;
  growing_->added = growth.added;
  growing_->counted = 0;
  growing_->channels.assign(channels.begin() + static_cast<std::ptrdiff_t>(growth.first_channel), channels.end());
  berths_.resize(plan_.layout.cells.size());
  for (const ReplicaId& each : growth.added) berths_[each.cell].resize(plan_.layout.cells[each.cell].replicas);
  for (const ChannelPlan& channel : growing_->channels) {
    if (channel.from_node != share_.me) continue;
    growing_->ends[channel.id] = ends(channel, berth(channel.from), berth(channel.to));
  }
}

Result<void> Job::receive() {
  ReplicaId own = growing_->replica;
  for (const ChannelPlan& channel : growing_->channels) {
    if (channel.to_node != share_.me || channel.from_node == share_.me) continue;
    growing_->ends[channel.id].receiver = remote_receiver(channel, berth(channel.to));
  }
  for (const ReplicaId& each : growing_->added) {
    if (!here(each)) continue;
    if (!state_->add_cell()) return too_late(own);
    ++growing_->counted;
  }
  if (here(own)) {
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
    if (channel.to_node != share_.me || growing_->adds(channel.to)) continue;
    Berth& below = berth(channel.to);
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
  for (const ReplicaId& each : growing_->added) {
    if (here(each)) attach_below(each);
  }
  for (const ChannelPlan& channel : growing_->channels) {
    if (channel.from_node != share_.me || growing_->adds(channel.from)) continue;
    attach_above(channel, std::move(growing_->ends[channel.id].sender));
  }
  growing_.reset();
}

// Gives a new replica's cell its ends, and hosts it.
void Job::attach_below(const ReplicaId& own) {
  for (std::size_t index = 0; index < plan_.layout.links.size(); ++index) {
    std::vector<std::pair<std::size_t, std::unique_ptr<Sender>>> senders;
    std::vector<std::unique_ptr<Receiver>> receivers;
    for (const ChannelPlan& channel : growing_->channels) {
      if (channel.link != index) continue;
      Ends& made = growing_->ends[channel.id];
      if (channel.from == own) senders.emplace_back(channel.to.replica, std::move(made.sender));
      if (channel.to == own) receivers.push_back(std::move(made.receiver));
    }
    if (!senders.empty()) add_outflow(index, berth(own), std::move(senders));
    if (!receivers.empty()) add_intake(index, berth(own), std::move(receivers));
  }
  bool its = own == growing_->replica;
  cell(own.cell, own.replica, its ? std::move(growing_->stages) : std::vector<std::unique_ptr<StageRun>>());
}

void Job::attach_above(const ChannelPlan& channel, std::unique_ptr<Sender> sender) {
  Berth& above = berth(channel.from);
  Change change = change::AttachSender{place_of(above.feeds, channel.link), channel.to.replica, std::move(sender)};
  if (above.cell && above.cell->change(change)) return above.bell->wakes.anywhere();
  send_end(*std::get<change::AttachSender>(change).sender);
}

// Who is below and has taken its end already hears that the replica has ended; what is between nodes must
// end for their connections to.
void Job::abandon() {
  std::size_t counted = growing_->counted;
  for (const ChannelPlan& channel : growing_->channels) {
    Ends& made = growing_->ends[channel.id];
    bool between = channel.crosses() || growing_->adds(channel.from);
    if (made.sender && between) send_end(*made.sender);
    if (made.receiver) unread_.push_back(std::move(made.receiver));
  }
  {
    std::lock_guard lock(planned_);
    end_replica(plan_.layout, plan_.placement, growing_->replica);
  }
  growing_.reset();
  for (; counted > 0; --counted) state_->cell_finished();
}

void Job::abandon(const ReplicaId& replica) {
  std::lock_guard lock(planned_);
  end_replica(plan_.layout, plan_.placement, replica);
  ending_.emplace_back(replica.cell, berth(replica).cell);
}

Result<void> Job::grow(const Growth& growth) {
  prepare(growth);
  auto ok = receive();
  ok ? attach() : abandon();
  return ok;
}

void Job::retire(const Shrinking& shrinking) {
  {
    std::lock_guard lock(planned_);
    plan_.placement = shrinking.placement;
    std::erase_if(ending_, [](const auto& each) { return each.second->ended(); });
    for (const ReplicaId& gone : shrinking.ended) {
      if (here(gone)) ending_.emplace_back(gone.cell, berth(gone).cell);
    }
  }
  for (std::uint32_t id : shrinking.channels) {
    const ChannelPlan& channel = plan_.placement.channels[id];
    if (channel.from_node != share_.me) continue;
    Berth& above = berth(channel.from);
    tell(above, change::RetireSender{place_of(above.feeds, channel.link), channel.to.replica});
  }
  for (const ReplicaId& gone : shrinking.ended) {
    if (here(gone) && source_here(gone.cell)) tell(berth(gone), change::EndSource{});
  }
}

}  // namespace leat
