#include <leat/actor/recording_outbox.hpp>

namespace leat {

Result<void> RecordingOutbox::wait(std::chrono::milliseconds most) {
  if (!has_waker_ && call_at_ == Clock::time_point::max()) return answers_later();
  auto until = std::exchange(call_at_, Clock::time_point::max());
  auto limit = Clock::now() + most;
  if (woken_->try_acquire_until(std::min(until, limit)) || until <= limit) return {};
  return failed("it answers later, and nothing has woken it for " + std::to_string(most.count()) + " ms");
}

namespace {

// Calls `step` until it says that it is done.
template <class Call>
Result<void> to_the_end(Outbox& out, Call step) {
  while (true) {
    Result<Step> said = step();
    if (!said) return said.error();
    if (*said == Step::done) return {};
    if (*said == Step::more) continue;
    auto* recording = dynamic_cast<RecordingOutbox*>(&out);
    if (!recording) return invalid("it answers later: use a RecordingOutbox, which waits");
    if (auto waited = recording->wait(); !waited) return waited;
  }
}

}  // namespace

Result<void> feed_one(Actor& actor, const Chunk& chunk, Outbox& out, std::size_t port) {
  Chunk held = chunk;
  Visit visit{held, port};
  return to_the_end(out, [&] { return actor.visit(visit, out); });
}

Result<void> finish(Actor& actor, Outbox& out, Ending ending) {
  return to_the_end(out, [&] { return actor.finish(ending, out); });
}

Result<void> feed(Actor& actor, const std::vector<Chunk>& chunks, Outbox& out, Ending ending) {
  if (auto started = actor.start(out); !started) return started;
  for (const Chunk& chunk : chunks) {
    if (auto fed = feed_one(actor, chunk, out); !fed) return fed;
  }
  return finish(actor, out, ending);
}

Result<void> drain(Source& source, Outbox& out) {
  return to_the_end(out, [&] { return source.pull(out); });
}

}  // namespace leat
