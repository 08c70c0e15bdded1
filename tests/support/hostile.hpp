/// A graph of which any one function of the user's throws: whatever runs it must say which, and live.
///
///   for (hostile::Place place : hostile::kPlaces)
///     for (hostile::What what : hostile::kWhats)
///       auto report = leat::run(hostile::graph({place, what}));  // an Error with hostile::said(...) in it
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <utility>

#include <leat/graph/stream.hpp>
#include <leat/schemas/chunk.capnp.h>

namespace leat::testing::hostile {

/// Where it throws. In the order in which a job gets there.
enum class Place {
  nowhere,
  make_source,
  probe,
  describe,
  make_actor,
  start,
  pull,
  extent,
  split,  ///< a splitter of the user's own
  key,    ///< the function of by_key()
  visit,
  finish,
  commit,
  end_actor,   ///< the actor's destructor
  end_source,  ///< the source's destructor
};
constexpr std::array kPlaces = {Place::make_source, Place::probe, Place::describe, Place::make_actor,
                                Place::start,       Place::pull,  Place::extent,   Place::split,
                                Place::key,         Place::visit, Place::finish,   Place::commit,
                                Place::end_actor,   Place::end_source};
enum class What { exception, integer, memory };
constexpr std::array kWhats = {What::exception, What::integer, What::memory};

inline std::string name(Place place) {
  constexpr std::array names = {"nowhere", "make source", "probe", "describe", "make actor",
                                "start",   "pull",        "extent", "split",   "key",
                                "visit",   "finish",      "commit", "end actor", "end source"};
  return names[static_cast<std::size_t>(place)];
}

/// The stage whose function it is: "read", "work" or "write".
inline std::string stage(Place place) {
  switch (place) {
    case Place::make_source:
    case Place::probe:
    case Place::pull:
    case Place::extent:
    case Place::split:
    case Place::key:
    case Place::end_source: return "read";
    case Place::commit: return "write";
    default: return "work";
  }
}

/// What the sentence of the Error says of it.
inline std::string said(What what) {
  switch (what) {
    case What::exception: return "threw an exception: hostile";
    case What::integer: return "threw something that is not a std::exception";
    case What::memory: return "the system has no more memory";
  }
  return "";
}

/// What happens in the graph, for whoever made it.
struct Seen {
  std::atomic<int> visits{0};     ///< of "write"
  std::atomic<int> committed{0};  ///< of all stages
};

struct Orders {
  Place place = Place::nowhere;
  What what = What::exception;
  std::shared_ptr<Seen> seen = std::make_shared<Seen>();

  void at(Place here) const {
    if (here != place) return;
    switch (what) {
      case What::exception: throw std::runtime_error("hostile");
      case What::integer: throw 7;
      case What::memory: throw std::bad_alloc();
    }
  }
};

using Number = Message<schema::Number>;

constexpr std::uint64_t kNumbers = 200;

class Read final : public Source {
 public:
  explicit Read(Orders orders) : orders_(std::move(orders)) { orders_.at(Place::make_source); }
  ~Read() noexcept(false) override { orders_.at(Place::end_source); }
  Result<Description> probe() override {
    orders_.at(Place::probe);
    Description description;
    description.fields_known = false;
    return description;
  }
  Result<Step> pull(Outbox& out) override {
    if (next_ == kNumbers / 2) orders_.at(Place::pull);
    Building<schema::Number> building(out.pool());
    building.root().setValue(next_++);
    out.emit(std::move(building).finish());
    return next_ < kNumbers ? Step::more : Step::done;
  }
  Extent extent() const override {
    orders_.at(Place::extent);
    return {};
  }

 private:
  Orders orders_;
  std::uint64_t next_ = 0;
};

class Work final : public Actor {
 public:
  explicit Work(Orders orders) : orders_(std::move(orders)) { orders_.at(Place::make_actor); }
  ~Work() noexcept(false) override { orders_.at(Place::end_actor); }
  Result<void> start(Outbox&) override {
    orders_.at(Place::start);
    return {};
  }
  Result<Step> visit(Visit& visit, Outbox& out) override {
    if (visit.chunk.root<schema::Number>().getValue() > kNumbers / 2) orders_.at(Place::visit);
    out.emit(visit.take());
    return Step::done;
  }
  Result<Step> finish(Ending, Outbox&) override {
    orders_.at(Place::finish);
    return Step::done;
  }
  Result<void> commit(const OutputName&) override {
    ++orders_.seen->committed;
    return {};
  }

 private:
  Orders orders_;
};

class Write final : public Actor {
 public:
  explicit Write(Orders orders) : orders_(std::move(orders)) {}
  Result<Step> visit(Visit&, Outbox&) override {
    ++orders_.seen->visits;
    return Step::done;
  }
  Result<void> commit(const OutputName&) override {
    orders_.at(Place::commit);
    ++orders_.seen->committed;
    return {};
  }

 private:
  Orders orders_;
};

/// read -> work x 2 -> write. Keyed from read to work where a key or a splitter is to throw. Pure: each
/// node of a cluster may build it, from equal orders.
inline Graph graph(const Orders& orders) {
  Graph g{"hostile"};
  auto read = stage_kind<Number>("hostile.read", "");
  read.source = [orders] { return std::make_unique<Read>(orders); };
  auto work = stage_kind<Number, Number>("hostile.work", "");
  work.sharing = Sharing::stateless;
  work.describe = [orders](const std::vector<Description>& inputs) -> Result<Described> {
    orders.at(Place::describe);
    return Described{inputs[0], {0, inputs[0].max_chunk}};
  };
  work.actor = [orders](const Making&) { return std::make_unique<Work>(orders); };
  auto write = stage_kind<void, Number>("hostile.write", "");
  write.actor = [orders](const Making&) { return std::make_unique<Write>(orders); };
  Dispatch keyed;
  if (orders.place == Place::split) {
    keyed.rule = Dispatch::Rule::key;
    keyed.by = "whim";
    keyed.splitter = [orders](Pool&, const Chunk& chunk, std::size_t, auto& to) -> Result<void> {
      orders.at(Place::split);
      to.emplace_back(0, chunk);
      return {};
    };
  }
  auto numbers = g.source("read", std::move(read));
  if (orders.place == Place::key) {
    numbers = numbers.by_key("whim", [orders](const Number& number) -> std::uint64_t {
      orders.at(Place::key);
      return number.read().getValue();
    });
  }
  auto worked = numbers.map("work", std::move(work), replicas(2));
  worked.sink("write", std::move(write));
  if (orders.place != Place::split) return g;
  // The same graph, with a splitter on its first edge.
  Graph split{"hostile"};
  for (const Stage& each : g.stages()) split.add(each);
  for (Edge edge : g.edges()) {
    if (edge.from == 0) edge.dispatch = keyed;
    split.connect(std::move(edge));
  }
  return split;
}

}  // namespace leat::testing::hostile
