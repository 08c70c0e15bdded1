// A thread that carries a chunk down keeps no other from what is left to do above.
#include <chrono>
#include <condition_variable>
#include <mutex>

#include "runtime/numbers.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

// So large that each is handed on by itself.
Number large(Pool& pool, std::uint64_t value) {
  Building<schema::Number> building(pool, std::size_t{128} << 10);
  building.root().setValue(value);
  return Number(std::move(building).finish());
}

// What has happened, and waiting for it; false when it has not within ten seconds.
class Events {
 public:
  void happens(const std::string& what) {
    std::lock_guard lock(mutex_);
    happened_.insert(what);
    changed_.notify_all();
  }
  bool await(const std::string& what) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(10), [&] { return happened_.count(what) > 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::set<std::string> happened_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(carriers)

BOOST_AUTO_TEST_CASE(whoever_is_through_first_goes_on_with_the_source) {
  auto events = std::make_shared<Events>();
  auto in_time = std::make_shared<std::atomic<bool>>(true);
  auto await = [events, in_time](const std::string& what) {
    if (!events->await(what)) *in_time = false;
  };
  Graph g{"g"};
  g.source("read",
           [events, n = std::uint64_t{0}](Out<Number>& out) mutable -> bool {
             out.emit(large(out.pool(), ++n));
             events->happens("pull " + std::to_string(n));
             return n < 3;
           })
      .isolated()
      // The thread that has chunk 2 is busy here until the source was pulled once more.
      .map("second",
           [=](Number n) {
             events->happens("second " + std::to_string(n.read().getValue()));
             if (n.read().getValue() == 2) await("pull 3");
             return n;
           })
      .isolated()
      // The thread that has chunk 1 is free as soon as the other one is there.
      .sink("third", [=](const Number& n) {
        if (n.read().getValue() == 1) await("second 2");
      });
  BOOST_TEST(failure(g) == "");
  BOOST_TEST(*in_time, "a thread had nothing to do and did not go on with the source");
}

BOOST_AUTO_TEST_SUITE_END()
