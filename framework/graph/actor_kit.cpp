#include <leat/graph/actor_kit.hpp>

#include <leat/actor/guard.hpp>
#include <leat/actor/recording_outbox.hpp>

#include <optional>

namespace leat::kit {
namespace {

constexpr std::size_t kMostSteps = 1'000'000;

// All that an actor said, to be compared with what another one said.
struct Said {
  std::vector<std::string> emitted;
  std::map<std::string, std::uint64_t> counts;
  std::vector<std::pair<std::string, std::string>> reports;

  friend bool operator==(const Said&, const Said&) = default;
  void add(const RecordingOutbox& out) {
    for (const Chunk& chunk : out.emitted) emitted.push_back(chunk.hash());
    for (const auto& [name, number] : out.counts) counts[name] += number;
    reports.insert(reports.end(), out.reports.begin(), out.reports.end());
  }
};

// An actor on its way through the trial's chunks, step by step.
class Life {
 public:
  Life(const Trial& trial, std::shared_ptr<Pool> pool, std::uint64_t budget)
      : trial_(trial), pool_(std::move(pool)), out_(*pool_, budget) {}

  Result<void> begin() {
    Making making;
    making.job = "kit";
    making.inputs = trial_.inputs;
    auto made = guarded([&] { return trial_.kind.actor(making); });
    if (!made) return std::move(made).error();
    actor_ = std::move(*made);
    return guarded([&] { return actor_->start(out_); });
  }
  bool ended() const { return at_ == trial_.chunks.size() && finished_; }
  /// One step; it may wait, where it is to be called later.
  Result<void> step(bool own_chunks) {
    if (at_ == trial_.chunks.size()) return finish();
    if (!hand_) hand_ = own_chunks ? trial_.chunks[at_].chunk.copy(*pool_) : trial_.chunks[at_].chunk;
    Visit visit{hand_, trial_.chunks[at_].port, position_, own_chunks};
    auto said = guarded([&] { return actor_->visit(visit, out_); });
    if (!said) return std::move(said).error();
    position_ = visit.position;
    if (*said == Step::done) {
      hand_ = Chunk();
      position_ = 0;
      ++at_;
    }
    return *said == Step::later ? out_.wait() : Result<void>();
  }
  /// Goes on where the other is, and takes up its state.
  Result<void> go_on(const Life& other, const Snapshot& state) {
    at_ = other.at_;
    position_ = other.position_;
    finished_ = other.finished_;
    return guarded([&] { return actor_->restore(state, out_); });
  }
  Result<void> to_the_end(bool own_chunks = false) {
    while (!ended()) {
      if (auto ok = step(own_chunks); !ok) return ok;
    }
    return {};
  }
  Actor& actor() { return *actor_; }
  Pool& pool() { return *pool_; }
  const RecordingOutbox& out() const { return out_; }
  std::uint64_t held() { return out_.budget().held(); }

 private:
  Result<void> finish() {
    auto said = guarded([&] { return actor_->finish(Ending::complete, out_); });
    if (!said) return std::move(said).error();
    finished_ = *said == Step::done;
    return *said == Step::later ? out_.wait() : Result<void>();
  }

  const Trial& trial_;
  std::shared_ptr<Pool> pool_;
  RecordingOutbox out_;
  std::unique_ptr<Actor> actor_;
  Chunk hand_;
  std::uint64_t position_ = 0;
  std::size_t at_ = 0;
  bool finished_ = false;
};

bool same(const Snapshot& a, const Snapshot& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i].group != b[i].group || a[i].chunk.hash() != b[i].chunk.hash()) return false;
  }
  return true;
}

class Trying {
 public:
  explicit Trying(const Trial& trial) : trial_(trial), pool_(Pool::make()) {}

