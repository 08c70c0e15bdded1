// The actor kit's trial of sources.
#include <leat/graph/actor_kit.hpp>

#include <leat/actor/guard.hpp>
#include <leat/actor/recording_outbox.hpp>

namespace leat::kit {
namespace {

constexpr std::size_t kMostPulls = 1'000'000;

// A source and what it gave.
class Pulling {
 public:
  explicit Pulling(Pool& pool) : out_(pool) {}

  Result<void> begin(const StageKind& kind) {
    source_ = kind.source();
    if (!source_) return failed("makes no source: return one");
    auto probed = source_->probe();
    return probed ? Result<void>() : Result<void>(std::move(probed).error());
  }
  Result<void> pull() {
    auto said = source_->pull(out_);
    if (!said) return std::move(said).error();
    ended_ = *said == Step::done;
    return *said == Step::later ? out_.wait() : Result<void>();
  }
  Result<void> to_the_end() {
    for (std::size_t i = 0; !ended_; ++i) {
      if (i == kMostPulls) return failed("does not come to an end within " + std::to_string(kMostPulls) + " pulls");
      if (auto ok = pull(); !ok) return ok;
    }
    return {};
  }
  bool ended() const { return ended_; }
  Source& source() { return *source_; }
  std::vector<std::string> given() const {
    std::vector<std::string> hashes;
    for (const Chunk& chunk : out_.emitted) hashes.push_back(chunk.hash());
    return hashes;
  }

 private:
  RecordingOutbox out_;
  std::unique_ptr<Source> source_;
  bool ended_ = false;
};

Result<bool> returns(const StageKind& kind, Pool& pool, std::size_t pulls, const std::vector<std::string>& expected) {
  Pulling first(pool);
  if (auto ok = first.begin(kind); !ok) return std::move(ok).error();
  for (std::size_t i = 0; i < pulls && !first.ended(); ++i) {
    if (auto ok = first.pull(); !ok) return std::move(ok).error();
  }
  auto position = first.source().position();
  if (!position) return std::move(position).error();
  if (!*position) return false;
  Pulling other(pool);
  if (auto ok = other.begin(kind); !ok) return std::move(ok).error();
  if (auto ok = other.source().seek(**position); !ok) return std::move(ok).error();
  auto there = other.source().position();
  if (!there || *there != *position) return failed("is elsewhere than where it was told to go");
  auto together = first.given();
  bool more = !first.ended();
  if (more) {
    if (auto ok = other.to_the_end(); !ok) return std::move(ok).error();
  }
  auto rest = other.given();
  together.insert(together.end(), rest.begin(), rest.end());
  if (together != expected) return failed("gives something else once it has returned to a position");
  if (auto ok = first.to_the_end(); !ok) return std::move(ok).error();
  if (first.given() != expected) return failed("gives something else once its position was asked for");
  return more;
}

Result<void> tried(const StageKind& kind) {
  auto pool = Pool::make();
  Pulling whole(*pool);
  if (auto ok = whole.begin(kind); !ok) return ok;
  if (auto ok = whole.to_the_end(); !ok) return ok;
  for (std::size_t pulls = 0;; ++pulls) {
    auto more = returns(kind, *pool, pulls, whole.given());
    if (!more) return more.error().in("after " + std::to_string(pulls) + " pulls");
    if (!*more) return {};
  }
}

}  // namespace

Result<void> try_source(const StageKind& kind) {
  auto went = guarded([&] { return tried(kind); });
  return went ? went : went.error().in(kind.name);
}

}  // namespace leat::kit
