// What a job with checkpoints does otherwise.
#include <leat/cluster/job_core.hpp>

#include <algorithm>

namespace leat {

void JobCore::take_cut(std::uint64_t n, std::vector<Sent>& out) {
  // Who submitted it does not know yet that all has finished.
  if (phase_ == Phase::running && has_cuts()) cuts_.take(n, out);
}

void JobCore::cut_taken(const JobPart& part, const control::CutTaken& said, std::vector<Sent>& out) {
  auto whole = cuts_.taken(part, said);
  if (!whole || setup_.submitter == 0) return;
  whole->laid_out = laid_out();
  out.push_back({setup_.submitter, std::move(*whole)});
}

void JobCore::cut_over(const control::CutOver& said, Instant now, std::vector<Sent>& out) {
  if (phase_ == Phase::running) {
    cuts_.over(said, out);
    return conclude(now, out);
  }
  if (phase_ != Phase::publishing || said.n != last_cut_) return;
  if (!said.refused.empty()) return fail(failed(said.refused), out);
  commit(now, out);
}

// One that is under way is published before: its submitter waits for nothing else then.
void JobCore::publish_last(Instant now, std::vector<Sent>& out) {
  if (cuts_.under_way()) return;
  enter(Phase::publishing, now);
  control::CutTaken last{setup_.id, std::max(cuts_.latest(), setup_.submit.start.next - 1) + 1, true, {}, {}, laid_out(), {}};
  for (const JobPart& part : parts_) {
    if (!part.takes_part) continue;
    last.sealed.insert(last.sealed.end(), part.finished.sealed.begin(), part.finished.sealed.end());
  }
  last_cut_ = last.n;
  if (setup_.submitter != 0) out.push_back({setup_.submitter, std::move(last)});
}

// Those that its counts of replicas follow.
std::vector<LayoutNode> JobCore::laid_out() const {
  const auto& before = setup_.submit.start.from.laid_out;
  if (!before.empty()) return before;
  std::vector<LayoutNode> nodes;
  for (NodeId node = 0; node < placed_on_; ++node) nodes.push_back(laid_out_node(parts_[node].member.joined.node));
  return nodes;
}

// One that goes on wants as many as it had, for a while; then whoever is there has to do.
std::size_t JobCore::wanted_nodes(Instant now) const {
  bool patient = now - since_ <= setup_.submit.patience;
  return patient ? std::max<std::size_t>(setup_.submit.nodes, setup_.submit.start.from.laid_out.size()) : setup_.submit.nodes;
}

void JobCore::leave(const Error& why, std::vector<Sent>& out) {
  failure_ = why;
  cancel(why.sentence, out);
  for (JobPart& part : parts_) part.awaited = part.takes_part;
  phase_ = Phase::leaving;
  if (!parts_.awaits_any()) end(*failure_, out);
}

// Whoever is at it for longer ends its process, or is lost.
void JobCore::look_who_leaves(Instant now, std::vector<Sent>& out) {
  if (!leaves_) leaves_ = now;
  if (now - *leaves_ > setup_.step_within) end(*failure_, out);
}

void JobCore::left(JobPart& part, std::vector<Sent>& out) {
  if (phase_ != Phase::leaving) return;
  part.awaited = false;
  if (!parts_.awaits_any()) end(*failure_, out);
}

}  // namespace leat
