#include <leat/runtime/blocked.hpp>

#include <array>
#include <cstdio>

namespace leat {
namespace {

// Less, in a whole run, is not worth a thread.
constexpr double kBlocked = 0.25;

std::string seconds_text(double seconds) {
  std::array<char, 32> text;
  std::snprintf(text.data(), text.size(), "%.1f s", seconds);
  return text.data();
}

}  // namespace

std::vector<std::string> blocked_stages(const Progress& progress) {
  std::vector<std::string> sentences;
  for (const StageProgress& stage : progress.stages) {
    if (stage.blocked < kBlocked) continue;
    sentences.push_back("stage " + stage.name + " has waited " + seconds_text(stage.blocked) +
                        " in its own code, and held a thread that others could use: say .blocking() after it in C++, "
                        "blocking = true in its table in TOML");
  }
  return sentences;
}

}  // namespace leat
