/// A graph that stands as long as its service: requests of one route go in, replies come out.
///
///   requests -> the program's stages -> replies
///
/// The first stage takes a request when it can work on it, no earlier: the queue then says which is next, an urgent one, or,
/// every tenth time, one of the others. So an urgent one waits for what is in work, and the others never stand still.
#pragma once

#include <leat/chunk/log.hpp>
#include <leat/gateway/request.hpp>
#include <leat/gateway/request_queue.hpp>
#include <leat/gateway/route.hpp>
#include <leat/graph/stream.hpp>
#include <leat/runtime/run.hpp>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace leat {

/// What a program says of a standing graph.
struct StandingStages {
  std::string name;                                        ///< of the graph
  std::vector<Option> params = {};
  std::size_t body = 0;                                    ///< bytes of a request's body, at most
  std::function<Stream<ServiceReply>(Stream<ServiceRequest>)> stages = {};
  std::size_t threads = 1;
};

/// Where it fails, what it worked on is answered with the reason, and it begins anew: at once, then after 0.1 s and twice
/// as long each time, up to 10 s; one that has worked for 10 s is as good as new. Threads: any.
class StandingGraph {
 public:
  /// Begins. Errors: those of plan().
  static Result<std::unique_ptr<StandingGraph>> open(StandingStages stages, Log log);
  /// What waits is answered so; what is in work ends first.
  ~StandingGraph();

  const std::shared_ptr<RequestQueue>& queue() const { return queue_; }
  const std::string& name() const { return stages_.name; }
  /// Bytes that its chunks and state may take, besides the queue's.
  std::uint64_t bound() const { return bound_; }

 private:
  StandingGraph(StandingStages stages, Log log);
  Graph graph() const;
  void stand();
  void run_once();
  bool rest(std::chrono::milliseconds time);

  const StandingStages stages_;
  const Log log_;
  const std::shared_ptr<RequestQueue> queue_;
  std::uint64_t bound_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool ends_ = false;
  std::thread thread_;
};

using StandingGraphs = std::vector<std::unique_ptr<StandingGraph>>;

/// What each does, as JSON, and as Prometheus reads it.
std::string standing_json(const StandingGraphs& graphs);
std::string standing_metrics(const StandingGraphs& graphs);

}  // namespace leat
