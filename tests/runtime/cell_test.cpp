// What a cell does when it is changed at the worst moment: between its last look and its last
// frame.
#include <functional>

#include <leat/runtime/cell.hpp>
#include <leat/runtime/local_link.hpp>

#include "runtime/numbers.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

// Gives its frames at once, and does something just before.
class Scripted final : public Receiver {
 public:
  Scripted(std::vector<Frame> frames, std::function<void()> before)
      : frames_(std::move(frames)), before_(std::move(before)) {}
  std::size_t receive(std::vector<Frame>& into, std::size_t) override {
    if (auto before = std::exchange(before_, nullptr)) before();
    std::size_t count = frames_.size();
    for (Frame& frame : frames_)
      into.push_back(std::move(frame));
    frames_.clear();
    return count;
  }
  void consumed(Amount, bool) override {}

 private:
  std::vector<Frame> frames_;
  std::function<void()> before_;
};

// Has no credit when it is asked first, and would have it at once.
class Late final : public Sender {
 public:
  explicit Late(std::size_t& sent) : sent_(sent) {}
  std::size_t send(std::span<Frame> frames) override {
    if (!std::exchange(asked_, true)) return 0;
    sent_ += frames.size();
    return frames.size();
  }
  Amount outstanding() const override { return {}; }

 private:
  std::size_t& sent_;
  bool asked_ = false;
};

struct Bench {
  std::shared_ptr<Pool> pool = Pool::make();
  JobState state{{{"out"}}, 1};
  std::vector<std::uint64_t> out;

  Frame data(std::uint64_t what, std::uint64_t sequence, bool closes) {
    Frame frame;
    frame.sequence = sequence;
    frame.closes = closes;
    frame.chunk = number(*pool, what).chunk();
    return frame;
  }
  static Frame end() {
    Frame frame;
    frame.kind = Frame::Kind::end;
    return frame;
  }
  std::shared_ptr<Cell> cell(std::unique_ptr<Receiver> receiver, bool merges, std::unique_ptr<Sender> sender = nullptr) {
    Cell::Setup setup;
    if (sender) {
      std::vector<std::unique_ptr<Sender>> senders;
      senders.push_back(std::move(sender));
      setup.outflows.emplace_back(Outflow::Setup{Dispatch::Rule::balance, {}, false, pool, {1 << 20, 10}}, std::move(senders));
    }
    setup.job = &state;
    setup.stages.push_back(std::make_unique<StageRun>(
        StageRun::Setup{0, "out", {0, 0}, 0, pool, &state}, std::make_unique<Gather>(out)));
    std::vector<std::unique_ptr<Receiver>> receivers;
    receivers.push_back(std::move(receiver));
    setup.intakes.emplace_back(0, 0, false, merges, std::move(receivers));
    return std::make_shared<Cell>(std::move(setup));
  }
};

// Makes two chunks of `bytes` of whatever comes.
struct Swell final : Actor {
  explicit Swell(std::size_t to) : bytes(to) {}
  Result<Step> visit(Visit&, Outbox& out) override {
    for (int i = 0; i < 2; ++i) {
      Building<schema::Number> building(out.pool(), bytes);
      building.root().setValue(1);
      out.emit(std::move(building).finish());
    }
    return Step::done;
  }
  std::size_t bytes;
};

std::vector<Frame> frames(Frame first, Frame second) {
  std::vector<Frame> both;
  both.push_back(std::move(first));
  both.push_back(std::move(second));
  return both;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cell)

