/// In-memory ends of a graph: for embedding, and for tests.
///
///   leat::Collected<leat::Table> out;
///   g.source("in", leat::from_memory(tables)).map(...).sink("out", leat::collect(out));
///   leat::run(g);
///   out.take()  // the tables
#pragma once

#include <leat/graph/kind.hpp>

#include <algorithm>
#include <memory>
#include <mutex>
#include <vector>

namespace leat {

namespace memory {

/// "3 chunks, 0f...": how many, and a hash of their hashes.
std::string options_text(std::size_t chunks, const std::string& hashes);

class VectorSource final : public Source {
 public:
  /// `identity`: of the chunks, as options_text() gives it.
  VectorSource(std::shared_ptr<const std::vector<Chunk>> chunks, Description description, std::string identity)
      : chunks_(std::move(chunks)), description_(std::move(description)), identity_(std::move(identity)) {}
  Result<Description> probe() override { return description_; }
  Result<Step> pull(Outbox& out) override {
    if (at_ < chunks_->size()) out.emit((*chunks_)[at_++]);
    return at_ < chunks_->size() ? Step::more : Step::done;
  }
  Result<std::optional<SourcePosition>> position() const override {
    return std::optional<SourcePosition>({identity_, std::to_string(at_)});
  }
  Result<void> seek(const SourcePosition& to) override;

 private:
  std::shared_ptr<const std::vector<Chunk>> chunks_;
  Description description_;
  std::string identity_;
  std::size_t at_ = 0;
};

}  // namespace memory

/// A source of chunks that are already there. They are shared, not copied; their hash is among the kind's
/// options.
template <Payload P>
Kind<P> from_memory(std::vector<P> payloads) {
  auto chunks = std::make_shared<std::vector<Chunk>>();
  Description description;
  description.max_chunk = 1;
  std::string content;
  if constexpr (requires(P p) { p.fields(); }) description.fields_known = !payloads.empty();
  for (P& payload : payloads) {
    if constexpr (requires { payload.fields(); }) {
      if (description.fields.empty()) description.fields = payload.fields();
      description.rows += payload.rows();
    }
    chunks->push_back(std::move(payload).chunk());
    description.max_chunk = std::max<std::uint64_t>(description.max_chunk, chunks->back().footprint());
    content += chunks->back().hash();
  }
  auto kind = stage_kind<P>("memory.from", memory::options_text(chunks->size(), content));
  kind.source = [chunks, description, identity = kind.options] {
    return std::make_unique<memory::VectorSource>(chunks, description, identity);
  };
  return kind;
}

/// What a collecting sink gathered, in its own memory: it outlives the run. Threads: any.
template <Payload P>
class Collected {
 public:
  /// Everything so far, in order of arrival; leaves it empty.
  std::vector<P> take() {
    std::lock_guard lock(body_->mutex);
    return std::move(body_->payloads);
  }
  void add(const Chunk& chunk) {
    std::lock_guard lock(body_->mutex);
    body_->payloads.emplace_back(chunk.copy(*body_->pool));
  }

 private:
  struct Body {
    std::mutex mutex;
    std::shared_ptr<Pool> pool = Pool::make();
    std::vector<P> payloads;
  };
  std::shared_ptr<Body> body_ = std::make_shared<Body>();
};

/// A sink that copies every chunk into `out`: outside the memory bound, for results that are small.
template <Payload P>
Kind<void, P> collect(const Collected<P>& out) {
  struct Gather final : Actor {
    explicit Gather(Collected<P> to) : into(std::move(to)) {}
    Result<Step> visit(Visit& visit, Outbox&) override {
      into.add(visit.chunk);
      return Step::done;
    }
    Collected<P> into;
  };
  auto kind = stage_kind<void, P>("memory.collect", "");
  kind.visible_early = true;
  kind.holds = Holds::nothing;
  kind.actor = [out](const Making&) { return std::make_unique<Gather>(out); };
  return kind;
}

}  // namespace leat
