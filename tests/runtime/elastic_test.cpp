// Replicas come and go while chunks flow: nothing is lost, repeated or out of order, and credit
// holds.
#include <algorithm>
#include <map>
#include <random>

#include <rapidcheck/boost_test.h>

#include <leat/runtime/cell.hpp>
#include <leat/runtime/local_link.hpp>

#include "runtime/numbers.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

constexpr std::uint64_t kLast = 1'000'000;

// Runs cells on this thread, in an order that a seed decides.
class SeededCrew final : public Crew {
 public:
  explicit SeededCrew(std::uint64_t seed) : random_(seed) {}

  Wakes host(std::shared_ptr<Steppable> what, bool) override {
    auto bunk = std::make_shared<Bunk>(Bunk{std::move(what), false, false});
    bunks_.push_back(bunk);
    // Cells hold links, links hold wakes: a wake that held its cell would keep all of them for ever.
    auto wake = [weak = std::weak_ptr(bunk)] {
      if (auto there = weak.lock()) there->ready = true;
    };
    return {wake, wake};
  }

  // Steps one that is ready; false when none is.
  bool step() {
    std::vector<Bunk*> ready;
    for (auto& bunk : bunks_)
      if (bunk->ready && !bunk->gone) ready.push_back(bunk.get());
    if (ready.empty()) return false;
    Bunk& one = *ready[random_() % ready.size()];
    one.ready = false;
    auto next = one.what->step();
    one.ready = one.ready || next == Steppable::Next::again;
    one.gone = next == Steppable::Next::quit;
    return true;
  }
  bool all_gone() const {
    return std::all_of(bunks_.begin(), bunks_.end(), [](const auto& bunk) { return bunk->gone; });
  }

 private:
  struct Bunk {
    std::shared_ptr<Steppable> what;
    bool ready;
    bool gone;
  };
  std::mt19937_64 random_;
  std::vector<std::shared_ptr<Bunk>> bunks_;
};

// Holds a channel to its credit.
class Counted final : public Sender {
 public:
  Counted(std::unique_ptr<Sender> to, Amount window) : to_(std::move(to)), window_(window) {}
  std::size_t send(std::span<Frame> frames) override {
    std::size_t sent = to_->send(frames);
    if (!to_->outstanding().within(window_)) throw std::runtime_error("more in flight than credit");
    return sent;
  }
  Amount outstanding() const override { return to_->outstanding(); }

 private:
  std::unique_ptr<Sender> to_;
  Amount window_;
};

// Passes n on n % 3 times, and one number of its own at its end.
struct Some final : Actor {
  Result<Step> visit(Visit& visit, Outbox& out) override {
    for (std::uint64_t i = 0; i < value(visit.chunk) % 3; ++i)
      out.emit(visit.chunk);
    return Step::done;
  }
  Result<Step> finish(Ending, Outbox& out) override {
    out.emit(number(out.pool(), kLast).chunk());
    return Step::done;
  }
};

struct Shape {
  std::uint64_t seed = 0;
  std::uint64_t numbers = 0;
  Amount window;
  bool ordered = false;
  bool threads = false;
  bool pulled = false;  // replicas pull the source; else cells of their own feed them
  std::size_t feeders = 1;
  std::size_t first = 1;
};

// Source cells, a pool of replicas that grows and shrinks, and a sink.
class Elastic {
 public:
  explicit Elastic(const Shape& shape) : shape_(shape), random_(shape.seed) {
    auto seeded = std::make_unique<SeededCrew>(shape.seed);
    seeded_ = seeded.get();
    crew_ = std::move(seeded);
    if (shape.threads) crew_ = caf_crew(3, Scheduling::stealing);
    auto generator = counting(shape.numbers);
    auto source =
        std::make_shared<callables::GeneratorSource<Number, decltype(generator)>>(generator);
    source_ = std::make_shared<PulledSource>(source, setup(0, "count"));
    sink_setup_.stages.push_back(
        std::make_unique<StageRun>(setup(2, "out"), std::make_unique<Gather>(out_)));
    if (!shape.pulled) feeders_.resize(shape.feeders);
    for (std::size_t i = 0; i < shape.first; ++i)
      replicas_.emplace(next_name_++, made());
    open();
  }

  // Runs to the end on this thread, and does something to the pool every few steps.
  bool run() {
    while (seeded_->step())
      change_some();
    return seeded_->all_gone() && !state_.failed();
  }

