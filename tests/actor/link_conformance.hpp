/// What every link must pass, local and remote alike.
///
///   BOOST_AUTO_TEST_CASE(a_local_link_conforms) {
///   leat::testing::link_conforms(local_link_under_test); }
///
/// A factory takes the window and the two wakes and returns both ends. What a prompt link has been given
/// is there when the call returns; at others the suite waits for the wake that tells of it. Wake-ups that
/// are lost between two threads would hang: WakeBell ends the program then.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include <boost/test/unit_test.hpp>

#include <leat/actor/link.hpp>
#include <leat/schemas/chunk.capnp.h>

namespace leat::testing {

struct LinkEnds {
  std::unique_ptr<Sender> sender;
  std::unique_ptr<Receiver> receiver;
  bool prompt = true;
  std::shared_ptr<void> between = {};  ///< what must live as long as the ends
};

inline constexpr std::chrono::seconds kLongest{20};

using LinkFactory = std::function<LinkEnds(Amount window, Wake sender_wake, Wake receiver_wake)>;

/// Counts wakes, and lets a thread wait for the next.
class WakeBell {
 public:
  Wake wake() {
    return [this] {
      std::lock_guard lock(mutex_);
      ++rung_;
      changed_.notify_all();
    };
  }
  int rung() {
    std::lock_guard lock(mutex_);
    return rung_;
  }
  /// Waits until it has rung `times` in all, or until that has taken too long; how often it rang.
  int await(int times) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, kLongest, [&] { return rung_ >= times; });
    return rung_;
  }
  /// Waits until it rang since the last wait. Ends the program when that takes too long, on whatever thread: it would
  /// hang.
  void wait() {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, kLongest, [this] { return rung_ > heard_; })) {
      std::fprintf(stderr, "nobody rang for %lld s\n", static_cast<long long>(kLongest.count()));
      std::abort();
    }
    heard_ = rung_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int rung_ = 0;
  int heard_ = 0;
};

/// A link with its bells, and frames of one size.
struct LinkBench {
  explicit LinkBench(const LinkFactory& make, std::uint64_t chunks, std::uint64_t bytes = 1u << 30)
      : ends(make({bytes, chunks}, up.wake(), down.wake())) {}

  Frame data(std::uint64_t sequence) {
    Building<schema::Number> building(*pool);
    building.root().setValue(sequence);
    Frame frame;
    frame.chunk = std::move(building).finish();
    frame.sequence = sequence;
    return frame;
  }
  static Frame free(Frame::Kind kind) {
    Frame frame;
    frame.kind = kind;
    return frame;
  }
  bool send(Frame frame) { return ends.sender->send(std::span(&frame, 1)) == 1; }
  /// Fills the window; returns how many went in.
  std::uint64_t fill() {
    std::uint64_t sent = 0;
    while (send(data(sent)))
      ++sent;
    return sent;
  }
  /// What is there.
  std::vector<Frame> receive(std::size_t most = 1000) {
    std::vector<Frame> frames;
    std::size_t count = ends.receiver->receive(frames, most);
    BOOST_TEST(count == frames.size());
    return frames;
  }
  /// What must come: `count` frames, no more at a time than are still wanted.
  std::vector<Frame> await(std::size_t count) {
    if (ends.prompt) return receive(count);
    std::vector<Frame> frames;
    while (frames.size() < count) {
      int before = down.rung();
      if (ends.receiver->receive(frames, count - frames.size()) > 0) continue;
      if (down.await(before + 1) == before) break;
    }
    return frames;
  }
  /// How often a side has been woken, once it should have been `times`.
  int rung(WakeBell& side, int times) { return ends.prompt ? side.rung() : side.await(times); }
  /// What is outstanding, once it should be nothing.
  Amount left() {
    auto until = std::chrono::steady_clock::now() + kLongest;
    while (!ends.prompt && ends.sender->outstanding() != Amount{} && std::chrono::steady_clock::now() < until)
      std::this_thread::yield();
    return ends.sender->outstanding();
  }

  std::shared_ptr<Pool> pool = Pool::make();
  WakeBell up;
  WakeBell down;
  LinkEnds ends;
};

inline void link_is_first_in_first_out_without_gaps(const LinkFactory& make) {
  LinkBench link(make, 100);
  for (std::uint64_t i = 0; i < 50; ++i)
    BOOST_REQUIRE(link.send(link.data(i)));
  BOOST_REQUIRE(link.send(LinkBench::free(Frame::Kind::end)));
  std::vector<Frame> got = link.await(20);
  BOOST_TEST(got.size() == 20u);
  for (Frame& frame : link.await(31))
    got.push_back(std::move(frame));
  BOOST_TEST(link.receive().empty());
  BOOST_REQUIRE(got.size() == 51u);
  for (std::uint64_t i = 0; i < 50; ++i) {
    BOOST_TEST(got[i].sequence == i);
    BOOST_TEST(got[i].chunk.root<schema::Number>().getValue() == i);
  }
  BOOST_TEST((got[50].kind == Frame::Kind::end));
}

inline void link_refuses_what_has_no_credit(const LinkFactory& make) {
  LinkBench by_chunks(make, 7);
  BOOST_TEST(by_chunks.fill() == 7u);
  std::uint64_t size = by_chunks.data(0).chunk.footprint();
  LinkBench by_bytes(make, 1000, 5 * size + size / 2);
  BOOST_TEST(by_bytes.fill() == 5u);
  BOOST_TEST((by_bytes.ends.sender->outstanding() == Amount{5 * size, 5}));
  std::vector<Frame> three;
  LinkBench some(make, 2);
  for (std::uint64_t i = 0; i < 3; ++i)
    three.push_back(some.data(i));
  BOOST_TEST(some.ends.sender->send(three) == 2u);
  BOOST_TEST(static_cast<bool>(three[2].chunk), "a frame that was refused was taken");
}

