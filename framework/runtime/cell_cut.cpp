// How a cell takes a cut through the job: between chunks, when all that feeds it has brought it or ended.
#include <leat/runtime/cell.hpp>

#include <algorithm>

namespace leat {

// Something that is to be done about a cut before anything else is taken in; nothing: there is none.
std::optional<Cell::Did> Cell::pass_cut() {
  if (barriers_staged_) {
    settle(true);
    if (!flush()) return waits_for_credit();
    barriers_staged_ = false;
  }
  std::uint64_t ordered = setup_.cuts->ordered();
  if (ordered == cut_) return std::nullopt;
  if (pulls() && pulled_.empty()) {
    if (auto cut = cut_source(ordered); !cut) return fail(&setup_.source->stage(), std::move(cut).error());
    source_passed_ = true;
  }
  if (!at_cut()) return std::nullopt;
  // A channel that was given before the order is among those that bring it.
  if (changes_wait_.load(std::memory_order_acquire)) return Did::progress;
  return take_cut();
}

Result<void> Cell::cut_source(std::uint64_t n) {
  auto cut = setup_.source->cut(n, *setup_.job);
  if (!cut) return std::move(cut).error();
  if (*cut) setup_.cuts->add(std::move(**cut));
  return {};
}

bool Cell::at_cut() const {
  if (pulls()) return false;
  bool any = source_passed_;
  for (const Intake& intake : setup_.intakes) {
    if (!intake.rests()) return false;
    any = any || intake.at_barrier();
  }
  return any;
}

// Behind a gate, too, where its sources have passed it at once.
bool Cell::take_barriers() {
  bool any = false;
  for (Intake& intake : setup_.intakes) any = intake.take_barriers() || any;
  return any;
}

// What is read whole first has come to the cut: what else there is has nothing before it, as its sources wait for the end
// of what is read first.
bool Cell::build_at_cut() const {
  return std::all_of(setup_.intakes.begin(), setup_.intakes.end(), [](const Intake& intake) {
    return !intake.whole_first() || intake.ended() || (intake.rests() && intake.at_barrier());
  });
}

Cell::Did Cell::take_cut() {
  std::uint64_t n = setup_.cuts->ordered();
  CellCut cut;
  auto sealed = seal_stages(n, cut);
  // What is sealed and not kept would be lost, or come twice.
  for (std::size_t i = finishing_; sealed && i < setup_.stages.size(); ++i) {
    auto state = setup_.stages[i]->cut();
    if (!state) return fail(setup_.stages[i].get(), std::move(state).error());
    cut.stages[i - finishing_] = std::move(*state);
  }
  cut_links(cut);
  now_ = Clock::now();
  activity_->become(Activity::move, CellActivity::kNone, now_);
  for (Outflow& outflow : setup_.outflows) outflow.stage_barrier(n);
  barriers_staged_ = true;
  for (Intake& intake : setup_.intakes) intake.release();
  source_passed_ = false;
  cut_ = n;
  setup_.cuts->took(number_, std::move(cut), sealed ? std::nullopt : std::optional(sealed.error()));
  return Did::progress;
}

// Those that have sealed are in `cut`, whatever becomes of it.
Result<void> Cell::seal_stages(std::uint64_t n, CellCut& cut) {
  bool overtaken = std::any_of(setup_.intakes.begin(), setup_.intakes.end(), [](const Intake& intake) { return intake.holds_leftovers(); });
  if (overtaken) return overloaded("what comes after all numbers has overtaken the cut");
  OutputName name = setup_.sealed_as;
  name.n = n;
  name.last = false;
  for (std::size_t i = finishing_; i < setup_.stages.size(); ++i) {
    StageRun& stage = *setup_.stages[i];
    activity_->become(Activity::visit, place_of(stage), now_);
    if (auto sealed = stage.seal(name); !sealed) return stage.named(sealed.error());
    cut.stages.push_back(stage.said());
  }
  return {};
}

void Cell::cut_links(CellCut& cut) const {
  for (std::size_t i = 0; i < setup_.intakes.size(); ++i) {
    if (auto next = setup_.intakes[i].next_number()) cut.links.emplace_back(setup_.intake_links[i], *next);
  }
  for (std::size_t i = 0; i < setup_.outflows.size(); ++i) {
    if (auto next = setup_.outflows[i].next_number()) cut.links.emplace_back(setup_.outflow_links[i], *next);
  }
}

}  // namespace leat
