#include <leat/app/pace.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <utility>

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

struct Work {
  double done = 0;    // seconds
  double behind = 0;  // of what is on its way
};

// A stage that has ended no visit yet is taken to need as long for a chunk as the others do.
Work work_of(const Progress& progress) {
  Work work;
  double visits = 0;
  for (const StageProgress& stage : progress.stages) {
    work.done += stage.busy;
    visits += static_cast<double>(stage.visits);
  }
  for (const StageProgress& stage : progress.stages) {
    if (stage.chunks_in <= stage.visits) continue;
    auto behind = static_cast<double>(stage.chunks_in - stage.visits);
    double each = stage.visits > 0 ? stage.busy / static_cast<double>(stage.visits) : work.done / std::max(visits, 1.0);
    work.behind += behind * each;
  }
  return work;
}

// Of what was given, the part that is worked off.
double worked_off(const Progress& progress) {
  Work work = work_of(progress);
  return work.done + work.behind > 0 ? work.done / (work.done + work.behind) : 1;
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

// Done of each: what every source has given, and what stages say of their own work.
std::map<std::string, double> parts(const Progress& progress) {
  std::map<std::string, double> all;
  auto add = [&all](std::string name, std::uint64_t done, std::uint64_t of) {
    if (of > 0) all[std::move(name)] = std::min(1.0, static_cast<double>(done) / static_cast<double>(of));
  };
  for (const StageProgress& stage : progress.stages) {
    add("reading of " + stage.name, stage.read, stage.to_read);
    add("work of " + stage.name, stage.work_done, stage.work);
  }
  return all;
}

// Of a source, what it reads to learn how its data looks: before that it has not begun.
constexpr double kBegun = 0.01;
// What is left may go faster than what was done, by this part of it, and slower: caches fill.
constexpr double kFaster = 0.2;
constexpr double kSlower = 0.5;
// What the end may take, writing and committing, of the time until then.
constexpr double kEnd = 0.15;

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
  Pace pace;
  pace.look(progress);
  return pace.left();
}

void Pace::look(const Progress& progress) {
  Look now{progress.seconds, static_cast<double>(progress.rows), work_of(progress).behind, worked_off(progress),
           parts(progress)};
  for (const auto& [part, done] : now.parts) {
    if (done < kBegun) began_[part] = {now.seconds, done};
    began_.try_emplace(part, Start{looks_.empty() ? 0 : looks_.back().seconds, 0});
  }
  looks_.push_back(std::move(now));
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

std::optional<TimeLeft> Pace::left_of(const std::string& part, double done) const {
  const Look& now = looks_.back();
  const Start& began = began_.at(part);
  double life = now.seconds - began.seconds;
  if (done < kBegun || life <= 0) return std::nullopt;
  double in_all = life * (1 - done) / (done - began.done);
  TimeLeft left{in_all, in_all};
  double since = now.seconds - std::min(kOver, life / 2);
  auto then = std::find_if(looks_.rbegin(), looks_.rend(), [since](const Look& look) { return look.seconds <= since; });
  if (then != looks_.rend() && then->parts.count(part) > 0) {
    double of_late = done - then->parts.at(part);
    if (of_late <= 0) return std::nullopt;
    double late = (now.seconds - then->seconds) * (1 - done) / of_late;
    left = {std::min(in_all, late), std::max(in_all, late)};
  }
  return TimeLeft{left.least * (1 - kFaster), left.most * (1 + kSlower)};
}

std::optional<TimeLeft> Pace::left() const {
  if (looks_.empty() || looks_.back().parts.empty()) return std::nullopt;
  const Look& now = looks_.back();
  TimeLeft slowest;
  bool read = true;
  for (const auto& [part, done] : now.parts) {
    if (done >= 1) continue;
    read = false;
    auto left = left_of(part, done);
    if (!left) return std::nullopt;
    slowest = {std::max(slowest.least, left->least), std::max(slowest.most, left->most)};
  }
  if (read) slowest.most = (1 + kSlower) * now.seconds * (1 - now.worked_off) / std::max(now.worked_off, kBegun);
  return TimeLeft{slowest.least, slowest.most + now.behind + kEnd * now.seconds};
}

}  // namespace leat
