/// One placed job as several Jobs in this process, one a node, joined by local links where the
/// network would be.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>

#include <leat/graph/feeders.hpp>
#include <leat/runtime/job.hpp>
#include <leat/runtime/local_link.hpp>

#include "runtime/numbers.hpp"

namespace leat::testing {

/// Says where a replica runs.
using Spread = std::function<NodeId(CellId cell, std::size_t replica)>;

/// Places a plan as it is told to, which may be worse than place() would; adds feeders to its layout.
inline Placement spread_out(Plan& plan, std::size_t nodes, const Spread& node_of,
                            const std::function<NodeId(CellId)>& source_node) {
  Placement placement;
  Layout& layout = plan.layout;
  for (std::size_t i = 0; i < nodes; ++i)
    placement.nodes.push_back({"node " + std::to_string(i), {}, 1, 0});
  for (CellId cell = 0; cell < layout.cells.size(); ++cell) {
    std::vector<NodeId> row;
    for (std::size_t replica = 0; replica < layout.cells[cell].replicas; ++replica)
      row.push_back(node_of(cell, replica));
    bool begins = bool(plan.checked.graph.stages()[layout.cells[cell].stages.front()].kind.source);
    placement.source_node.push_back(begins ? source_node(cell) : 0);
    // Nothing feeds a source that is a cell of its own: it is where it lives.
    if (begins && layout.cells[cell].stages.size() == 1) row.assign(row.size(), source_node(cell));
    placement.node_of.push_back(row);
  }
  add_feeders(plan.checked, layout, placement);
  placement.channels = channels_of(plan.checked, layout, placement);
  return placement;
}

/// The network between the nodes: joins the ends of a channel that two nodes ask for, and looks at
/// what passes.
class Wiring {
 public:
  /// The factory of one node.
  class Side final : public LinkFactory {
   public:
    Side(Wiring& wiring, NodeId me) : wiring_(wiring), me_(me) {}
    std::unique_ptr<Sender> sender(const ChannelSpec& spec, Wake wake) override {
      BOOST_TEST(spec.peer != me_);
      Lane& lane = wiring_.lane(spec);
      lane.bells->up = std::move(wake);
      BOOST_REQUIRE(lane.link.sender);
      return std::make_unique<Watched>(std::move(lane.link.sender), spec, wiring_.frames_[spec.id]);
    }
    std::unique_ptr<Receiver> receiver(const ChannelSpec& spec, std::shared_ptr<Pool> pool,
                                       Wake wake) override {
      BOOST_TEST(spec.peer != me_);
      BOOST_TEST(!!pool);
      Lane& lane = wiring_.lane(spec);
      lane.bells->down = std::move(wake);
      BOOST_REQUIRE(lane.link.receiver);
      return std::move(lane.link.receiver);
    }

   private:
    Wiring& wiring_;
    NodeId me_;
  };

  /// True when each channel got both its ends.
  bool whole() const {
    for (const auto& [id, lane] : lanes_)
      if (lane.link.sender || lane.link.receiver) return false;
    return true;
  }
  std::size_t channels() const { return lanes_.size(); }

 private:
  struct Bells {
    Wake up = [] {};
    Wake down = [] {};
  };
  struct Lane {
    LocalLink link;
    std::shared_ptr<Bells> bells;
    ChannelSpec spec;
  };
  // What a remote link would refuse.
  class Watched final : public Sender {
   public:
    Watched(std::unique_ptr<Sender> to, ChannelSpec spec, std::atomic<std::uint64_t>& frames)
        : to_(std::move(to)), spec_(std::move(spec)), frames_(frames) {}
    std::size_t send(std::span<Frame> frames) override {
      for (const Frame& frame : frames) {
        if (frame.kind != Frame::Kind::data) continue;
        if (frame.chunk.type() != spec_.type || frame.chunk.footprint() > spec_.max_chunk)
          throw std::runtime_error("channel " + spec_.name + " carries what it was not made for");
      }
      std::size_t sent = to_->send(frames);
      frames_ += sent;
      return sent;
    }
    Amount outstanding() const override { return to_->outstanding(); }

   private:
    std::unique_ptr<Sender> to_;
    ChannelSpec spec_;
    std::atomic<std::uint64_t>& frames_;
  };

  Lane& lane(const ChannelSpec& spec) {
    auto [at, made] = lanes_.try_emplace(spec.id);
    Lane& lane = at->second;
    if (made) {
      lane.bells = std::make_shared<Bells>();
      lane.link = local_link(
          spec.window, [bells = lane.bells] { bells->up(); },
          [bells = lane.bells] { bells->down(); });
      lane.spec = spec;
    } else {
      BOOST_TEST((lane.spec.type == spec.type && lane.spec.window == spec.window &&
                  lane.spec.max_chunk == spec.max_chunk && lane.spec.name == spec.name));
    }
    return lane;
  }

  std::map<std::uint32_t, Lane> lanes_;
  std::map<std::uint32_t, std::atomic<std::uint64_t>> frames_;
};

struct Outcome {
  std::string failure;   ///< the first; "" when there is none
  std::size_t told = 0;  ///< shares that failed because another did
  Ending ending = Ending::complete;
  std::vector<Progress> shares;
  std::vector<std::pair<std::string, std::string>> results;
};

/// What agents do: builds a job's shares, starts them, tells each what the others need to know, and
/// commits when all have finished well.
class Nodes {
 public:
  Nodes(
      const std::function<Graph()>& graph, std::size_t nodes, const Spread& node_of,
      const std::function<NodeId(CellId)>& source_node = [](CellId) { return NodeId{0}; })
      : Nodes(graph, nodes,
              [&](Plan& plan) { return spread_out(plan, nodes, node_of, source_node); }) {}

