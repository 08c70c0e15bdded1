// Round trips between cells of two processes: a placed job without the cluster above it.
//
//   go (blocks) ==> serve ==> [other process] back ==> [here] court
//
// `serve` notes the time and sends a ball, `back` hands it on, `court` notes the time again and lets
// the source give the next go. A go is large, so that the source's cell sends it at once.

#include <cstdio>
#include <future>
#include <memory>
#include <semaphore>

#include <leat/graph/placement.hpp>
#include <leat/graph/stream.hpp>
#include <leat/runtime/job.hpp>

#include "leat_links.hpp"

namespace bench {
namespace {

using namespace leat;
using Bytes = Message<schema::Bytes>;

constexpr std::size_t kWarm = 1000;
constexpr std::size_t kGoBytes = 96 * 1024;

/// What the cells of the serving process share.
struct Court {
  explicit Court(std::size_t turns) : turns(turns), trips(turns) {}
  std::size_t turns;
  std::size_t given = 0;
  std::size_t returned = 0;
  double served = 0;
  RoundTrips trips;
  std::binary_semaphore clear{1};
};

Graph rally(const std::shared_ptr<Court>& court, std::size_t bytes) {
  Graph g{"rally"};
  const auto go = g.source("go", [court](Out<Bytes>& out) {
    court->clear.acquire();
    out.emit(Bytes(new_chunk(out.pool(), kGoBytes)));
    return ++court->given < court->turns + kWarm;
  });
  const auto served = go.blocking().map("serve", [court, bytes](const Bytes&, Pool& pool) {
    Bytes ball(new_chunk(pool, bytes));
    court->served = now();
    return ball;
  });
  const auto back = served.isolated().map("back", [](Bytes ball) { return ball; }).isolated();
  g.stage(back.stages().back()).on = "far";
  back.sink("court", [court](const Bytes&) {
    const double trip = now() - court->served;
    if (++court->returned > kWarm) court->trips.add(trip);
    court->clear.release();
  });
  return g;
}

Plan placed(const Graph& graph) {
  Plan made = expect(plan(graph, 2));
  const std::vector<NodeSpec> nodes{{"near", {}, 2, 0}, {"far", {"far"}, 2, 0}};
  made.layout = expect(layout_of(made.checked, nodes));
  made.placement = expect(place(made.checked, made.layout, nodes));
  return made;
}

struct Options {
  LinkOptions link;
  std::string scheduling = "stealing";
};

// One node's share of the job, from beginning to end.
void run(Side& side, const Options& options, const std::shared_ptr<Court>& court) {
  Job job(placed(rally(court, options.link.bytes)), {.me = side.me, .links = side.links.get()});
  std::promise<void> finished;
  job.state().on_finished = [&finished] { finished.set_value(); };
  auto crew = caf_crew(2, options.scheduling == "sharing" ? Scheduling::sharing : Scheduling::stealing);
  if (auto built = job.build(*crew); !built) give_up(built.error());
  side.links->start();
  job.start();
  finished.get_future().wait();
  crew.reset();
  if (auto committed = job.commit(); !committed) give_up(committed.error());
}

void cells(const Options& options) {
  const OtherProcess other([&](Wire wire) {
    Side side(wire, 1, options.link);
    run(side, options, std::make_shared<Court>(0));
    wire.tell("finished");
    const Json over = wire.hear();
  });
  Side side(other.wire(), 0, options.link);
  const auto court = std::make_shared<Court>(options.link.count);
  const Stopwatch watch;
  run(side, options, court);
  const Json theirs = other.wire().hear();
  court->trips.print("leat_cells", watch.seconds(),
                     {{"scheduling", options.scheduling}, {"tls", !options.link.tls.empty()}});
  other.wire().tell("over");
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
  bench::Options options;
  options.link.bytes = 64;
  options.link.count = 20000;
  CLI::App app{"round trips between leat's cells in two processes"};
  options.link.add_to(app);
  app.add_option("--scheduling", options.scheduling, "sharing or stealing")
      ->check(CLI::IsMember({"sharing", "stealing"}));
  CLI11_PARSE(app, argc, argv);
  try {
    bench::cells(options);
  } catch (const std::exception& error) {
    bench::give_up(leat::failed(error.what()));
  }
}
