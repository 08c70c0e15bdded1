#include <leat/actor/recording_outbox.hpp>

namespace leat {

Result<void> feed_one(Actor& actor, const Chunk& chunk, Outbox& out, std::size_t port) {
  Chunk held = chunk;
  Visit visit{held, port};
  while (true) {
    auto step = actor.visit(visit, out);
    if (!step) return step.error();
    if (*step == Step::done) return {};
  }
}

Result<void> finish(Actor& actor, Outbox& out, Ending ending) {
  while (true) {
    auto step = actor.finish(ending, out);
    if (!step) return step.error();
    if (*step == Step::done) return {};
  }
}

Result<void> feed(Actor& actor, const std::vector<Chunk>& chunks, Outbox& out, Ending ending) {
  if (auto started = actor.start(out); !started) return started;
  for (const Chunk& chunk : chunks) {
    if (auto fed = feed_one(actor, chunk, out); !fed) return fed;
  }
  return finish(actor, out, ending);
}

Result<void> drain(Source& source, Outbox& out) {
  while (true) {
    auto step = source.pull(out);
    if (!step) return step.error();
    if (*step == Step::done) return {};
  }
}

}  // namespace leat