BOOST_AUTO_TEST_CASE(a_channel_attached_while_the_last_one_ends_is_not_missed) {
  for (bool merges : {false, true}) {
    Bench bench;
    std::shared_ptr<Cell> cell;
    auto attach = [&] {
      Change more = change::AttachReceiver{
          0, std::make_unique<Scripted>(frames(bench.data(5, 0, true), Bench::end()), nullptr)};
      BOOST_TEST(cell->change(more));
    };
    auto last = bench.data(9, merges ? OrderedMerge::kAfterAll : 0, false);
    cell = bench.cell(std::make_unique<Scripted>(frames(std::move(last), Bench::end()), attach),
                      merges);
    for (int i = 0; i < 3 && cell->step() != Steppable::Next::quit; ++i) {
    }
    BOOST_TEST(bench.state.finished_within(0));
    // In order, what is left over comes after all numbers, those of the new channel too.
    std::vector<std::uint64_t> expected =
        merges ? std::vector<std::uint64_t>{5, 9} : std::vector<std::uint64_t>{9, 5};
    BOOST_TEST(bench.out == expected, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(a_cell_that_has_seen_all_its_input_refuses_changes_and_leaves_them_alone) {
  Bench bench;
  auto cell = bench.cell(
      std::make_unique<Scripted>(frames(bench.data(1, 0, false), Bench::end()), nullptr), false);
  BOOST_TEST((cell->step() == Steppable::Next::quit));
  Change late =
      change::AttachReceiver{0, std::make_unique<Scripted>(std::vector<Frame>(), nullptr)};
  BOOST_TEST(!cell->change(late));
  BOOST_TEST(!!std::get<change::AttachReceiver>(late).receiver);
  Change end = change::EndSource{};
  BOOST_TEST(!cell->change(end));
}

// Who gave credit when it was asked again would wake nobody.
BOOST_AUTO_TEST_CASE(a_cell_that_sleeps_for_credit_has_something_to_send) {
  Bench bench;
  std::size_t sent = 0;
  auto end = [] {
    std::vector<Frame> one;
    one.push_back(Bench::end());
    return one;
  };
  auto cell = bench.cell(std::make_unique<Scripted>(end(), nullptr), false, std::make_unique<Late>(sent));
  BOOST_TEST((cell->step() == Steppable::Next::sleep));
  BOOST_TEST(sent == 0u);
  BOOST_TEST((cell->step() == Steppable::Next::quit));
  BOOST_TEST(sent == 1u);
}

BOOST_AUTO_TEST_CASE(the_last_channel_of_an_outflow_is_not_retired) {
  Bench bench;
  auto link = local_link(
      {1 << 20, 10}, [] {}, [] {});
  std::vector<std::unique_ptr<Sender>> senders;
  senders.push_back(std::move(link.sender));
  Outflow outflow({Dispatch::Rule::balance, {}, false, bench.pool, {1 << 20, 10}},
                  std::move(senders));
  outflow.retire(0);
  BOOST_REQUIRE(outflow.stage(bench.data(7, 0, false).chunk, 0));
  BOOST_TEST(outflow.flush());
  outflow.stage_end(Ending::complete);
  BOOST_TEST(outflow.flush());
  std::vector<Frame> got;
  BOOST_TEST(link.receiver->receive(got, 10) == 2u);
  BOOST_TEST((got[1].kind == Frame::Kind::end));
}

// What it owes may be what the cell above needs, to send a chunk as large as the window: and what that one
// waits for may be what the cell below waits for.
BOOST_AUTO_TEST_CASE(a_cell_that_waits_for_credit_returns_all_that_it_owes) {
  Bench bench;
  constexpr std::size_t kLarge = 100'000;
  Building<schema::Number> building(*bench.pool, kLarge);
  Frame large;
  large.chunk = std::move(building).finish();
  std::uint64_t window = large.chunk.footprint();
  auto above = local_link(
      {window, 100}, [] {}, [] {});
  auto below = local_link(
      {window, 1}, [] {}, [] {});
  std::vector<std::unique_ptr<Receiver>> receivers;
  receivers.push_back(std::move(above.receiver));
  std::vector<std::unique_ptr<Sender>> senders;
  senders.push_back(std::move(below.sender));
  Cell::Setup setup;
  setup.job = &bench.state;
  setup.stages.push_back(std::make_unique<StageRun>(
      StageRun::Setup{0, "swell", {0, 3 * window}, window, bench.pool, &bench.state},
      std::make_unique<Swell>(kLarge)));
  setup.intakes.emplace_back(0, 0, false, false, std::move(receivers));
  setup.outflows.emplace_back(
      Outflow::Setup{Dispatch::Rule::forward, {}, false, bench.pool, {window, 1}},
      std::move(senders));
  Cell cell(std::move(setup));

  Frame small = bench.data(1, 0, false);
  BOOST_TEST(above.sender->send(std::span(&small, 1)) == 1u);
  BOOST_TEST((cell.step() == Steppable::Next::sleep));
  BOOST_REQUIRE(!bench.state.failed());
  std::vector<Frame> got;
  BOOST_TEST(below.receiver->receive(got, 10) == 1u, "one of two: there is no credit for the other");
  BOOST_TEST(above.sender->send(std::span(&large, 1)) == 1u, "the small one's credit is not back");
}

BOOST_AUTO_TEST_SUITE_END()
