// What a node does to build its share of a job, up to its start.
#include <leat/cluster/node_job.hpp>

#include <leat/graph/fingerprint.hpp>
#include <leat/runtime/machine.hpp>

#include <system_error>

namespace leat {
namespace {

Past past_of(const control::Deploy& deploy) {
  Past past{deploy.placed, deploy.changes, {}, !deploy.start.folder.empty()};
  for (const LayoutNode& node : deploy.start.from.laid_out) past.laid_out.push_back(node_spec(node));
  return past;
}

}  // namespace

Result<void> NodeJob::do_probe() {
  auto graph = build_job(*setup_.identity, probe_->work);
  if (!graph) return std::move(graph).error();
  graph_ = std::move(*graph);
  for (StageId source : probe_->sources) {
    if (source >= graph_->stages().size()) return corrupt("there is no stage " + std::to_string(source) + " to probe");
  }
  auto probed = graph_->probe(probe_->sources);
  if (!probed) return std::move(probed).error();
  say(control::Probed{setup_.id, std::move(*probed)});
  return {};
}

Result<Plan> NodeJob::plan(const control::Deploy& deploy) {
  if (!graph_) {
    auto graph = build_job(*setup_.identity, deploy.work);
    if (!graph) return std::move(graph).error();
    graph_ = std::move(*graph);
  }
  auto plan = plan_job(*graph_, deploy.sources, deploy.nodes, deploy.process_base, past_of(deploy));
  // What their destructors throw is the job's to say.
  graph_->forget_probed();
  if (!plan) return plan;
  if (auto ok = placed_alike(plan->placement, deploy.placement); !ok) return std::move(ok).error();
  Compact left = compact(plan->layout, plan->placement);
  plan->bound = node_bound(plan->checked, left.layout, left.placement, deploy.me, peak_memory());
  if (!deploy.start.folder.empty()) add_snapshots(plan->checked, left.layout, plan->bound);
  return plan;
}

Result<void> NodeJob::placed_alike(const Placement& placement, const std::string& digest) const {
  std::string ours = placement_digest(placement);
  if (ours == digest) return {};
  return invalid("a node places the job otherwise than the coordinator (" + ours + ", the coordinator " + digest +
                 "): run the same build everywhere, and build graphs from arguments only");
}

Result<void> NodeJob::build() {
  const control::Deploy& deploy = *deploy_;
  auto planned = plan(deploy);
  if (!planned) return std::move(planned).error();
  JobWiring wiring;
  wiring.job = deploy.job;
  wiring.epoch = deploy.epoch;
  wiring.token = deploy.token;
  wiring.me = deploy.me;
  wiring.nodes = deploy.data;
  wiring.lost = [this, nodes = deploy.nodes](std::uint32_t peer, const Error& error) {
    std::string name = peer < nodes.size() ? nodes[peer].name : std::to_string(peer);
    drop({error.kind, "the data connection to node " + name + " was lost: " + error.sentence});
  };
  files_ = used_files(planned->checked.graph, stages_on(*planned, deploy.me));
  links_ = setup_.data->links(std::move(wiring));
  Share share{deploy.me, links_.get(), [this](StageId stage) { say(control::GateEnded{setup_.id, stage}); }};
  // One name on all nodes; half of a hash does not give the token away.
  share.job = fingerprint({deploy.token}).substr(0, 16);
  share.epoch = deploy.epoch;
  if (auto prepared = prepare_checkpoints(share); !prepared) return prepared;
  if (setup_.dead_letters) {
    const std::string& node = deploy.nodes[deploy.me].name;
    share.dead_letters = setup_.dead_letters(planned->checked.graph.name() + "-" + share.job + "-" + node);
  }
  job_ = std::make_unique<Job>(std::move(*planned), std::move(share));
  job_->state().on_finished = [this] {
    std::lock_guard lock(mutex_);
    finished_ = true;
    changed_.notify_all();
  };
  if (!runs()) return {};
  std::size_t threads = deploy.nodes[deploy.me].cpus;
  try {
    crew_ = caf_crew(threads, setup_.scheduling);
  } catch (const std::system_error& error) {
    return no_threads(threads, error);
  }
  auto built = job_->build(*crew_);
  if (built && checkpoints_) built = checkpoints_->begin(*job_);
  std::lock_guard lock(mutex_);
  linked_ = links_.get();
  running_ = job_.get();
  if (built && interrupted_) job_->state().interrupt();
  if (built && drained_) job_->state().drain();
  if (cancelled_ || failure_) job_->state().fail(failure_.value_or(leat::failed("cancelled")));
  return built;
}

}  // namespace leat
