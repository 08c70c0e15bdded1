#include <leat/app/pace.hpp>

#include <algorithm>

namespace leat {
namespace {

// Of what the sources give, the part they have given; less than 0 when none knows how much that is.
double given(const Progress& progress) {
  auto part = [](std::uint64_t gone, std::uint64_t all) {
    return std::min(1.0, static_cast<double>(gone) / static_cast<double>(all));
  };
  if (progress.bytes_total > 0) return part(progress.bytes, progress.bytes_total);
  if (progress.rows_total > 0) return part(progress.rows, progress.rows_total);
  return -1;
}

// Of what was given, the part that is worked off. A stage that has ended no visit yet is taken to need as long for a
// chunk as the others do.
double worked_off(const Progress& progress) {
  double busy = 0;
  double visits = 0;
  for (const StageProgress& stage : progress.stages) {
    busy += stage.busy;
    visits += static_cast<double>(stage.visits);
  }
  double left = 0;
  for (const StageProgress& stage : progress.stages) {
    if (stage.chunks_in <= stage.visits) continue;
    auto behind = static_cast<double>(stage.chunks_in - stage.visits);
    left += behind * (stage.visits > 0 ? stage.busy / static_cast<double>(stage.visits) : busy / std::max(visits, 1.0));
  }
  return busy + left > 0 ? busy / (busy + left) : 1;
}

// Of what stages say of their own work, the least part; less than 0 when none says anything.
double own_work(const Progress& progress) {
  double least = -1;
  for (const StageProgress& stage : progress.stages) {
    if (stage.work == 0) continue;
    double part = std::min(1.0, static_cast<double>(stage.work_done) / static_cast<double>(stage.work));
    least = least < 0 ? part : std::min(least, part);
  }
  return least;
}

// Of seconds that a part took, how many the rest takes.
double rest(double seconds, double part, double done) { return seconds * (1 - done) / part; }

}  // namespace

double part_done(const Progress& progress) {
  // What is done at the end, writing and committing, no chunk tells of.
  constexpr double kNotOver = 0.99;
  double gone = given(progress);
  if (gone >= 0) gone *= worked_off(progress);
  double own = own_work(progress);
  if (own >= 0) gone = gone < 0 ? own : std::min(gone, own);
  return gone < 0 ? -1 : std::min(kNotOver, gone);
}

std::optional<TimeLeft> time_left(const Progress& progress) {
  double done = part_done(progress);
  if (done <= 0) return std::nullopt;
  double left = rest(progress.seconds, done, done);
  return TimeLeft{left, left};
}

void Pace::look(const Progress& progress) {
  looks_.push_back({progress.seconds, static_cast<double>(progress.rows), part_done(progress)});
  while (looks_.size() > 2 && looks_.back().seconds - looks_[1].seconds >= kOver) looks_.pop_front();
}

double Pace::rows_per_second() const {
  if (looks_.empty()) return 0;
  const Look& now = looks_.back();
  // From the beginning, where it is no longer ago.
  bool all = now.seconds <= kOver || looks_.size() == 1;
  double seconds = now.seconds - (all ? 0 : looks_.front().seconds);
  return seconds > 0 ? (now.rows - (all ? 0 : looks_.front().rows)) / seconds : 0;
}

std::optional<TimeLeft> Pace::left() const {
  if (looks_.empty() || looks_.back().done <= 0) return std::nullopt;
  const Look& now = looks_.back();
  double in_all = rest(now.seconds, now.done, now.done);
  const Look& then = looks_.front();
  double of_late = now.done - std::max(0.0, then.done);
  if (now.seconds <= kOver || looks_.size() == 1) return TimeLeft{in_all, in_all};
  if (of_late <= 0) return std::nullopt;
  double late = rest(now.seconds - then.seconds, of_late, now.done);
  return TimeLeft{std::min(in_all, late), std::max(in_all, late)};
}

}  // namespace leat
