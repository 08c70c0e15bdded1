#include <leat/cluster/job_cuts.hpp>

#include <utility>

namespace leat {

void ClusterCuts::take(std::uint64_t n, std::vector<Sent>& out) {
  if (under_way() || n <= latest_) return;
  n_ = latest_ = n;
  whole_ = {job_, n, false, {}, {}, {}, {}};
  for (const JobPart& part : parts_) {
    if (part.takes_part) awaited_.insert(parts_.number_of(part));
  }
  parts_.send_all(control::TakeCut{job_, n}, out);
}

std::optional<control::CutTaken> ClusterCuts::taken(const JobPart& part, const control::CutTaken& said) {
  if (said.n != n_ || awaited_.erase(parts_.number_of(part)) == 0) return std::nullopt;
  whole_.parts.insert(whole_.parts.end(), said.parts.begin(), said.parts.end());
  whole_.sealed.insert(whole_.sealed.end(), said.sealed.begin(), said.sealed.end());
  if (whole_.refused.empty() && !said.refused.empty()) whole_.refused = said.refused + " (on node " + part.member.joined.node.name + ")";
  if (!awaited_.empty()) return std::nullopt;
  return std::exchange(whole_, {});
}

void ClusterCuts::over(const control::CutOver& said, std::vector<Sent>& out) {
  if (said.n != n_ || !awaited_.empty()) return;
  n_ = 0;
  parts_.send_all(control::CutOver{job_, said.n, said.refused}, out);
}

}  // namespace leat