  Result<void> run() {
    if (auto ok = describe(); !ok) return ok;
    if (trial_.kind.holds == Holds::unknown) return failed("does not say what it holds: set StageKind::holds");
    Life whole(trial_, pool_, budget_);
    if (auto ok = whole.begin(); !ok) return ok;
    if (auto ok = whole.to_the_end(); !ok) return ok;
    expected_.add(whole.out());
    Life own(trial_, pool_, budget_);
    if (auto ok = own.begin(); !ok) return ok;
    if (auto ok = own.to_the_end(true); !ok) return ok.error().in("with chunks of its own");
    Said said;
    said.add(own.out());
    if (said != expected_) return failed("says something else of chunks that it may change than of shared ones");
    for (std::size_t steps = 0; steps < kMostSteps; ++steps) {
      auto more = cut(steps);
      if (!more) return more.error().in("after " + std::to_string(steps) + " steps");
      if (!*more) return {};
    }
    return failed("does not come to an end within " + std::to_string(kMostSteps) + " steps");
  }

 private:
  Result<void> describe() {
    if (!trial_.kind.describe) {
      budget_ = 0;
      return {};
    }
    auto described = guarded([&] { return trial_.kind.describe(trial_.inputs); });
    if (!described) return std::move(described).error();
    budget_ = described->needs.state;
    return {};
  }

  // False once there are not so many steps.
  Result<bool> cut(std::size_t steps) {
    Life first(trial_, pool_, budget_);
    if (auto ok = first.begin(); !ok) return std::move(ok).error();
    for (std::size_t i = 0; i < steps; ++i) {
      if (first.ended()) return false;
      if (auto ok = first.step(false); !ok) return std::move(ok).error();
    }
    OutputName name{"kit", 0, steps, 0, false};
    if (!trial_.kind.output) {
      if (auto ok = guarded([&] { return first.actor().seal(name); }); !ok) return std::move(ok).error();
    }
    auto gone_on = other_goes_on(first);
    if (!trial_.kind.output) {
      if (auto ok = guarded([&] { return first.actor().abort(name); }); !ok) return std::move(ok).error();
    }
    return gone_on ? Result<bool>(true) : Result<bool>(std::move(gone_on).error());
  }

  Result<void> other_goes_on(Life& first) {
    auto state = guarded([&] { return first.actor().snapshot(first.pool()); });
    auto again = guarded([&] { return first.actor().snapshot(first.pool()); });
    if (!state) return std::move(state).error();
    if (!again || !same(*state, *again)) return failed("two snapshots of one state differ");
    if (trial_.kind.holds == Holds::nothing && !state->empty()) return failed("holds nothing, it says, and gives a state");
    if (auto ok = refuses_without_room(first, *state); !ok) return ok;
    Life other(trial_, pool_, budget_);
    if (auto ok = other.begin(); !ok) return ok;
    if (auto ok = other.go_on(first, *state); !ok) return ok.error().in("restored");
    Said together;
    together.add(first.out());
    if (auto ok = other.to_the_end(); !ok) return ok.error().in("restored");
    together.add(other.out());
    if (together != expected_) return failed("says something else once its state was taken down and up again");
    if (auto ok = first.to_the_end(); !ok) return ok.error().in("after a snapshot");
    Said went_on;
    went_on.add(first.out());
    return went_on == expected_ ? Result<void>() : failed("says something else after a snapshot of it was taken");
  }

  Result<void> refuses_without_room(Life& first, const Snapshot& state) {
    if (state.empty() || first.held() == 0) return {};
    Life poor(trial_, pool_, 0);
    auto taken = poor.begin();
    if (taken) taken = poor.go_on(first, state);
    return taken ? failed("takes up a state without charging its budget") : Result<void>();
  }

  const Trial& trial_;
  std::shared_ptr<Pool> pool_;
  std::uint64_t budget_ = 0;
  Said expected_;
};

}  // namespace

Result<void> try_actor(const Trial& trial) {
  auto tried = guarded([&] { return Trying(trial).run(); });
  if (!tried) return tried.error().in(trial.kind.name);
  return trial.kind.writes.empty() ? tried : try_sink(trial);
}

}  // namespace leat::kit