  Nodes(const std::function<Graph()>& graph, std::size_t nodes,
        const std::function<Placement(Plan&)>& placing) {
    jobs_.resize(nodes);
    for (NodeId me = 0; me < nodes; ++me) {
      // Each node builds the graph itself.
      auto planned = leat::plan(graph(), 4);
      BOOST_REQUIRE_MESSAGE(planned, (planned ? "" : planned.error().sentence));
      planned->placement = placing(*planned);
      planned->bound = node_bound(planned->checked, planned->layout, planned->placement, me, 0);
      make(me, std::move(planned).value());
    }
  }

  Job& job(NodeId node) { return *jobs_[node]; }
  const Wiring& wiring() const { return wiring_; }

  Outcome run(std::stop_token stop = {}, std::size_t threads = 2) {
    std::vector<std::unique_ptr<Crew>> crews;
    Outcome outcome;
    for (auto& job : jobs_) {
      crews.push_back(caf_crew(threads, Scheduling::stealing));
      if (auto built = job->build(*crews.back()); !built) fail_all(built.error(), outcome);
    }
    if (outcome.failure.empty()) {
      BOOST_TEST(wiring_.whole());
      std::stop_callback interrupt(stop, [this] {
        for (auto& job : jobs_)
          job->state().interrupt();
      });
      for (auto& job : jobs_)
        job->start();
      wait(outcome);
    }
    crews.clear();
    finish(outcome);
    return outcome;
  }

 private:
  void make(NodeId me, Plan plan) {
    for (CellId cell = 0; cell < plan.layout.cells.size(); ++cell)
      if (plan.placement.source_node[cell] != me)
        plan.checked.sources[plan.layout.cells[cell].stages[0]] = nullptr;
    sides_.push_back(std::make_unique<Wiring::Side>(wiring_, me));
    Share share{me, sides_.back().get(), [this, me](StageId stage) {
                  for (NodeId other = 0; other < jobs_.size(); ++other)
                    if (other != me) jobs_[other]->gate_ended(stage);
                }};
    jobs_[me] = std::make_unique<Job>(std::move(plan), std::move(share));
    jobs_[me]->state().on_finished = [this, me] {
      std::lock_guard lock(mutex_);
      BOOST_TEST(finished_.insert(me).second);
      changed_.notify_all();
    };
  }

  void fail_all(const Error& error, Outcome& outcome) {
    if (!outcome.failure.empty()) return;
    outcome.failure = error.sentence;
    for (auto& job : jobs_) {
      outcome.told += !job->state().failed();
      job->state().fail(error);
    }
  }

  void wait(Outcome& outcome) {
    auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    std::set<NodeId> heard;
    while (heard.size() < jobs_.size()) {
      std::set<NodeId> now;
      {
        std::unique_lock lock(mutex_);
        bool in_time =
            changed_.wait_until(lock, deadline, [&] { return finished_.size() > heard.size(); });
        now = finished_;
        if (!in_time) deadline += std::chrono::hours(1);
        if (!in_time) BOOST_ERROR("the shares did not finish");
      }
      if (now == heard) fail_all(failed("took too long"), outcome);
      heard = now;
      for (NodeId node : heard)
        if (auto failure = jobs_[node]->state().failure()) fail_all(*failure, outcome);
    }
  }

  void finish(Outcome& outcome) {
    for (auto& job : jobs_) {
      outcome.shares.push_back(job->progress());
      for (auto& line : job->state().reports())
        outcome.results.push_back(line);
      if (job->state().interrupted()) outcome.ending = Ending::interrupted;
    }
    if (!outcome.failure.empty() || outcome.ending == Ending::interrupted) return;
    for (auto& job : jobs_)
      if (auto ok = job->seal(); !ok) outcome.failure = ok.error().sentence;
    if (!outcome.failure.empty()) return;
    for (auto& job : jobs_)
      if (auto ok = job->commit(); !ok) outcome.failure = ok.error().sentence;
  }

  Wiring wiring_;
  std::vector<std::unique_ptr<Wiring::Side>> sides_;
  std::vector<std::unique_ptr<Job>> jobs_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::set<NodeId> finished_;
};

/// Replica r of every cell on node r modulo `nodes`.
inline Spread round_robin(std::size_t nodes) {
  return [nodes](CellId, std::size_t replica) { return static_cast<NodeId>(replica % nodes); };
}

/// Anywhere, but with equal seeds in equal places.
inline Spread scattered(std::uint64_t seed, std::size_t nodes) {
  return [seed, nodes](CellId cell, std::size_t replica) {
    std::uint64_t x = seed + 0x9e3779b97f4a7c15 * (cell * 64 + replica + 1);
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    return static_cast<NodeId>((x ^ (x >> 31)) % nodes);
  };
}
inline std::function<NodeId(CellId)> sources_of(const Spread& spread) {
  return [spread](CellId cell) { return spread(cell, 63); };
}

}  // namespace leat::testing
