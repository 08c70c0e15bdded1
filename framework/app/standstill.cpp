#include <leat/app/standstill.hpp>

#include <algorithm>

namespace leat {

std::optional<std::string> Standstill::look(const Progress& progress) {
  std::uint64_t moved = 0;
  const StageProgress* longest = nullptr;
  for (const StageProgress& stage : progress.stages) {
    moved += stage.visits + stage.chunks_out;
    if (stage.later > 0 && (!longest || stage.later > longest->later)) longest = &stage;
  }
  if (moved != moved_) {
    moved_ = moved;
    since_ = progress.seconds;
    said_ = false;
  }
  double still = progress.seconds - since_;
  if (said_ || !longest || std::min(still, longest->later) < kAfter) return std::nullopt;
  said_ = true;
  return "nothing has moved for " + std::to_string(static_cast<int>(still)) + " s: stage " + longest->name +
         " has answered later and nothing has called it again since: see that its waker is called; Ctrl-C ends the run";
}

}  // namespace leat
