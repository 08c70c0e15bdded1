// What a node does of each step of growing or shrinking.
#include <leat/cluster/node_job.hpp>

namespace leat {

Result<void> NodeJob::do_resize(const control::Resize& step) {
  using Doing = control::ResizeStep;
  bool too_late = false;
  Result<void> done;
  switch (step.step) {
    case Doing::prepare: done = prepare(step); break;
    case Doing::receive:
      done = job_->receive();
      too_late = !done && !done.error().thrown;
      if (too_late) done = {};
      break;
    case Doing::attach:
      growing_ = false;
      job_->attach();
      links_->start();
      break;
    case Doing::abandon:
      if (!std::exchange(growing_, false)) {
        job_->abandon(ReplicaId{step.change.cell, step.change.replica});
        break;
      }
      job_->abandon();
      links_->start();
      break;
    case Doing::shrink: done = shrink(step); break;
    case Doing::settle: settle(); break;
    case Doing::part: links_->part(step.change.node); break;
  }
  if (done) say(control::Resized{setup_.id, step.step, too_late});
  return done;
}

void NodeJob::settle() {
  {
    std::lock_guard lock(mutex_);
    settled_ = false;
  }
  links_->when_settled([this] {
    std::lock_guard lock(mutex_);
    settled_ = true;
    changed_.notify_all();
  });
  await(settled_);
}

// The coordinator has looked at memory.
Result<void> NodeJob::prepare(const control::Resize& step) {
  const Plan& plan = job_->plan();
  Placement placement = plan.placement;
  for (const NodeSpec& node : step.nodes) placement.nodes.push_back(node);
  for (NodeSpec& node : placement.nodes) node.memory = 0;
  auto growth = grow(plan.checked, plan.layout, placement, step.change.cell, step.change.node);
  if (!growth) return std::move(growth).error();
  if (auto ok = placed_alike(growth->placement, step.placement); !ok) return ok;
  for (const Endpoint& data : step.data) links_->add_node(data);
  job_->prepare(*growth);
  growing_ = true;
  return {};
}

Result<void> NodeJob::shrink(const control::Resize& step) {
  const Plan& plan = job_->plan();
  auto shrinking = leat::shrink(plan.checked, plan.layout, plan.placement, {step.change.cell, step.change.replica});
  if (!shrinking) return std::move(shrinking).error();
  if (auto ok = placed_alike(shrinking->placement, step.placement); !ok) return ok;
  job_->retire(*shrinking);
  return {};
}

}  // namespace leat
