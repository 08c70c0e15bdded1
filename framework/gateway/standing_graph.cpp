#include <leat/gateway/standing_graph.hpp>

#include <leat/actor/guard.hpp>
#include <leat/gateway/request_stages.hpp>
#include <leat/graph/json_text.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace leat {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// How exactly deadlines are kept.
constexpr milliseconds kTick{50};
constexpr milliseconds kFirstRest{100}, kLongestRest{10'000};
// Where the first stage is not of the source's cell, so few are ahead of an urgent one, besides what it has in work.
constexpr std::uint64_t kAhead = 4;

}  // namespace

StandingGraph::StandingGraph(StandingStages stages, Log log)
    : stages_(std::move(stages)), log_(std::move(log)), queue_(std::make_shared<RequestQueue>(RequestQueue::Limits())) {}

Graph StandingGraph::graph() const {
  Graph graph{stages_.name};
  std::uint64_t most = stages_.body + (std::uint64_t{128} << 10);
  auto requests = graph.source("requests", requests_source(queue_, stages_.params, stages_.body)).credit(kAhead * most, kAhead);
  stages_.stages(requests).sink("replies", replies_sink(queue_));
  return graph;
}

Result<std::unique_ptr<StandingGraph>> StandingGraph::open(StandingStages stages, Log log) {
  std::unique_ptr<StandingGraph> made(new StandingGraph(std::move(stages), std::move(log)));
  auto planned = guarded([&] { return plan(made->graph(), made->stages_.threads); });
  if (!planned) return planned.error().in("the standing graph " + made->stages_.name);
  made->bound_ = planned->bound.total();
  made->thread_ = std::thread([graph = made.get()] { graph->stand(); });
  return made;
}

StandingGraph::~StandingGraph() {
  {
    std::lock_guard lock(mutex_);
    ends_ = true;
  }
  queue_->close();
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void StandingGraph::stand() {
  milliseconds next{0};
  while (!queue_->closed()) {
    auto begun = steady_clock::now();
    run_once();
    if (steady_clock::now() - begun > kLongestRest) next = milliseconds(0);
    if (!rest(next)) break;
    next = std::clamp(next * 2, kFirstRest, kLongestRest);
  }
  queue_->fail(overloaded("the service ends: ask again"));
}

void StandingGraph::run_once() {
  RunOptions options;
  options.threads = stages_.threads;
  options.progress_every = kTick;
  options.on_progress = [this](const Progress&) { queue_->expire(steady_clock::now()); };
  auto report = guarded([&] { return run(graph(), std::move(options)); });
  if (queue_->closed()) return;
  Error why = report ? failed("the graph has ended before its requests have") : report.error();
  log_.error("standing graph failed", {{"graph", stages_.name}, {"why", why.sentence}});
  queue_->fail(failed(why.sentence));
}

// False when it is time to end.
bool StandingGraph::rest(milliseconds time) {
  auto until = steady_clock::now() + time;
  std::unique_lock lock(mutex_);
  while (!ends_ && steady_clock::now() < until) {
    changed_.wait_until(lock, std::min(until, steady_clock::now() + kTick));
    queue_->expire(steady_clock::now());
  }
  return !ends_;
}

std::string standing_json(const StandingGraphs& graphs) {
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const auto& graph : graphs) {
    RequestQueue::Counts counts = graph->queue()->counts();
    all.push_back({{"name", graph->name()}, {"bound", graph->bound()}, {"waiting", counts.waiting}, {"working", counts.working},
                   {"answered", counts.answered}, {"failed", counts.failed}, {"late", counts.late}, {"left", counts.left}});
  }
  return json_text(nlohmann::ordered_json{{"standing", std::move(all)}});
}

std::string standing_metrics(const StandingGraphs& graphs) {
  std::string text = "# HELP leat_service_standing_requests Requests that a standing graph has, by what it does with them.\n"
                     "# TYPE leat_service_standing_requests gauge\n";
  for (const auto& graph : graphs) {
    RequestQueue::Counts counts = graph->queue()->counts();
    auto line = [&](const char* state, std::uint64_t count) {
      text += "leat_service_standing_requests{graph=\"" + graph->name() + "\",state=\"" + state + "\"} " + std::to_string(count) + "\n";
    };
    line("waiting", counts.waiting);
    line("working", counts.working);
  }
  text += "# HELP leat_service_standing_ended_total Requests that have left a standing graph, by how.\n"
          "# TYPE leat_service_standing_ended_total counter\n";
  for (const auto& graph : graphs) {
    RequestQueue::Counts counts = graph->queue()->counts();
    auto line = [&](const char* how, std::uint64_t count) {
      text += "leat_service_standing_ended_total{graph=\"" + graph->name() + "\",how=\"" + how + "\"} " + std::to_string(count) + "\n";
    };
    line("answered", counts.answered);
    line("failed", counts.failed);
    line("late", counts.late);
    line("left", counts.left);
  }
  return text;
}

}  // namespace leat
