// When a source that gives nothing is asked again.
#include <chrono>

#include <leat/runtime/pulled_source.hpp>

#include "runtime/numbers.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

using Clock = std::chrono::steady_clock;

// Gives nothing, of which it passes over `rows` at a time.
class Nothing final : public Source {
 public:
  explicit Nothing(std::uint64_t rows) : rows_(rows) {}
  Result<Description> probe() override { return Description{}; }
  Result<Step> pull(Outbox&) override {
    past_ += rows_;
    return Step::more;
  }
  Extent extent() const override { return {0, past_}; }

 private:
  std::uint64_t rows_;
  std::uint64_t past_ = 0;
};

// How long after each of four pulls it is to be asked again; none: at once.
std::vector<Clock::duration> rests_of(std::uint64_t rows) {
  JobState state({{"nothing"}}, 1);
  StageRun::Setup setup;
  setup.name = "nothing";
  setup.pool = Pool::make();
  setup.job = &state;
  PulledSource source(std::make_shared<Nothing>(rows), std::move(setup));
  CellActivity activity({0});
  std::vector<Clock::duration> rests;
  for (int pull = 0; pull < 4; ++pull) {
    std::vector<StageRun::Emitted> into;
    auto now = Clock::now();
    auto pulled = source.pull(into, state, [] {}, now, activity);
    BOOST_REQUIRE(pulled);
    BOOST_TEST(!pulled->ended);
    BOOST_TEST(pulled->moved == (rows > 0 && pull > 0));
    if (pulled->later != Clock::time_point::min()) rests.push_back(pulled->later - now);
  }
  return rests;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(pulled_source)

BOOST_AUTO_TEST_CASE(one_that_gives_nothing_rests_twice_as_long_each_time) {
  using std::chrono::milliseconds;
  BOOST_TEST((rests_of(0) == std::vector<Clock::duration>{milliseconds(1), milliseconds(2), milliseconds(4), milliseconds(8)}));
}

// Once it is known to move.
BOOST_AUTO_TEST_CASE(one_that_passes_over_what_it_does_not_give_is_asked_at_once) {
  BOOST_TEST((rests_of(1) == std::vector<Clock::duration>{std::chrono::milliseconds(1)}));
}

BOOST_AUTO_TEST_SUITE_END()
