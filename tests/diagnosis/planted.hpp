/// Graphs with one cause planted in each, by what their functions really take.
#pragma once

#include <leat/diagnosis/why.hpp>

#include <memory>
#include <random>
#include <string>
#include <utility>

#include "diagnosis/watched.hpp"

namespace leat::testing {

enum class Plant { stage, source, sink, skew, gate, order, threads };
constexpr std::size_t kPlants = 7;

struct Planted {
  Graph graph{"g"};
  Cause cause = Cause::visit;
  std::string stage;  ///< the right answer; "" where any is
  std::size_t threads = 3;
  std::uint64_t visits = 100;  ///< of a window
  std::shared_ptr<Seen> seen = std::make_shared<Seen>();  ///< what the planted stage has done
};

/// Makes one graph of a seed.
class Planting {
 public:
  Planting(Plant plant, std::uint64_t seed) : plant_(plant), random_(seed) {}

  Planted make() {
    switch (plant_) {
      case Plant::skew: skew(); break;
      case Plant::gate: gate(); break;
      case Plant::order: order(); break;
      case Plant::threads: threads(); break;
      default: chain();
    }
    return std::move(made_);
  }

 private:
  using Numbers = Stream<Number>;

  std::uint64_t below(std::uint64_t end) { return std::uniform_int_distribution<std::uint64_t>(0, end - 1)(random_); }
  bool maybe() { return below(2) > 0; }

  // Of what is slow: a millisecond or a few.
  std::function<void()> slow() {
    auto time = std::chrono::microseconds(1000 + below(3000));
    return [time, waits = maybe(), seen = made_.seen] {
      take(time, waits);
      seen->one();
    };
  }
  // Of what is not.
  std::function<void()> quick() {
    auto time = std::chrono::microseconds(below(60));
    return [time] { take(time, false); };
  }
  auto numbers(std::function<void()> work) {
    return [at = std::uint64_t{0}, work = std::move(work)](Out<Number>& out) mutable {
      work();
      out.emit(number(out.pool(), at++));
      return true;
    };
  }
  static auto passing(std::function<void()> work) {
    return [work = std::move(work)](Number n, Pool&) {
      work();
      return n;
    };
  }
  static auto taking(std::function<void()> work) {
    return [work = std::move(work)](const Number&) { work(); };
  }
  Numbers linked(Numbers stream) { return stream.credit(1 << 20, 4 + below(12)); }
  Numbers some(Numbers stream, const std::string& prefix) {
    for (std::uint64_t i = below(3); i > 0; --i) {
      stream = linked(stream.map(prefix + std::to_string(i), passing(quick())));
      if (maybe()) stream = stream.isolated();
    }
    return stream;
  }

  void chain() {
    Graph& g = made_.graph;
    bool source = plant_ == Plant::source;
    made_.cause = source ? Cause::read : Cause::visit;
    made_.stage = source ? "read" : plant_ == Plant::sink ? "out" : "slow";
    Numbers at = linked(g.source("read", numbers(source ? slow() : quick())));
    if (maybe()) at = at.isolated();
    at = some(at, "above");
    if (plant_ == Plant::stage) {
      at = linked(at.map("slow", passing(slow()), replicas(1 + below(2))));
      if (maybe()) at = at.isolated();
      at = some(at, "below");
    }
    at.sink("out", taking(plant_ == Plant::sink ? slow() : quick()));
  }

  // One key in thirty is another.
  void skew() {
    made_.cause = Cause::skew;
    made_.stage = "count";
    Numbers at = linked(some(linked(made_.graph.source("read", numbers(quick()))), "above"));
    std::uint64_t hot = below(100);
    auto key = [hot](const Number& n) {
      std::uint64_t value = n.read().getValue();
      return value % 30 == 7 ? value / 30 : hot;
    };
    at = linked(at.by_key("value", key).map("count", passing(slow()), replicas(4)));
    at.sink("out", taking(quick()));
    made_.threads = 4;
  }

  void gate() {
    made_.cause = Cause::gate;
    made_.stage = "train";
    Numbers first = linked(made_.graph.source("read", numbers(quick())));
    if (maybe()) first = first.isolated();
    first = some(first, "above").map("train", passing(slow()));
    first.sink("model", taking(quick()));
    Numbers again = linked(made_.graph.source("again", numbers(quick())));
    again = again.map("score", passing(quick())).after(first);
    again.sink("out", taking(quick()));
  }

  // One chunk in two hundred takes a thousand times as long as the others, which are through before it: more of them
  // than the replicas may have staged and queued, so that no two slow ones are at work at once. It blocks: three that
  // spin on two processors would have too few of these.
  void order() {
    made_.cause = Cause::order;
    made_.stage = "out";
    made_.visits = 20;
    auto rarely = [time = std::chrono::microseconds(8000 + below(8000))](Number n, Pool&) {
      if (n.read().getValue() % 200 == 3) take(time, true);
      return n;
    };
    auto seen = made_.seen;
    // By links, and of two: replicas that pull for themselves would have a batch of dozens each.
    Numbers at = made_.graph.source("read", numbers([] {})).isolated().credit(1 << 20, 2);
    at.map("parse", rarely, replicas(3).ordered()).credit(1 << 20, 2).sink("out", [seen](const Number& n) {
      if (n.read().getValue() % 200 == 3) seen->one();
    });
  }

  // Work for four and one thread.
  void threads() {
    made_.cause = Cause::threads;
    made_.threads = 1;
    // What the windows of all channels hold is worked off several times over meanwhile.
    made_.visits = 600;
    auto time = std::chrono::microseconds(100 + below(200));
    auto work = [time] { take(time, false); };
    Numbers at = linked(made_.graph.source("read", numbers(work))).isolated();
    for (std::uint64_t i = 2 + below(3); i > 0; --i) {
      at = linked(at.map("work" + std::to_string(i), passing(work)));
      at = at.isolated();
    }
    auto seen = made_.seen;
    at.sink("out", [work, seen](const Number&) {
      work();
      seen->one();
    });
  }

  Plant plant_;
  std::mt19937_64 random_;
  Planted made_;
};

}  // namespace leat::testing