  // Changes the pool as often as it can, while threads run it, until it is too late or enough.
  bool run_on_threads() {
    while (late_ == 0 && next_name_ < 40 && !state_.failed())
      change_some();
    crew_.reset();
    return !state_.failed();
  }

  const std::vector<std::uint64_t>& out() const { return out_; }
  std::size_t ever() const { return next_name_; }
  std::size_t late() const { return late_; }

 private:
  struct Hosted {
    std::shared_ptr<Cell> cell;
    std::shared_ptr<Wakes> wakes = std::make_shared<Wakes>();
  };
  // A replica with the ends of its links that others hold.
  struct Replica {
    Hosted at;
    Cell::Setup setup;
    std::vector<std::unique_ptr<Sender>> above;  // by feeder
    std::unique_ptr<Receiver> below;
  };

  StageRun::Setup setup(std::size_t id, std::string name) {
    return {id, std::move(name), {0, 1 << 20}, 1 << 20, pool_, &state_};
  }
  LocalLink link(const Hosted& from, const Hosted& to) {
    auto made = local_link(
        shape_.window, [wakes = from.wakes] { wakes->anywhere(); },
        [wakes = to.wakes] { wakes->here(); });
    made.sender = std::make_unique<Counted>(std::move(made.sender), shape_.window);
    return made;
  }
  void host(Hosted& at, Cell::Setup setup) {
    setup.job = &state_;
    at.cell = std::make_shared<Cell>(std::move(setup));
    *at.wakes = crew_->host(at.cell, false);
  }

  Replica made() {
    Replica replica;
    Cell::Setup& cell = replica.setup;
    cell.keeps_order = shape_.ordered;
    cell.stages.push_back(std::make_unique<StageRun>(setup(1, "some"), std::make_unique<Some>()));
    if (shape_.pulled) cell.source = source_;
    std::vector<std::unique_ptr<Receiver>> receivers;
    for (Hosted& feeder : feeders_) {
      auto ends = link(feeder, replica.at);
      receivers.push_back(std::move(ends.receiver));
      replica.above.push_back(std::move(ends.sender));
    }
    if (!shape_.pulled) cell.intakes.emplace_back(0, 0, false, false, std::move(receivers));
    auto ends = link(replica.at, sink_);
    std::vector<std::unique_ptr<Sender>> senders;
    senders.push_back(std::move(ends.sender));
    cell.outflows.emplace_back(
        Outflow::Setup{Dispatch::Rule::forward, {}, false, pool_, shape_.window},
        std::move(senders));
    replica.below = std::move(ends.receiver);
    return replica;
  }

  // Lets the cells above and below have their ends of the first replicas.
  void open() {
    std::vector<std::unique_ptr<Receiver>> receivers;
    for (auto& [name, replica] : replicas_)
      receivers.push_back(std::move(replica.below));
    sink_setup_.intakes.emplace_back(0, 0, false, shape_.ordered, std::move(receivers));
    host(sink_, std::move(sink_setup_));
    for (std::size_t i = 0; i < feeders_.size(); ++i) {
      Cell::Setup cell;
      cell.source = source_;
      std::vector<std::unique_ptr<Sender>> senders;
      for (auto& [name, replica] : replicas_)
        senders.push_back(std::move(replica.above[i]));
      cell.outflows.emplace_back(
          Outflow::Setup{Dispatch::Rule::balance, {}, shape_.ordered, pool_, shape_.window},
          std::move(senders));
      host(feeders_[i], std::move(cell));
    }
    for (auto& [name, replica] : replicas_)
      host(replica.at, std::move(replica.setup));
    for (Hosted& feeder : feeders_)
      feeder.wakes->anywhere();
    for (auto& [name, replica] : replicas_)
      replica.at.wakes->anywhere();
  }

  void change_some() {
    auto what = random_() % 8;
    if (what == 0 && replicas_.size() < 6) grow();
    if (what == 1 && replicas_.size() > 1) shrink();
  }

  void grow() {
    Replica replica = made();
    Change receives = change::AttachReceiver{0, std::move(replica.below)};
    if (!sink_.cell->change(receives)) {
      ++late_;
      return;
    }
    host(replica.at, std::move(replica.setup));
    sink_.wakes->anywhere();
    replica.at.wakes->anywhere();
    for (std::size_t i = 0; i < feeders_.size(); ++i) {
      Change sends = change::AttachSender{0, next_name_, std::move(replica.above[i])};
      if (feeders_[i].cell->change(sends)) {
        feeders_[i].wakes->anywhere();
        continue;
      }
      Frame end;
      end.kind = Frame::Kind::end;
      ++late_;
      std::get<change::AttachSender>(sends).sender->send(std::span(&end, 1));
    }
    replicas_.emplace(next_name_++, std::move(replica));
  }

