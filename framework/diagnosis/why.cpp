#include <leat/diagnosis/why.hpp>

#include <leat/diagnosis/wait_path.hpp>
#include <leat/diagnosis/waits.hpp>

#include <algorithm>
#include <map>
#include <utility>

namespace leat {
namespace {

// Of all that wait, and of the window.
constexpr double kMostVotes = 0.5;

struct Votes {
  WaitEnd end;           // the one that is surest
  double weight = 0;
  bool through_gate = false;
};

// What speaks for the same: threads are one, whoever has none of them.
std::pair<Cause, StageId> key_of(const WaitEnd& end) {
  return {end.cause, end.cause == Cause::threads ? StageId{0} : end.stage};
}

void add(Votes& votes, const WaitEnd& end) {
  votes.weight += end.least;
  votes.through_gate = votes.through_gate || (end.through_gate && end.least >= kMostVotes);
  auto rank = [](const WaitEnd& one) { return std::pair(one.share, one.least); };
  if (votes.weight == end.least || rank(votes.end) < rank(end)) votes.end = end;
}

bool is_read(const WaitEnd& end) { return end.cause == Cause::read; }

// How many of those that run the stage are at it.
void count_busy(const WaitGraph& graph, const WaitEnd& end, Why& why) {
  auto all = graph.running(end.stage);
  why.replicas = all.size();
  double share = 0;
  for (std::size_t cell : all) {
    double its = graph.cells()[cell].share(end.activity);
    if (its < kMostVotes && cell != end.cell) continue;
    ++why.busy;
    share += its;
  }
  bool of_many = is_read(end) && end.activity == Activity::read;
  if (!of_many && why.busy > 0) why.share = share / static_cast<double>(why.busy);
}

Why found(const WaitGraph& graph, const Votes& votes) {
  const WaitEnd& end = votes.end;
  const CellWindow& cell = graph.cells()[end.cell];
  Why why;
  why.cause = end.cause;
  bool works = end.cause == Cause::visit || end.cause == Cause::read || end.cause == Cause::skew;
  if (works && votes.through_gate) why.cause = Cause::gate;
  why.stage = graph.stage(end.stage);
  why.share = end.share;
  why.activity = end.activity;
  why.lasts = static_cast<double>(cell.cell.for_ns) * 1e-9;
  if (works) count_busy(graph, end, why);
  if (end.cause == Cause::node && graph.node(end.cell)) why.node = graph.node(end.cell)->name;
  return why;
}

}  // namespace

Why why(const JobSnapshot& before, const JobSnapshot& after) {
  WaitGraph graph(before, after);
  std::map<std::pair<Cause, StageId>, Votes> by_end;
  double all = 0;
  for (std::size_t cell = 0; cell < graph.cells().size(); ++cell) {
    WaitEnd end = follow(graph, cell);
    all += end.least;
    add(by_end[key_of(end)], end);
  }
  const Votes* most = nullptr;
  for (const auto& [key, votes] : by_end) {
    if (key.first != Cause::unclear && (!most || votes.weight > most->weight)) most = &votes;
  }
  bool clear = most && most->weight >= kMostVotes * all && most->end.share >= kMostVotes;
  Why answer = clear ? found(graph, *most) : Why();
  answer.stuck = graph.stuck();
  answer.waits = clear ? waits(graph, most->end) : shares(graph);
  return answer;
}

}  // namespace leat