inline void link_charges_done_one_chunk_and_end_and_barrier_nothing(const LinkFactory& make) {
  LinkBench link(make, 2);
  BOOST_TEST(link.send(LinkBench::free(Frame::Kind::done)));
  BOOST_TEST(link.send(link.data(0)));
  BOOST_TEST(!link.send(LinkBench::free(Frame::Kind::done)));
  BOOST_TEST(link.send(LinkBench::free(Frame::Kind::barrier)));
  BOOST_TEST(link.send(LinkBench::free(Frame::Kind::end)));
  BOOST_TEST(link.await(4).size() == 4u);
}

inline void link_wakes_a_refused_sender_once_credit_comes(const LinkFactory& make) {
  LinkBench link(make, 8);
  link.fill();
  BOOST_TEST(link.up.rung() == 0);
  std::vector<Frame> got = link.await(2);
  BOOST_REQUIRE(got.size() == 2u);
  BOOST_TEST(link.up.rung() == 0, "what is received is not consumed yet");
  link.ends.receiver->consumed(got[0].cost() + got[1].cost(), false);
  BOOST_TEST(link.rung(link.up, 1) == 1);
  BOOST_TEST(link.send(link.data(8)));
  BOOST_TEST(link.send(link.data(9)));
  BOOST_TEST(!link.send(link.data(10)));
}

inline void link_returns_credit_at_a_quarter_or_when_idle(const LinkFactory& make) {
  LinkBench link(make, 8);
  link.fill();
  std::vector<Frame> got = link.await(3);
  BOOST_REQUIRE(got.size() == 3u);
  link.ends.receiver->consumed(got[0].cost(), false);
  BOOST_TEST(!link.send(link.data(8)), "an eighth came back at once");
  link.ends.receiver->consumed(got[1].cost(), false);
  BOOST_TEST(link.rung(link.up, 1) == 1);
  BOOST_TEST(link.send(link.data(8)));
  BOOST_TEST(link.send(link.data(9)));
  BOOST_TEST(!link.send(link.data(10)));
  link.ends.receiver->consumed(got[2].cost(), true);
  BOOST_TEST(link.rung(link.up, 2) == 2);
  BOOST_TEST(link.send(link.data(10)));
  BOOST_TEST(!link.send(link.data(11)));
}

inline void link_wakes_a_receiver_that_found_nothing(const LinkFactory& make) {
  LinkBench link(make, 8);
  BOOST_TEST(link.receive().empty());
  int before = link.down.rung();
  BOOST_REQUIRE(link.send(link.data(0)));
  BOOST_TEST(link.rung(link.down, before + 1) == before + 1);
  BOOST_TEST(link.receive().size() == 1u);
  BOOST_TEST(link.receive().empty());
  BOOST_REQUIRE(link.send(LinkBench::free(Frame::Kind::end)));
  BOOST_TEST(link.rung(link.down, before + 2) == before + 2);
}

inline void link_wakes_a_receiver_that_never_asked(const LinkFactory& make) {
  LinkBench link(make, 8);
  BOOST_REQUIRE(link.send(link.data(0)));
  BOOST_TEST(link.rung(link.down, 1) == 1);
}

inline void link_ends_may_go_in_any_order(const LinkFactory& make) {
  LinkBench lower_first(make, 8);
  lower_first.fill();
  lower_first.ends.receiver.reset();
  BOOST_TEST(!lower_first.send(lower_first.data(9)));
  LinkBench upper_first(make, 8);
  upper_first.fill();
  upper_first.ends.sender.reset();
  std::vector<Frame> got = upper_first.await(8);
  BOOST_REQUIRE(got.size() == 8u);
  upper_first.ends.receiver->consumed(got[0].cost(), true);
}

// Each side sleeps until it is woken: a wake-up that is lost hangs here.
inline void link_survives_two_threads(const LinkFactory& make, std::uint64_t window) {
  constexpr std::uint64_t kFrames = 20'000;
  LinkBench link(make, window);
  std::thread upper([&] {
    for (std::uint64_t i = 0; i < kFrames; ++i) {
      Frame frame = link.data(i);
      while (link.ends.sender->send(std::span(&frame, 1)) == 0)
        link.up.wait();
    }
    link.send(LinkBench::free(Frame::Kind::end));
  });
  std::uint64_t next = 0;
  std::uint64_t astray = 0;
  for (bool open = true; open;) {
    std::vector<Frame> got = link.receive(1 + next % 5);
    if (got.empty()) {
      link.ends.receiver->consumed({}, true);
      link.down.wait();
    }
    for (Frame& frame : got) {
      open = frame.kind != Frame::Kind::end;
      if (open) astray += frame.chunk.root<schema::Number>().getValue() != next++;
      link.ends.receiver->consumed(frame.cost(), false);
    }
  }
  upper.join();
  BOOST_TEST(next == kFrames);
  BOOST_TEST(astray == 0u);
  link.ends.receiver->consumed({}, true);
  BOOST_TEST((link.left() == Amount{}));
}

inline void link_conforms(const LinkFactory& make) {
  link_is_first_in_first_out_without_gaps(make);
  link_refuses_what_has_no_credit(make);
  link_charges_done_one_chunk_and_end_and_barrier_nothing(make);
  link_wakes_a_refused_sender_once_credit_comes(make);
  link_returns_credit_at_a_quarter_or_when_idle(make);
  link_wakes_a_receiver_that_found_nothing(make);
  link_wakes_a_receiver_that_never_asked(make);
  link_ends_may_go_in_any_order(make);
  for (std::uint64_t window : {1, 2, 7, 1000})
    link_survives_two_threads(make, window);
}

}  // namespace leat::testing