  void shrink() {
    auto which = std::next(replicas_.begin(), static_cast<long>(random_() % replicas_.size()));
    for (Hosted& feeder : feeders_) {
      Change retire = change::RetireSender{0, which->first};
      if (feeder.cell->change(retire)) feeder.wakes->anywhere();
    }
    if (shape_.pulled) {
      Change end = change::EndSource{};
      if (which->second.at.cell->change(end)) which->second.at.wakes->anywhere();
    }
    gone_.push_back(std::move(which->second));
    replicas_.erase(which);
  }

  Shape shape_;
  std::shared_ptr<Pool> pool_ = Pool::make();
  JobState state_{{{"a"}, {"b"}, {"c"}}, 1000};
  std::mt19937_64 random_;
  SeededCrew* seeded_ = nullptr;
  std::vector<std::uint64_t> out_;
  std::shared_ptr<PulledSource> source_;
  Cell::Setup sink_setup_;
  Hosted sink_;
  std::vector<Hosted> feeders_;
  std::map<std::size_t, Replica> replicas_;
  std::vector<Replica> gone_;
  std::size_t next_name_ = 0;
  std::size_t late_ = 0;
  std::unique_ptr<Crew> crew_;  // goes first
};

std::vector<std::uint64_t> expected(const Shape& shape, std::size_t replicas) {
  std::vector<std::uint64_t> out;
  for (std::uint64_t n = 0; n < shape.numbers; ++n)
    out.insert(out.end(), n % 3, n);
  out.insert(out.end(), replicas, kLast);
  return out;
}

Shape any_shape() {
  Shape shape;
  shape.seed = *rc::gen::arbitrary<std::uint64_t>();
  shape.numbers = *rc::gen::inRange<std::uint64_t>(0, 1500);
  shape.window = {1 << 20, *rc::gen::inRange<std::uint64_t>(1, 12)};
  shape.first = *rc::gen::inRange<std::size_t>(1, 5);
  return shape;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(elastic)

RC_BOOST_PROP(an_ordered_pool_that_grows_and_shrinks_keeps_the_order, ()) {
  Shape shape = any_shape();
  shape.ordered = true;
  shape.pulled = *rc::gen::arbitrary<bool>();
  Elastic pool(shape);
  RC_ASSERT(pool.run());
  RC_ASSERT(pool.out() == expected(shape, pool.ever()));
}

RC_BOOST_PROP(a_pool_that_grows_and_shrinks_loses_and_repeats_nothing, ()) {
  Shape shape = any_shape();
  shape.feeders = *rc::gen::inRange<std::size_t>(1, 4);
  shape.pulled = *rc::gen::arbitrary<bool>();
  Elastic pool(shape);
  RC_ASSERT(pool.run());
  auto got = pool.out();
  std::sort(got.begin(), got.end());
  RC_ASSERT(got == expected(shape, pool.ever()));
}

BOOST_AUTO_TEST_CASE(replicas_come_and_go_at_any_moment_on_threads) {
  std::size_t ever = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    Shape shape{seed, 3000, {1 << 20, 1 + seed % 9}};
    shape.threads = true;
    shape.ordered = seed % 3 != 0;
    shape.pulled = seed % 2 == 0;
    shape.feeders = shape.ordered ? 1 : 3;
    Elastic pool(shape);
    BOOST_TEST(pool.run_on_threads());
    auto got = pool.out();
    if (!shape.ordered) std::sort(got.begin(), got.end());
    BOOST_REQUIRE(got == expected(shape, pool.ever()));
    ever += pool.ever();
  }
  BOOST_TEST(ever > 100u, "the pools hardly grew");
}

BOOST_AUTO_TEST_CASE(pools_did_grow_and_were_too_late_at_times) {
  std::size_t ever = 0;
  std::size_t late = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    Elastic pool({seed, 1000, {1 << 20, 2}, true});
    BOOST_TEST(pool.run());
    ever += pool.ever();
    late += pool.late();
  }
  BOOST_TEST(ever > 1000u);
  BOOST_TEST(late > 0u);
}

BOOST_AUTO_TEST_SUITE_END()
