/// A coordinator and nodes in one process: control over a LocalNetwork unless told otherwise, chunks over
/// real sockets.
#pragma once

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "cluster/local_network.hpp"
#include "runtime/numbers.hpp"

namespace leat::testing {

/// What happened to the sinks of a job, wherever they were.
struct Tally {
  std::atomic<int> finished{0};
  std::atomic<int> interrupted{0};
  std::atomic<int> committed{0};
  std::atomic<bool> commit_fails{false};
};

/// A sink that gathers numbers and says when it is committed.
struct Noting final : Actor {
  Noting(Collected<Number> into, std::shared_ptr<Tally> to) : collected(std::move(into)), tally(std::move(to)) {}
  Result<Step> visit(Visit& visit, Outbox&) override {
    collected.add(visit.chunk);
    return Step::done;
  }
  Result<Step> finish(Ending ending, Outbox& out) override {
    ++(ending == Ending::complete ? tally->finished : tally->interrupted);
    if (ending == Ending::complete) out.report("noted", "all");
    return Step::done;
  }
  Result<void> commit(const OutputName&) override {
    if (tally->commit_fails) return failed("cannot rename");
    ++tally->committed;
    return {};
  }
  Collected<Number> collected;
  std::shared_ptr<Tally> tally;
};

inline Kind<void, Number> noting(const Collected<Number>& into, const std::shared_ptr<Tally>& tally) {
  auto kind = stage_kind<void, Number>("test.noting", "");
  kind.actor = [=](const Making&) { return std::make_unique<Noting>(into, tally); };
  return kind;
}

/// Lines that were logged, from any thread.
class Lines {
 public:
  Log log() {
    return Log([this](LogLevel, std::string_view phrase, const std::vector<LogField>& fields) {
      std::string line(phrase);
      for (const auto& [key, value] : fields) line += " " + std::string(key) + "=" + value;
      std::lock_guard lock(mutex_);
      lines_.push_back(std::move(line));
      changed_.notify_all();
    });
  }
  /// Waits until `times` lines have `part`; false when that takes too long.
  bool await(const std::string& part, std::ptrdiff_t times = 1) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(30), [&] {
      return std::count_if(lines_.begin(), lines_.end(),
                           [&](const auto& line) { return line.find(part) != std::string::npos; }) >= times;
    });
  }
  bool have(const std::string& part) const {
    std::lock_guard lock(mutex_);
    for (const auto& line : lines_) if (line.find(part) != std::string::npos) return true;
    return false;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> lines_;
};

/// One member, and what it said of itself.
struct SmallNode {
  std::stop_source drain;
  std::stop_source leave;
  std::promise<void> ready;
  std::atomic<int> times_ready{0};
  std::unique_ptr<ClusterNode> node;
};

class SmallCluster {
 public:
  explicit SmallCluster(std::vector<Program> programs) : transport(network.transport()) {
    identity.name = "sample";
    identity.build = "build";
    identity.programs = std::move(programs);
    timeouts.heartbeat = std::chrono::milliseconds(100);
    timeouts.lost_after = std::chrono::milliseconds(1500);
  }

  void open_coordinator() {
    Coordinator::Options options;
    options.listen = at;
    options.credentials = credentials;
    options.identity = identity;
    options.log = lines.log();
    options.timeouts = timeouts;
    auto opened = leat::open_coordinator(std::move(options), transport);
    BOOST_REQUIRE(opened);
    coordinator = std::move(*opened);
    at = coordinator->endpoint();
  }

  NodeOptions node_options(const std::string& name, std::vector<std::string> labels = {}) {
    NodeOptions options;
    options.coordinator = at;
    options.credentials = credentials;
    options.node = {name, std::move(labels), 2, 0};
    options.identity = identity;
    options.log = lines.log();
    options.timeouts = timeouts;
    options.join_within = std::chrono::milliseconds(20000);
    return options;
  }

  SmallNode& add_node(const std::string& name, std::vector<std::string> labels = {}, std::uint64_t memory = 0) {
    nodes.push_back(std::make_unique<SmallNode>());
    SmallNode& node = *nodes.back();
    NodeOptions options = node_options(name, std::move(labels));
    options.node.memory = memory;
    options.drain = node.drain.get_token();
    options.leave = node.leave.get_token();
    options.on_state = [&node](NodeState state, const Endpoint&) {
      if (state == NodeState::ready && node.times_ready++ == 0) node.ready.set_value();
    };
    auto opened = open_node(std::move(options), transport);
    BOOST_REQUIRE(opened);
    node.node = std::move(*opened);
    BOOST_REQUIRE((node.ready.get_future().wait_for(std::chrono::seconds(20)) == std::future_status::ready));
    return node;
  }

  SubmitOptions submit_options(std::size_t wanted = 1) {
    SubmitOptions options;
    options.coordinator = at;
    options.credentials = credentials;
    options.identity = identity;
    options.log = lines.log();
    options.nodes = wanted;
    options.timeouts = timeouts;
    return options;
  }

  Result<Report> run(std::size_t program, const std::map<std::string, std::string>& given = {},
                     std::size_t wanted = 1) {
    return run(program, given, submit_options(wanted));
  }
  Result<Report> run(std::size_t program, const std::map<std::string, std::string>& given, SubmitOptions options) {
    // Tests call it from several threads, Boost's macros are for one.
    auto args = Args::from(identity.programs[program].params, given);
    if (!args) return std::move(args).error();
    return run_on_cluster(program, *args, std::move(options), transport);
  }

  LocalNetwork network;
  Transport transport;
  Credentials credentials;
  Lines lines;
  Endpoint at{"127.0.0.1", 4700};
  ProgramIdentity identity;
  Timeouts timeouts;
  std::unique_ptr<Coordinator> coordinator;
  std::vector<std::unique_ptr<SmallNode>> nodes;
};

}  // namespace leat::testing
