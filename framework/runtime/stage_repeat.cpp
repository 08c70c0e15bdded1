// How a step that has thrown is repeated: the first supervisor, in place.
#include <leat/runtime/stage_run.hpp>

#include <leat/actor/guard.hpp>
#include <leat/chunk/table.hpp>
#include <leat/runtime/repeats.hpp>

#include <random>

namespace leat {
namespace {

// Takes what a step emits that is done again for the sake of one chunk; all else has been said before.
class Again final : public Outbox {
 public:
  explicit Again(Outbox& to) : to_(to) {}
  void emit(Chunk chunk) override { emitted.push_back(std::move(chunk)); }
  Pool& pool() override { return to_.pool(); }
  StateBudget& budget() override { return to_.budget(); }
  void count(std::string_view, std::uint64_t) override {}
  void report(std::string_view, std::string) override {}
  Wake waker() override { return to_.waker(); }
  void call_at(std::chrono::steady_clock::time_point when) override { to_.call_at(when); }

  std::vector<Chunk> emitted;

 private:
  Outbox& to_;
};

std::uint64_t random_number() {
  thread_local std::minstd_rand random(std::random_device{}());
  return random();
}

}  // namespace

// A peer may name a source that there is not.
Trace StageRun::trace_of(const Item& item) const {
  bool known = traces && item.input < traces->size() && (*traces)[item.input].source < setup_.job->stages();
  return known ? (*traces)[item.input] : Trace{};
}

// " (chunk 17 of read, rows 1200 to 1299)"
std::string StageRun::in_hand(const Item& item) const {
  std::string text;
  Trace trace = trace_of(item);
  if (trace.source != Trace::kNoSource) {
    text = "chunk " + std::to_string(trace.number) + " of " + setup_.job->stage_name(trace.source);
  }
  bool table = item.chunk && item.port < setup_.inputs.size() && setup_.inputs[item.port] == Table::payload_type();
  if (table && Table(item.chunk).rows() > 0) {
    Table rows(item.chunk);
    text += (text.empty() ? "rows " : ", rows ") + std::to_string(rows.row_number(0)) + " to " +
            std::to_string(rows.row_number(rows.rows() - 1));
  }
  return text.empty() ? text : " (" + text + ")";
}

void StageRun::failed_step(Result<Step>& said, const Item& item) {
  if (!said.error().thrown) return;
  said = setup_.remake ? repeat(said.error(), true) : said.error().and_then(in_hand(item));
}

// Makes the actor anew, and what it had in hand; then the step waits for its time. What fails meanwhile counts
// as another failure of the step.
Result<Step> StageRun::repeat(Error why, bool of_visit) {
  while (true) {
    last_error_ = std::move(why);
    if (++repeated_ > kRepeats) return give_up(*std::exchange(last_error_, std::nullopt), of_visit);
    auto again = make_anew();
    if (again && of_visit) again = input_again();
    if (again) break;
    why = again.error();
  }
  rests_ = true;
  plain_ = false;
  later_.call_at(Clock::now() + repeat_delay(repeated_, random_number()));
  return Step::later;
}

Result<void> StageRun::make_anew() {
  counters_.restarts.add(1);
  [[maybe_unused]] auto lost = let_go();
  auto made = setup_.remake();
  if (!made) return std::move(made).error();
  actor_ = std::move(*made);
  std::size_t before = emitted_so_far();
  auto started = guarded([&] { return actor_->start(*this); });
  take_back(before);
  return started;
}

Result<void> StageRun::input_again() {
  Item& item = inbox.front();
  item.position = item.before;
  if (item.chunk) return {};
  auto made = above_->make_again(inbox.head());
  if (!made) return std::move(made).error();
  item.chunk = std::move(*made);
  return {};
}

// What it emitted at `emitted` in the inbox below was handed over: the same step on the same chunk makes it again.
Result<Chunk> StageRun::make_again(std::size_t emitted) {
  std::size_t at = inbox.maker_of(emitted);
  const Item& item = inbox.at(at);
  Chunk chunk = item.chunk;
  if (!chunk) {
    auto made = above_->make_again(at);
    if (!made) return made;
    chunk = std::move(*made);
  }
  Visit visit{chunk, item.port, item.before, false};
  Again out(*this);
  auto said = guarded([&] { return actor_->visit(visit, out); });
  std::size_t which = emitted - item.emitted;
  if (said && which < out.emitted.size()) return std::move(out.emitted[which]);
  return failed("what stage " + setup_.name + " had made for it could not be made again" +
                (said ? ": it emits something else for the same chunk, so it is not without state"
                      : ": " + said.error().sentence));
}

Result<void> StageRun::went_well() {
  repeated_ = 0;
  counters_.repeated.add(1);
  Error last = *std::exchange(last_error_, std::nullopt);
  if (setup_.job->repeated(setup_.id)) return {};
  return failed("is broken: " + std::to_string(Repeats::kMost) + " of its last " +
                std::to_string(Repeats::kWindow) + " visits, or more, had to be repeated; the last one: " +
                last.sentence + ": mend the stage");
}

// The chunk is put aside, where the stage may; else the job fails.
Result<Step> StageRun::give_up(Error why, bool of_visit) {
  repeated_ = 0;
  std::string times = "; repeated " + std::to_string(kRepeats) + " times";
  if (!of_visit) return why.and_then(times);
  Item& item = inbox.front();
  item.position = item.before;
  if (!item.chunk) {
    if (auto made = above_->make_again(inbox.head())) item.chunk = std::move(*made);
  }
  why = why.and_then(in_hand(item)).and_then(times);
  if (!setup_.job->spends_letter(setup_.id)) {
    std::uint64_t most = setup_.job->letters_of(setup_.id);
    return most == 0 ? why : why.and_then("; the " + std::to_string(most) + " chunks that it may put aside are used up");
  }
  Trace trace = trace_of(item);
  DeadLetter letter{setup_.name,
                    setup_.replica,
                    item.port,
                    item.before,
                    trace.source == Trace::kNoSource ? "" : setup_.job->stage_name(trace.source),
                    trace.number,
                    why.sentence,
                    item.port < setup_.inputs.size() ? setup_.inputs[item.port] : PayloadType{},
                    item.chunk};
  if (auto kept = setup_.job->dead_letter(letter); !kept) return std::move(kept).error().in("its dead letter");
  counters_.dead_letters.add(1);
  if (auto made = make_anew(); !made) return std::move(made).error();
  inbox.pop();
  ++batch_visits_;
  return Step::done;
}

}  // namespace leat
