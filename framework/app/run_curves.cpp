#include <leat/app/run_curves.hpp>

namespace leat {

void RunCurves::see(const Progress& progress, std::uint64_t nanoseconds, std::optional<std::uint64_t> memory, bool last) {
  double time = static_cast<double>(nanoseconds / 1'000'000) / 1000;
  // Rates are what they rise by: they begin with nothing.
  if (next_ == 0 && progress.seconds > 0) {
    bytes_.add({time - progress.seconds, 0});
    rows_.add({time - progress.seconds, 0});
  }
  if (time < next_ && !last) return;
  next_ = time + kEvery;
  bytes_.add({time, static_cast<double>(progress.bytes)});
  rows_.add({time, static_cast<double>(progress.rows)});
  if (memory) memory_.add({time, static_cast<double>(*memory)});
}

std::vector<NamedCurve> RunCurves::with(const std::vector<NamedCurve>& drawn) const {
  std::vector<NamedCurve> all = drawn;
  all.push_back({"", "bytes", bytes_.samples()});
  all.push_back({"", "rows", rows_.samples()});
  all.push_back({"", "memory", memory_.samples()});
  return all;
}

}  // namespace leat
